/**
 * How much of something may still happen within the hour (MP2P/1 §1.3 STOCK_INTERVAL). A clock that jumps ends the
 * hour.
 */
const STOCK_INTERVAL_MS = 3_600_000;

export class HourlyLimit {
  #most;
  /** @type {{ atMs: number, count: number }[]} */
  #spent = [];

  /** @param {number} most */
  constructor(most) {
    this.#most = most;
  }

  /** @param {number} nowMs */
  left(nowMs) {
    this.#spent = this.#spent.filter(({ atMs }) => Math.abs(nowMs - atMs) < STOCK_INTERVAL_MS);
    return this.#spent.reduce((left, { count }) => left - count, this.#most);
  }

  /** @param {number} count @param {number} atMs */
  spend(count, atMs) {
    this.#spent.push({ atMs, count });
  }
}
