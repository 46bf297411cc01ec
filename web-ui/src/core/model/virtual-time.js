const START = Date.UTC(2026, 0, 5);

/**
 * Time for model tests: timers fire when nothing else is left to do, in their order, without waiting.
 */
export class VirtualTime {
  #now = START;
  #last = 0;
  /** @type {Map<number, { at: number, task: () => void }>} */
  #timers = new Map();

  now() {
    return this.#now;
  }

  /** What no clock changes. */
  elapsed() {
    return this.#now - START;
  }

  /**
   * @param {() => void} task
   * @param {number} ms
   */
  after(task, ms) {
    const id = ++this.#last;
    this.#timers.set(id, { at: this.#now + Math.max(0, Math.ceil(ms)), task });
    return () => void this.#timers.delete(id);
  }

  /** @param {number} ms */
  sleep(ms) {
    return new Promise((resolve) => this.after(() => resolve(undefined), ms));
  }

  /**
   * Lets everything happen that is due within `ms`.
   *
   * @param {number} ms
   */
  async run(ms) {
    const end = this.#now + Math.ceil(ms);
    for (;;) {
      await settle();
      const next = this.#earliest();
      if (!next || next.at > end) break;
      this.#timers.delete(next.id);
      this.#now = Math.max(this.#now, next.at);
      next.task();
    }
    this.#now = end;
  }

  /**
   * Lets time pass until the condition holds.
   *
   * @param {() => boolean | Promise<boolean>} condition
   * @param {string} what for the failure
   * @param {number} [limitMs]
   */
  async until(condition, what, limitMs = 120_000) {
    const end = this.#now + limitMs;
    for (;;) {
      await settle();
      if (await condition()) return;
      const next = this.#earliest();
      if (!next || next.at > end) throw new Error(`not within ${limitMs} ms: ${what}`);
      this.#timers.delete(next.id);
      this.#now = Math.max(this.#now, next.at);
      next.task();
    }
  }

  #earliest() {
    /** @type {{ id: number, at: number, task: () => void } | null} */
    let earliest = null;
    for (const [id, timer] of this.#timers)
      if (!earliest || timer.at < earliest.at) earliest = { id, ...timer };
    return earliest;
  }
}

/** All promises that can go on without a timer have gone on. */
const settle = () => new Promise((resolve) => setImmediate(resolve));
