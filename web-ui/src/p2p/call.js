import { CandidateBatches } from './candidates.js';
import { goesThroughTurn } from './route.js';

/** @import { CoreClient } from '../lib/rpc.js' */
/** @import { HandOver } from './hand-over.js' */
/** @import { CoreNotices, IceCandidate, Id } from '../core/protocol.js' */

const LABEL = 'mp2p/1';
/** Chromium answers from a report of up to 50 ms ago: one of before the change. */
const LOOK_AFTER = 100;
/** Where no event says that another pair of candidates is in use. */
const LOOK_EVERY = 10_000;
/** Looks in a row for a pair that no report shows yet. */
const LOOKS = 20;

/**
 * One RTCPeerConnection, driven by the worker: it decides when to offer and to whom, and what is said travels inside
 * the ratchet (MP2P/1 §6.2). The data channel is handed to the worker.
 */
export class Call {
  #core;
  #handOver;
  #call;
  #offerer;
  #peer;
  /** @type {CandidateBatches | null} */
  #batches = null;
  /** Steps of the negotiation in the order they came: each waits for the one before. */
  #steps = Promise.resolve();
  #closed = false;
  #hasChannel = false;
  /** Whose selected pair is followed. @type {RTCIceTransport | null} */
  #transport = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #lookEvery;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #lookAfter;
  /** As the worker was told last. @type {boolean | null} */
  #turn = null;

  /**
   * @param {CoreClient} core
   * @param {HandOver} handOver
   * @param {CoreNotices['rtcOpen']} wanted
   */
  constructor(core, handOver, wanted) {
    this.#core = core;
    this.#handOver = handOver;
    this.#call = wanted.call;
    this.#offerer = wanted.offerer;
    this.#peer = new RTCPeerConnection(configuration(wanted));
    this.#peer.addEventListener(
      'icecandidate',
      ({ candidate }) => candidate && this.#batches?.add(candidate),
    );
    this.#peer.addEventListener('icegatheringstatechange', () => {
      if (this.#peer.iceGatheringState === 'complete') this.#batches?.end();
    });
    this.#peer.addEventListener('connectionstatechange', () => this.#tellState());
    this.#peer.addEventListener('iceconnectionstatechange', () => this.#lookAtRoute());
    this.#peer.addEventListener('datachannel', ({ channel }) => this.#give(channel));
    if (wanted.offerer) this.#give(this.#peer.createDataChannel(LABEL, { ordered: true }));
  }

  /**
   * A first negotiation, or a restart of ICE under the same call, by the servers and the policy of now: credentials of
   * the first one have ended meanwhile.
   * @param {CoreNotices['rtcOpen']} wanted
   */
  negotiate(wanted) {
    const { n } = wanted;
    this.#step(async () => {
      this.#batches?.drop();
      this.#batches = new CandidateBatches((candidates) => {
        this.#core.call('rtcCandidates', { call: this.#call, n, candidates }).catch(() => this.close());
      });
      this.#configure(wanted);
      if (this.#offerer && this.#peer.remoteDescription) this.#peer.restartIce();
      if (!this.#offerer)
        await this.#peer.setRemoteDescription({ type: 'offer', sdp: wanted.offerSdp ?? '' });
      await this.#peer.setLocalDescription();
      const description = this.#peer.localDescription;
      if (!description) return;
      const kind = this.#offerer ? 'offer' : 'answer';
      await this.#core.call('rtcDescription', { call: this.#call, n, kind, sdp: description.sdp });
    });
  }

  /**
   * A restart keeps the servers of before where none are known now, and where the browser refuses those of now: the
   * connection works as it is. A policy is never kept.
   * @param {CoreNotices['rtcOpen']} wanted
   */
  #configure(wanted) {
    const now = this.#peer.getConfiguration();
    const { iceTransportPolicy } = configuration(wanted);
    const isRestart = this.#peer.remoteDescription !== null && now.iceTransportPolicy === iceTransportPolicy;
    if (isRestart && wanted.iceServers.length === 0) return;
    try {
      this.#peer.setConfiguration(configuration(wanted));
    } catch (error) {
      if (!isRestart) throw error;
      console.warn('ICE servers refused:', error instanceof DOMException ? error.name : 'unexpected');
    }
  }

  /** @param {string} sdp */
  answer(sdp) {
    this.#step(async () => {
      await this.#peer.setRemoteDescription({ type: 'answer', sdp });
      this.#lookAtRoute();
    });
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
    clearInterval(this.#lookEvery);
    clearTimeout(this.#lookAfter);
    this.#peer.close();
    this.#tell('closed');
  }

  /**
   * What fails ends the call: the worker falls back to the next path and tries again later.
   * @param {() => Promise<void>} step
   */
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
  #give(channel) {
    // one each: the other side could open any number
    if (channel.label !== LABEL || this.#hasChannel) {
      channel.close();
      return;
    }
    this.#hasChannel = true;
    this.#handOver.give(this.#call, channel).catch(() => this.close());
  }

  #tellState() {
    const state = this.#peer.connectionState;
    if (this.#closed) return;
    if (state === 'disconnected' || state === 'failed') this.#tell(state);
    if (state === 'closed') this.close();
    if (state !== 'connected') return;
    this.#followPair();
    this.#lookAtRoute();
  }

  /** The pair in use changes without a change of state, after a restart and by itself. */
  #followPair() {
    const transport = this.#peer.sctp?.transport.iceTransport ?? null;
    if (transport && 'onselectedcandidatepairchange' in transport) {
      if (transport === this.#transport) return;
      this.#transport = transport;
      transport.addEventListener('selectedcandidatepairchange', () => this.#lookAtRoute());
    } else {
      this.#lookEvery ??= setInterval(() => this.#lookAtRoute(), LOOK_EVERY);
    }
  }

  /** @param {number} [looks] to come, if the report shows no pair */
  #lookAtRoute(looks = LOOKS) {
    clearTimeout(this.#lookAfter);
    if (!this.#closed) this.#lookAfter = setTimeout(() => this.#tellRoute(looks - 1), LOOK_AFTER);
  }

  /** @param {number} looks left */
  async #tellRoute(looks) {
    const turn = await this.#route();
    if (this.#closed) return;
    if (turn === null && this.#peer.connectionState === 'connected') {
      if (looks > 0) this.#lookAtRoute(looks);
      else this.#lookEvery ??= setInterval(() => this.#lookAtRoute(1), LOOK_EVERY);
    }
    if (turn === null || turn === this.#turn) return;
    this.#turn = turn;
    this.#core.call('rtcRoute', { call: this.#call, turn }).catch(() => {});
  }

  /** @returns {Promise<boolean | null>} null: not known now, as of a connection that is closing */
  async #route() {
    try {
      return goesThroughTurn(await this.#peer.getStats());
    } catch (error) {
      if (!this.#closed) console.warn('no report:', error instanceof DOMException ? error.name : 'refused');
      return null;
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

/**
 * @param {Pick<CoreNotices['rtcOpen'], 'iceServers' | 'relayOnly'>} wanted
 * @returns {RTCConfiguration}
 */
function configuration({ iceServers, relayOnly }) {
  return { iceServers, iceTransportPolicy: relayOnly ? 'relay' : 'all' };
}
