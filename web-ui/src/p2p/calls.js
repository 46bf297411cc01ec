import { Call } from './call.js';
import { HandOver } from './hand-over.js';

/** @import { CoreClient } from '../lib/rpc.js' */
/** @import { CoreNotices, Id } from '../core/protocol.js' */

/** The peer connections of this window: they live here because a worker has none. */
export class Calls {
  #core;
  #handOver;
  /** @type {Map<Id, Call>} */
  #open = new Map();

  /** @param {CoreClient} core */
  constructor(core) {
    this.#core = core;
    this.#handOver = new HandOver(core);
  }

  begin() {
    const core = this.#core;
    core.on('rtcOpen', (wanted) => this.#start(wanted));
    core.on('rtcAnswer', ({ call, sdp }) => this.#open.get(call)?.answer(sdp));
    core.on('rtcRemoteCandidates', ({ call, candidates }) => this.#open.get(call)?.addCandidates(candidates));
    core.on('rtcClose', ({ call }) => this.#close(call));
    core.on('session', ({ phase }) => phase !== 'ready' && this.#closeAll());
    core.call('rtcAvailable', { available: typeof RTCPeerConnection === 'function' }).catch(() => {});
    // The other side notices a closed channel at once, a vanished page only after seconds.
    addEventListener('pagehide', () => this.#closeAll());
  }

  /** @param {CoreNotices['rtcOpen']} wanted */
  #start(wanted) {
    try {
      const call = this.#open.get(wanted.call) ?? new Call(this.#core, this.#handOver, wanted);
      this.#open.set(wanted.call, call);
      call.negotiate(wanted);
    } catch (error) {
      // Refused by the browser, for instance for an ICE server it does not understand.
      console.warn('no WebRTC connection:', error instanceof DOMException ? error.name : 'refused');
      this.#core.call('rtcState', { call: wanted.call, state: 'failed' }).catch(() => {});
    }
  }

  /** @param {Id} id */
  #close(id) {
    this.#open.get(id)?.close();
    this.#open.delete(id);
  }

  #closeAll() {
    for (const id of [...this.#open.keys()]) this.#close(id);
  }
}
