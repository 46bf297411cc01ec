/**
 * The wait for the acknowledgement of one envelope on a live path (ADR 43). It begins anew as long as the envelope
 * comes forward: while what is in front of it leaves this device's own queue, and when one that was sent before it is
 * acknowledged.
 *
 * @typedef {object} Queue of what carries a path, in bytes
 * @property {number} put handed over so far
 * @property {number} left how much of that has left this device
 */
const LONGEST_MS = 20_000; // however slowly it comes forward

export class AckWait {
  #environment;
  #path;
  #onOverdue;
  #begunMs;
  /** When it came forward last. */
  #movedMs;
  /** Where its bytes begin and end among those that are handed over. */
  #from;
  #to;
  /** What had left when that was looked at last. */
  #left;
  /** @type {() => void} */
  #cancelTimer = () => {};

  /**
   * Of an envelope that is about to be handed over.
   *
   * @param {import('../environment.js').Environment} environment
   * @param {{ limitMs: () => number, queue: () => Queue }} path `limitMs`: what an acknowledgement takes at most
   * @param {number} size of the envelope
   * @param {(waitedMs: number) => void} onOverdue the time for which nothing came forward
   */
  constructor(environment, path, size, onOverdue) {
    this.#environment = environment;
    this.#path = path;
    this.#onOverdue = onOverdue;
    const { put, left } = path.queue();
    this.#from = put;
    this.#to = put + size;
    this.#left = left;
    this.#begunMs = this.#movedMs = environment.elapsed();
    this.#wait(path.limitMs());
  }

  /** One that went before it was acknowledged. */
  renew() {
    this.#movedMs = this.#environment.elapsed();
  }

  cancel() {
    this.#cancelTimer();
  }

  /** @param {number} ms */
  #wait(ms) {
    this.#cancelTimer = this.#environment.after(() => this.#look(), Math.ceil(ms));
  }

  #look() {
    const nowMs = this.#environment.elapsed();
    if (this.#cameForward() && nowMs - this.#begunMs < LONGEST_MS) this.#movedMs = nowMs;
    const waitedMs = nowMs - this.#movedMs;
    const restMs = Math.min(this.#path.limitMs() - waitedMs, this.#begunMs + LONGEST_MS - nowMs);
    if (restMs > 0) this.#wait(restMs);
    else this.#onOverdue(waitedMs);
  }

  #cameForward() {
    const { left } = this.#path.queue();
    const wasQueued = this.#left < this.#from || left < this.#to;
    const moved = wasQueued && left > this.#left;
    this.#left = left;
    return moved;
  }
}
