/**
 * When a direct channel is tried again (MP2P/1 §6.2): after 30 s, ×2 up to 30 min; one that was good for a while is
 * reopened at once.
 */
const FIRST_MS = 30_000;
const MAX_MS = 1_800_000;
const REOPEN_MS = 1000;
const STABLE_MS = 10_000;

export class Retries {
  #environment;
  /** @type {Map<string, { failures: number, cancelTimer: (() => void) | null }>} */
  #retries = new Map();

  /** @param {import('../environment.js').Environment} environment */
  constructor(environment) {
    this.#environment = environment;
  }

  /** @param {string} lane */
  isWaiting(lane) {
    return Boolean(this.#retries.get(lane)?.cancelTimer);
  }

  /**
   * @param {string} lane
   * @param {number | null} openedMs when, by `elapsed`, the channel that ended had opened; null: never
   * @param {() => void} tryAgain
   */
  later(lane, openedMs, tryAgain) {
    const stable = openedMs !== null && this.#environment.elapsed() - openedMs >= STABLE_MS;
    const failures = stable ? 0 : (this.#retries.get(lane)?.failures ?? 0);
    this.forget(lane);
    /** @type {{ failures: number, cancelTimer: (() => void) | null }} */
    const retry = { failures: stable ? 0 : failures + 1, cancelTimer: null };
    retry.cancelTimer = this.#environment.after(
      () => {
        retry.cancelTimer = null;
        tryAgain();
      },
      stable ? REOPEN_MS : Math.min(MAX_MS, FIRST_MS * 2 ** failures),
    );
    this.#retries.set(lane, retry);
  }

  /** @param {string} lane */
  forget(lane) {
    this.#retries.get(lane)?.cancelTimer?.();
    this.#retries.delete(lane);
  }

  forgetAll() {
    for (const lane of [...this.#retries.keys()]) this.forget(lane);
  }
}
