/**
 * Devices whose mailbox is full for now (MP2P/1 §6.3): each is tried again after FULL_FIRST, doubling to FULL_MAX, or
 * when anything arrives from it, for then it has collected. One item tries for all that wait.
 *
 * @typedef {{ account: Uint8Array, failures: number, nextTryMs: number, cancelTimer: (() => void) | null,
 *   trying: boolean }} Full
 */
import { laneOf } from './outbox.js';

const FULL_FIRST_MS = 5000;
const FULL_MAX_MS = 900_000;

export class FullMailboxes {
  #environment;
  #resume;
  /** By device, from the first refusal until something is stored. @type {Map<string, Full>} */
  #full = new Map();

  /**
   * @param {import('../environment.js').Environment} environment
   * @param {(account: Uint8Array) => void} resume what waits for this account may be tried
   */
  constructor(environment, resume) {
    this.#environment = environment;
    this.#resume = resume;
  }

  /**
   * @param {Uint8Array} account
   * @param {number} device
   */
  isWaiting(account, device) {
    const full = this.#full.get(laneOf(account, device));
    return full !== undefined && (full.cancelTimer !== null || full.trying);
  }

  /**
   * An item to it is on its way, and finds out whether there is room.
   *
   * @param {Uint8Array} account
   * @param {number} device
   */
  tries(account, device) {
    const full = this.#full.get(laneOf(account, device));
    if (full) full.trying = true;
  }

  /**
   * The request got no answer, so nothing was found out.
   *
   * @param {Uint8Array} account
   * @param {number} device
   */
  unanswered(account, device) {
    const full = this.#full.get(laneOf(account, device));
    if (full) full.trying = false;
  }

  /**
   * @param {Uint8Array} account
   * @param {number} device
   */
  refused(account, device) {
    const lane = laneOf(account, device);
    const none = { account, failures: 0, nextTryMs: 0, cancelTimer: null, trying: false };
    const full = this.#full.get(lane) ?? none;
    this.#full.set(lane, full);
    full.trying = false;
    if (full.cancelTimer) return; // the same request had more for it
    const wait = Math.min(FULL_MAX_MS, FULL_FIRST_MS * 2 ** full.failures);
    full.failures += 1;
    full.nextTryMs = this.#environment.now() + wait;
    full.cancelTimer = this.#environment.after(() => {
      full.cancelTimer = null;
      this.#resume(account);
    }, wait);
  }

  /**
   * It has room again.
   *
   * @param {Uint8Array} account
   * @param {number} device
   * @returns {boolean} whether it was full
   */
  hasRoom(account, device) {
    const full = this.#full.get(laneOf(account, device));
    full?.cancelTimer?.();
    return this.#full.delete(laneOf(account, device));
  }

  /**
   * @param {Uint8Array} account
   * @param {readonly number[]} devices all of its list
   * @returns {number} when one of them is tried next; 0 unless all are full, for else its messages are on their way
   */
  nextTryMs(account, devices) {
    const all = devices.map((device) => this.#full.get(laneOf(account, device))?.nextTryMs ?? 0);
    return all.length > 0 ? Math.min(...all) : 0;
  }

  /** The user does not want to wait: begins anew. */
  retryNow() {
    const waiting = [...this.#full.values()].filter(({ cancelTimer }) => cancelTimer);
    for (const full of waiting) {
      full.cancelTimer?.();
      full.cancelTimer = null;
      full.failures = 0;
    }
    for (const { account } of waiting) this.#resume(account);
  }

  stop() {
    for (const full of this.#full.values()) full.cancelTimer?.();
  }
}
