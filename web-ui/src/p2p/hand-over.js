import { bridged } from './bridge.js';

/** @import { CoreClient } from '../lib/rpc.js' */
/** @import { Id } from '../core/protocol.js' */

/**
 * Hands data channels to the worker. A browser that hands none over says so at the first one, and keeps it whole: this
 * one and all later ones stay in the window then, bridged.
 */
export class HandOver {
  #core;
  #stay = false;

  /** @param {CoreClient} core */
  constructor(core) {
    this.#core = core;
  }

  /**
   * In the task that made the channel: later a browser refuses, and a message could have arrived here.
   * @param {Id} call
   * @param {RTCDataChannel} channel
   */
  async give(call, channel) {
    if (!this.#stay) {
      try {
        return await this.#post(call, channel);
      } catch (error) {
        if (!(error instanceof DOMException && error.name === 'DataCloneError')) throw error;
        this.#stay = true;
      }
    }
    await this.#post(call, bridged(channel));
  }

  /**
   * @param {Id} call
   * @param {RTCDataChannel | MessagePort} channel
   */
  #post(call, channel) {
    const transfer = [/** @type {Transferable} */ (/** @type {unknown} */ (channel))];
    return this.#core.call('rtcChannel', { call, channel }, transfer);
  }
}
