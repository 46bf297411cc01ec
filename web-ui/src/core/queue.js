/** @typedef {import('./engine-contract.js').Queue} QueueContract */

/**
 * One promise queue for everything that touches sessions (MP2P/1 §11.1 item 3): load, compute, put and wait for
 * `complete` as one step. Two sends that start from one committed state would use the same message key.
 *
 * @implements {QueueContract}
 */
export class Queue {
  /** @type {Promise<unknown>} */
  #tail = Promise.resolve();

  /**
   * @template T
   * @param {() => T | Promise<T>} task
   * @returns {Promise<T>}
   */
  run(task) {
    const result = this.#tail.then(task);
    this.#tail = result.catch(() => {}); // a failed task is its caller's matter, the next one still runs
    return result;
  }
}
