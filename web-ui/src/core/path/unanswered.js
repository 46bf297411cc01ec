/**
 * What was handed to a path and has no answer yet, for as long as one may count. The envelopes themselves lie in the
 * outbox: what is released here goes by the next path all the same.
 */
const ANSWER_MS = 30_000; // far beyond PATH_TIMEOUT, after which another path has taken it

/**
 * @template K
 * @template T
 */
export class Unanswered {
  #environment;
  /** @type {Map<K, { sent: T, atMs: number }>} oldest first */
  #sent = new Map();
  /** @type {(() => void) | null} */
  #cancelTimer = null;

  /** @param {import('../environment.js').Environment} environment */
  constructor(environment) {
    this.#environment = environment;
  }

  get size() {
    return this.#sent.size;
  }

  /**
   * @param {K} key
   * @param {T} sent
   */
  add(key, sent) {
    this.#sent.delete(key);
    this.#sent.set(key, { sent, atMs: this.#environment.elapsed() });
    this.#releaseLater();
  }

  /** @param {K} key */
  get(key) {
    return this.#sent.get(key)?.sent;
  }

  /**
   * @param {K} key
   * @returns {T | undefined}
   */
  take(key) {
    const sent = this.get(key);
    this.#sent.delete(key);
    return sent;
  }

  /** The path has ended: nothing of it is answered any more. */
  takeAll() {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    const all = [...this.#sent.values()].map(({ sent }) => sent);
    this.#sent.clear();
    return all;
  }

  #releaseLater() {
    this.#cancelTimer ??= this.#environment.after(() => {
      this.#cancelTimer = null;
      this.#release();
    }, ANSWER_MS);
  }

  #release() {
    const before = this.#environment.elapsed() - ANSWER_MS;
    for (const [key, { atMs }] of this.#sent) {
      if (atMs > before) break;
      this.#sent.delete(key);
    }
    if (this.#sent.size > 0) this.#releaseLater();
  }
}
