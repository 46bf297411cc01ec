import { faultOf } from '../lib/rpc.js';
import { signal } from '../lib/signal.js';

/** @import { CoreClient } from '../lib/rpc.js' */
/** @import { Fault } from '../core/protocol.js' */

/** Failures that belong to nothing on the screen: shown until they are dismissed, each kind once. */
export class FaultsState {
  /** @type {import('../lib/signal.js').Signal<Fault[]>} */
  faults = signal([]);

  /** @param {CoreClient} core */
  constructor(core) {
    core.on('fault', (fault) => this.add(fault));
  }

  /** @param {Fault} fault */
  add(fault) {
    this.faults.value = [...this.faults.peek().filter(({ code }) => code !== fault.code), fault];
  }

  /** For a rejected command. @param {unknown} error */
  report = (error) => {
    const fault = faultOf(error);
    this.add(fault);
    return fault;
  };

  /** @param {Fault['code']} code */
  dismiss(code) {
    this.faults.value = this.faults.peek().filter((fault) => fault.code !== code);
  }
}

export { faultOf } from '../lib/rpc.js';
