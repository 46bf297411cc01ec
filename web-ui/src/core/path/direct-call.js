/**
 * One call of a device pair: its negotiation, the connection in the window, the data channel. Lives from the offer
 * until either side gives it up.
 *
 * @typedef {import('../protocol.js').IceCandidate} IceCandidate
 * @typedef {import('../outbox/item.js').Item} Item
 *
 * @typedef {object} CallEvents
 * @property {(body: { [key: string]: any }) => void} onSignal to be sent by R
 * @property {(envelope: Uint8Array, acknowledge: () => void) => void} onEnvelope
 * @property {(item: Item) => void} onAcknowledged
 * @property {(item: Item) => void} onLost
 * @property {() => void} onChanged usable, or not, or by another route
 * @property {() => void} onDrained there is room in the channel again
 * @property {() => void} onEnded
 */
import { Channel } from './channel.js';
import { Negotiation } from './negotiation.js';
import { PortChannel } from './port-channel.js';
import { relayCandidates, relayDescription } from './relay-only.js';

const ANSWER_MS = 10_000;
const CONNECT_MS = 20_000;

export class DirectCall {
  /** @type {Channel | null} */
  channel = null;
  /** Whether either end of the route is a TURN relay. */
  turn = false;
  /** The network changed or the way broke: ICE is to look anew as soon as the other device can be told. */
  restartDue = false;
  /** When the channel opened, by `elapsed`. @type {number | null} */
  openedMs = null;
  #parts;
  #events;
  #n;
  #negotiation;
  #answered = false;
  /** Whether the window knows of the negotiation of now. */
  #told = false;
  /** When the negotiation of now began, by `elapsed`. */
  #begunMs = 0;
  #ended = false;
  /** @type {IceCandidate[] | null} remote ones that came before the window was told of the call */
  #early = [];
  /** @type {() => void} */
  #cancelLimit = () => {};

  /**
   * @param {{ id: string, account: Uint8Array, device: number, offerer: boolean, n: number, offerSdp?: string }} call
   *   `offerer`: this side is
   * @param {{ ice: () => Promise<RTCIceServer[]>, settings: import('./path-settings.js').PathSettings,
   *   environment: import('../environment.js').Environment,
   *   notify: import('../engine-contract.js').Notify }} parts
   * @param {CallEvents} events
   */
  constructor({ id, account, device, offerer, n, offerSdp }, parts, events) {
    this.id = id;
    this.account = account;
    this.device = device;
    this.offerer = offerer;
    /** As long as it lasts: a change of the setting ends it. */
    this.relayOnly = parts.settings.relayOnlyWith(account);
    this.#parts = parts;
    this.#events = events;
    this.#n = n;
    this.#negotiation = this.#open(offerSdp);
  }

  get n() {
    return this.#n;
  }

  /** Its offer went out a moment ago, and may still be answered. */
  get isUnanswered() {
    return this.offerer && !this.#answered && this.#parts.environment.elapsed() - this.#begunMs < ANSWER_MS;
  }

  /**
   * ICE restart: the same call, a higher n.
   *
   * @param {number} n
   * @param {string} [offerSdp]
   */
  restart(n, offerSdp) {
    this.#negotiation.end();
    this.restartDue = false;
    this.#n = n;
    this.#answered = false;
    this.#early ??= [];
    this.#negotiation = this.#open(offerSdp);
  }

  /**
   * @param {'offer' | 'answer'} kind
   * @param {string} sdp
   */
  describe(kind, sdp) {
    this.#negotiation.describe(kind, this.relayOnly ? relayDescription(sdp) : sdp);
  }

  /** @param {IceCandidate[]} candidates of this side */
  addLocal(candidates) {
    const kept = this.relayOnly ? relayCandidates(candidates) : candidates;
    if (kept.length > 0) this.#negotiation.add(kept);
  }

  /** @param {IceCandidate[] | undefined} candidates of the other side */
  addRemote(candidates) {
    if (!candidates || candidates.length === 0) return;
    if (this.#early) this.#early.push(...candidates);
    else if (this.#told) this.#parts.notify('rtcRemoteCandidates', { call: this.id, candidates });
  }

  /** @param {string} sdp */
  answer(sdp) {
    if (this.#answered) return;
    this.#answered = true;
    if (this.channel?.isEstablished) this.#cancelLimit();
    else this.#limit(CONNECT_MS);
    this.#parts.notify('rtcAnswer', { call: this.id, sdp });
  }

  /** @param {RTCDataChannel | MessagePort} handed a port to a channel that stays in the window */
  attach(handed) {
    const channel = PortChannel.of(handed);
    if (this.channel || this.#ended) return channel.close();
    this.channel = new Channel(channel, this.#parts.environment, {
      onOpen: () => {
        this.openedMs = this.#parts.environment.elapsed();
        this.#cancelLimit();
        this.#events.onChanged();
      },
      onClosed: () => this.end({ bye: true }),
      onEnvelope: this.#events.onEnvelope,
      onAcknowledged: this.#events.onAcknowledged,
      onLost: this.#events.onLost,
      onTrusted: this.#events.onChanged,
      onDrained: this.#events.onDrained,
    });
  }

  /** @param {{ bye: boolean }} how bye: the other side may not know yet */
  end({ bye }) {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelLimit();
    this.#negotiation.end();
    this.channel?.close();
    if (bye) this.#events.onSignal({ call: this.id, n: this.#n, kind: 'bye' });
    this.#parts.notify('rtcClose', { call: this.id });
    this.#events.onEnded();
  }

  /** @param {string} [offerSdp] */
  #open(offerSdp) {
    const { environment } = this.#parts;
    this.#begunMs = environment.elapsed();
    this.#told = false;
    this.#limit(this.offerer ? ANSWER_MS : CONNECT_MS);
    this.#tellWindow(this.#n, offerSdp);
    return new Negotiation(this.id, this.#n, environment, this.#events.onSignal);
  }

  /**
   * @param {number} n
   * @param {string} [offerSdp]
   */
  async #tellWindow(n, offerSdp) {
    const iceServers = await this.#parts.ice();
    if (this.#ended || n !== this.#n) return;
    const { relayOnly } = this;
    if (relayOnly && !iceServers.some(isTurn)) {
      // nothing could connect; what is open stays as it is, and the window has nothing to do with candidates
      this.#early = null;
      if (!this.channel?.isEstablished) this.end({ bye: !this.offerer });
      return;
    }
    this.#parts.notify('rtcOpen', {
      call: this.id,
      n,
      offerer: this.offerer,
      iceServers,
      relayOnly,
      ...(offerSdp !== undefined && { offerSdp }),
    });
    this.#told = true;
    const early = this.#early ?? [];
    this.#early = null;
    this.addRemote(early);
  }

  /** @param {number} ms */
  #limit(ms) {
    this.#cancelLimit();
    this.#cancelLimit = this.#parts.environment.after(() => {
      const done = this.channel?.isEstablished && (this.#answered || !this.offerer);
      // a restart that nobody answered leaves a channel that works as it is
      if (!done && !this.channel?.isOpen) this.end({ bye: true });
    }, ms);
  }
}

/** @param {RTCIceServer} server */
const isTurn = ({ urls }) => [urls].flat().some((url) => /^turns?:/.test(url));
