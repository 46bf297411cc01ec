/**
 * The window's end of the line to the core worker: commands with an answer each, and notices that come unasked
 * (src/core/protocol.d.ts).
 * @import { CoreApi, CoreNotices, Fault, Notice, Response } from '../core/protocol.js'
 */

/** What a command is answered with when it could not be done: `code` names the sentence to show. */
export class CoreFault extends Error {
  /** @param {Fault} fault */
  constructor(fault) {
    super(fault.code);
    this.name = 'CoreFault';
    this.fault = fault;
  }
}

/**
 * The part of a Worker or MessagePort that is used here.
 * @typedef {object} Port
 * @property {(message: any, transfer: Transferable[]) => void} postMessage
 * @property {(type: string, listener: (event: any) => void) => void} addEventListener
 */

export class CoreClient {
  /** @type {Port | null} */
  #port = null;
  /** What was said before there was a worker. @type {[message: unknown, transfer: Transferable[]][]} */
  #early = [];
  #lastId = 0;
  #broken = false;
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
  #waiting = new Map();
  /** @type {Map<string, Set<(data: any) => void>>} */
  #listeners = new Map();

  /** @param {Port} port */
  connect(port) {
    this.#port = port;
    for (const [message, transfer] of this.#early.splice(0)) port.postMessage(message, transfer);
    port.addEventListener('message', ({ data }) => this.#receive(data));
    port.addEventListener('error', () => this.#break());
    port.addEventListener('messageerror', () => this.#break());
  }

  /**
   * @template {keyof CoreApi} M
   * @param {M} method
   * @param {Parameters<CoreApi[M]>[0]} params
   * @param {Transferable[]} [transfer]
   * @returns {Promise<ReturnType<CoreApi[M]>>} rejects with CoreFault, or DataCloneError for what is not transferred
   */
  call(method, params, transfer = []) {
    if (this.#broken) return Promise.reject(new CoreFault({ code: 'defect' }));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      if (this.#port) this.#port.postMessage({ id, method, params }, transfer);
      else this.#early.push([{ id, method, params }, transfer]);
      this.#waiting.set(id, { resolve, reject });
    });
  }

  /**
   * @template {keyof CoreNotices} N
   * @param {N} notice
   * @param {(data: CoreNotices[N]) => void} listener
   */
  on(notice, listener) {
    const listeners = this.#listeners.get(notice) ?? new Set();
    this.#listeners.set(notice, listeners.add(listener));
  }

  /** @param {Response | Notice} message */
  #receive(message) {
    if ('notice' in message) {
      for (const listener of this.#listeners.get(message.notice) ?? []) listener(message.data);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ('fault' in message) waiting?.reject(new CoreFault(message.fault));
    else waiting?.resolve(message.result);
  }

  /** The worker could not be loaded, or died: nothing that was asked will be answered. */
  #break() {
    if (this.#broken) return;
    this.#broken = true;
    for (const { reject } of this.#waiting.values()) reject(new CoreFault({ code: 'defect' }));
    this.#waiting.clear();
    for (const listener of this.#listeners.get('fault') ?? []) listener({ code: 'defect' });
  }
}

/**
 * Runs a command whose failure is told as a notice-like fault instead of an exception.
 * @param {unknown} error
 * @returns {Fault}
 */
export function faultOf(error) {
  if (error instanceof CoreFault) return error.fault;
  console.error(error);
  return { code: 'defect' };
}
