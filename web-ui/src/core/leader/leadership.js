/**
 * Which tab leads: the holder of one exclusive Web Lock. It alone opens the database (MP2P/1 §11.1 item 1).
 *
 * The lock is named `mp2p-core`, without the account id of §11.1: a browser profile holds one account, and which
 * one stands in the database that only the leader may open. A lock per account would need a first lock to learn
 * the account.
 *
 * Losing the lock is noticed at once by a running tab. A suspended tab learns of it by the fence: storage.js lets
 * no write of an older generation through.
 */
export const LOCK_NAME = 'mp2p-core';

export class Leadership {
  #locks;
  #onGained;
  #onLost;
  /** Ends the hold. @type {(() => void) | null} */
  #release = null;
  /** Ends the wait in the queue of the lock. @type {AbortController | null} */
  #waiting = null;

  /**
   * @param {{ onGained: () => void, onLost: () => void, locks?: LockManager }} options `onGained`: `wait` came to
   *   an end, the tab that led is gone; `onLost`: another tab took over
   */
  constructor({ onGained, onLost, locks = navigator.locks }) {
    this.#onGained = onGained;
    this.#onLost = onLost;
    this.#locks = locks;
  }

  get held() {
    return this.#release !== null;
  }

  /** Takes the lock if it is free. @returns {Promise<boolean>} whether this tab leads */
  async tryNow() {
    return this.held || this.#request({ ifAvailable: true });
  }

  /** Takes the lock from whoever has it. @returns {Promise<void>} */
  async takeOver() {
    if (this.held) return;
    this.#stopWaiting();
    await this.#request({ steal: true });
  }

  /** Stands in line until the leading tab is gone. */
  wait() {
    if (this.held || this.#waiting) return;
    const waiting = new AbortController();
    this.#waiting = waiting;
    this.#request({ signal: waiting.signal }).then(
      () => {
        this.#waiting = null;
        this.#onGained();
      },
      () => {}, // stopped waiting
    );
  }

  #stopWaiting() {
    this.#waiting?.abort();
    this.#waiting = null;
  }

  /**
   * @param {LockOptions} options
   * @returns {Promise<boolean>}
   */
  #request(options) {
    return new Promise((resolve, reject) => {
      let mine = false;
      this.#locks
        .request(LOCK_NAME, options, (lock) => {
          mine = lock !== null;
          resolve(mine);
          // The lock is held until this promise settles.
          return mine && new Promise((release) => this.#hold(() => release(undefined)));
        })
        .catch((error) => {
          if (mine) this.#lose();
          else reject(error);
        });
    });
  }

  /** @param {() => void} release */
  #hold(release) {
    this.#release = release;
  }

  #lose() {
    this.#release = null;
    this.#onLost();
  }
}
