import { CandidateBatches } from './candidates.js';
import { goesThroughTurn } from './route.js';

/** @import { CoreClient } from '../lib/rpc.js' */
/** @import { CoreNotices, IceCandidate, Id } from '../core/protocol.js' */

const LABEL = 'mp2p/1';

/**
 * One RTCPeerConnection, driven by the worker: it decides when to offer and to whom, and what is said travels inside
 * the ratchet (MP2P/1 §6.2). The data channel is handed to the worker in the task that makes it: later a browser
 * refuses, and a message could have arrived here.
 */
export class Call {
  #core;
  #call;
  #offerer;
  #peer;
  /** @type {CandidateBatches | null} */
  #batches = null;
  /** Steps of the negotiation in the order they came: each waits for the one before. */
  #steps = Promise.resolve();
  #closed = false;

  /**
   * @param {CoreClient} core
   * @param {CoreNotices['rtcOpen']} wanted
   */
  constructor(core, { call, offerer, iceServers, relayOnly }) {
    this.#core = core;
    this.#call = call;
    this.#offerer = offerer;
    this.#peer = new RTCPeerConnection({ iceServers, iceTransportPolicy: relayOnly ? 'relay' : 'all' });
    this.#peer.addEventListener(
      'icecandidate',
      ({ candidate }) => candidate && this.#batches?.add(candidate),
    );
    this.#peer.addEventListener('icegatheringstatechange', () => {
      if (this.#peer.iceGatheringState === 'complete') this.#batches?.end();
    });
    this.#peer.addEventListener('connectionstatechange', () => this.#tellState());
    this.#peer.addEventListener('datachannel', ({ channel }) => this.#handOver(channel));
    if (offerer) this.#handOver(this.#peer.createDataChannel(LABEL, { ordered: true }));
  }

  /** A first negotiation, or a restart of ICE under the same call. @param {string | undefined} offerSdp */
  negotiate(offerSdp) {
    this.#step(async () => {
      this.#batches?.drop();
      this.#batches = new CandidateBatches((candidates) => {
        this.#core.call('rtcCandidates', { call: this.#call, candidates }).catch(() => this.close());
      });
      if (this.#offerer && this.#peer.remoteDescription) this.#peer.restartIce();
      if (!this.#offerer) await this.#peer.setRemoteDescription({ type: 'offer', sdp: offerSdp ?? '' });
      await this.#peer.setLocalDescription();
      const description = this.#peer.localDescription;
      if (!description) return;
      const kind = this.#offerer ? 'offer' : 'answer';
      await this.#core.call('rtcDescription', { call: this.#call, kind, sdp: description.sdp });
    });
  }

  /** @param {string} sdp */
  answer(sdp) {
    this.#step(() => this.#peer.setRemoteDescription({ type: 'answer', sdp }));
  }

  /** @param {IceCandidate[]} candidates */
  addCandidates(candidates) {
    this.#step(async () => {
      for (const candidate of candidates) {
        // One that this browser does not understand, or of before a restart, is no reason to end the call.
        await this.#peer.addIceCandidate(candidate).catch(() => {});
      }
    });
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#batches?.drop();
    this.#peer.close();
    this.#tell('closed');
  }

  /** What fails ends the call: the worker falls back to the next path and tries again later. @param {() => Promise<void>} step */
  #step(step) {
    this.#steps = this.#steps.then(async () => {
      if (this.#closed) return;
      try {
        await step();
      } catch (error) {
        if (this.#closed) return;
        console.warn(
          'WebRTC negotiation failed:',
          error instanceof DOMException ? error.name : 'unexpected answer',
        );
        this.#tell('failed');
        this.close();
      }
    });
  }

  /** @param {RTCDataChannel} channel */
  #handOver(channel) {
    if (channel.label !== LABEL) {
      channel.close();
      return;
    }
    this.#core
      .call('rtcChannel', { call: this.#call, channel }, [
        /** @type {Transferable} */ (/** @type {unknown} */ (channel)),
      ])
      .catch(() => this.close());
  }

  async #tellState() {
    const state = this.#peer.connectionState;
    if (this.#closed) return;
    if (state === 'disconnected' || state === 'failed') this.#tell(state);
    if (state === 'closed') this.close();
    if (state !== 'connected') return;
    const turn = goesThroughTurn(await this.#peer.getStats());
    if (turn !== null && !this.#closed) {
      this.#core.call('rtcRoute', { call: this.#call, turn }).catch(() => {});
    }
  }

  /** @param {'disconnected' | 'failed' | 'closed'} state */
  #tell(state) {
    this.#core.call('rtcState', { call: this.#call, state }).catch(() => {});
  }

  /** @type {Id} */
  get id() {
    return this.#call;
  }
}
