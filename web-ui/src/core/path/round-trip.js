/**
 * How long a path may take to acknowledge an envelope, by how long it took for others: RFC 6298 §2 and §3, with
 * envelopes in place of segments (ADR 43). One at a time is measured, which waited behind nothing in this device's own
 * queue and was given to the path once (Karn's rule).
 */
const FIRST_MS = 1500; // nothing was acknowledged here yet
const LEAST_MS = 1000; // RFC 6298 §2.4: a radio that sleeps, or a busy disk, is no broken path
const MOST_MS = 1500; // of a path whose usual time is below LEAST_MS, however much it varies
const PATH_TIMEOUT_MS = 2000; // of any other
const SPREAD_MS = 250; // the least that is added to the usual time: a commit takes longer now and then
const STALE_MS = 30_000; // an acknowledgement counts no longer than this (unanswered.js)

/** @template K what names an envelope */
export class RoundTrip {
  #environment;
  /** @type {number | null} null: not measured yet */
  #smoothedMs = null;
  #variationMs = 0;
  /** @type {{ key: K, atMs: number } | null} */
  #measured = null;

  /** @param {import('../environment.js').Environment} environment */
  constructor(environment) {
    this.#environment = environment;
  }

  /** What an acknowledgement takes at most, as far as is known. */
  get limitMs() {
    if (this.#smoothedMs === null) return FIRST_MS;
    const expectedMs = this.#smoothedMs + Math.max(SPREAD_MS, 4 * this.#variationMs);
    const mostMs = this.#smoothedMs > LEAST_MS ? PATH_TIMEOUT_MS : MOST_MS;
    return Math.min(mostMs, Math.max(LEAST_MS, expectedMs));
  }

  /**
   * @param {K} key
   * @param {boolean} isUnclear what its acknowledgement will say: it waits behind others that have not left this device,
   *   or went here before
   */
  sent(key, isUnclear) {
    const nowMs = this.#environment.elapsed();
    if (this.#measured?.key === key || (this.#measured && nowMs - this.#measured.atMs > STALE_MS))
      this.#measured = null; // of one that was sent twice nobody knows which is acknowledged
    else if (!this.#measured && !isUnclear) this.#measured = { key, atMs: nowMs };
  }

  /** @param {K} key */
  acknowledged(key) {
    if (this.#measured?.key !== key) return;
    const tookMs = this.#environment.elapsed() - this.#measured.atMs;
    this.#measured = null;
    if (this.#smoothedMs === null) {
      this.#smoothedMs = tookMs;
      this.#variationMs = tookMs / 2;
      return;
    }
    this.#variationMs += (Math.abs(this.#smoothedMs - tookMs) - this.#variationMs) / 4;
    this.#smoothedMs += (tookMs - this.#smoothedMs) / 8;
  }
}
