import { faultOf } from '../lib/rpc.js';
import { signal } from '../lib/signal.js';

/** @import { CoreClient } from '../lib/rpc.js' */

/** How many envelopes expired on the server while this device was away, as far as the user has not dismissed them. */
export class ExpiredState {
  /** @type {import('../lib/signal.js').Signal<number>} */
  count = signal(0);
  #core;

  /** @param {CoreClient} core */
  constructor(core) {
    this.#core = core;
    core.on('expired', ({ count }) => {
      this.count.value = count;
    });
  }

  /** What was on the screen has been read. */
  dismiss() {
    const count = this.count.peek();
    this.#core.call('dismissExpired', { count }).catch(faultOf); // it stays, and can be dismissed again
  }

  /** The core tells it anew when it is unlocked. */
  clear() {
    this.count.value = 0;
  }
}
