/**
 * Units of work, one after the other in the one queue (MP2P/1 §11.1 item 3): load, compute, commit, then effects.
 *
 * @typedef {import('./engine-contract.js').Database} Database
 * @typedef {import('./engine-contract.js').Queue} Queue
 */
import { CoreFault } from './fault.js';
import { Scratch } from './scratch.js';

/** The engine was stopped; nothing was written. To the window that is a tab that no longer leads. */
export class StoppedError extends CoreFault {
  constructor() {
    super('elsewhere');
    this.name = 'StoppedError';
  }
}

export class Transactions {
  #database;
  #queue;
  #onFault;
  #stopped = false;

  /**
   * @param {Database} database
   * @param {Queue} queue
   * @param {(error: unknown) => void} onFault what went wrong in a unit of work that nobody waits for, or after one was
   *   on disk
   */
  constructor(database, queue, onFault) {
    this.#database = database;
    this.#queue = queue;
    this.#onFault = onFault;
  }

  /**
   * Runs `work` on a scratch copy and commits it; if it throws, nothing is written. Never call it from inside
   * another unit of work: the queue would wait for itself.
   *
   * @template T
   * @param {(scratch: Scratch) => T | Promise<T>} work
   * @returns {Promise<T>}
   */
  run(work) {
    return this.#queue.run(async () => {
      if (this.#stopped) throw new StoppedError();
      const scratch = new Scratch(this.#database);
      const result = await work(scratch);
      if (this.#stopped) throw new StoppedError();
      await scratch.commit(this.#onFault);
      return result;
    });
  }

  /**
   * A unit of work that nobody waits for: what goes wrong is told, and whoever wants it again says so.
   *
   * @param {(scratch: Scratch) => void | Promise<void>} work
   * @returns {Promise<boolean>} whether it is on disk; never rejects
   */
  async runAlone(work) {
    try {
      await this.run(work);
      return true;
    } catch (error) {
      if (!(error instanceof StoppedError)) this.#onFault(error);
      return false;
    }
  }

  /** After this resolves no unit of work is running and none will start. */
  async stop() {
    this.#stopped = true;
    await this.#queue.run(() => {});
  }
}
