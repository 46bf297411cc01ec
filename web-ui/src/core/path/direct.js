/**
 * Path P, the worker's side (MP2P/1 §6.2 *Data channel*): decides when to offer and to whom, and which signals
 * count. The window owns the RTCPeerConnection, a DirectCall everything of one call.
 *
 * @typedef {import('../outbox/item.js').Item} Item
 *
 * @typedef {object} DirectEvents
 * @property {(account: Uint8Array, device: number, body: { [key: string]: any }) => void} onSignal to be sent by R
 * @property {(envelope: Uint8Array, acknowledge: () => void) => void} onEnvelope
 * @property {(item: Item) => void} onAcknowledged
 * @property {(item: Item) => void} onLost
 * @property {(account: Uint8Array, device: number) => void} onChanged the channel opened, closed, or answers again
 * @property {(account: Uint8Array, device: number) => void} onDrained it was full and takes envelopes again
 */
import { bothAccepted, hasOtherList } from '../contact/contact.js';
import { compare, equal, toBase64url, Writer } from '../crypto/bytes.js';
import { randomBytes } from '../crypto/random.js';
import { laneOf } from '../outbox/outbox.js';
import { DirectCall } from './direct-call.js';
import { PortChannel } from './port-channel.js';
import { Retries } from './retries.js';

export class Direct {
  #parts;
  #account;
  #contacts;
  #relay;
  #settings;
  #events;
  #available = false;
  /** @type {Map<string, DirectCall>} by device */
  #calls = new Map();
  /** Devices of which is being asked whether a SIGNAL would get there; true: ask again. @type {Map<string, boolean>} */
  #asking = new Map();
  #retries;
  /** When a call that goes through TURN looks for a direct way. */
  #detours;
  #stopped = false;

  /**
   * @param {{ account: import('../engine-contract.js').Account, contacts: import('../contact/contacts.js').Contacts,
   *   relay: import('./relay.js').Relay, settings: import('./path-settings.js').PathSettings,
   *   ice: () => Promise<RTCIceServer[]>, canSignal: (account: Uint8Array, device: number) => Promise<boolean | null>,
   *   environment: import('../environment.js').Environment, notify: import('../engine-contract.js').Notify }} parts
   * @param {DirectEvents} events
   */
  constructor(parts, events) {
    this.#parts = parts;
    this.#account = parts.account;
    this.#contacts = parts.contacts;
    this.#relay = parts.relay;
    this.#settings = parts.settings;
    this.#retries = new Retries(parts.environment);
    this.#detours = new Retries(parts.environment);
    this.#events = events;
    parts.contacts.onChange((contact, before) => {
      // a session may have begun before the list had its device
      const isNews = !bothAccepted(before) || hasOtherList(contact, before);
      if (bothAccepted(contact) && isNews) this.considerAll(contact.accountId);
      if (!bothAccepted(contact) && bothAccepted(before)) this.#closeAll(contact.accountId);
    });
    parts.settings.onChange((bindsAnew) => this.#beginAnew(bindsAnew));
  }

  /* ───── path P for the dispatch ───── */

  /**
   * @param {Uint8Array} account
   * @param {number} device
   */
  isOpen(account, device) {
    return this.#calls.get(laneOf(account, device))?.channel?.isOpen ?? false;
  }

  /**
   * @param {Uint8Array} account
   * @param {number} device
   */
  isFull(account, device) {
    return this.#calls.get(laneOf(account, device))?.channel?.isFull ?? false;
  }

  /**
   * @param {Uint8Array} account
   * @param {number} device
   */
  limitMs(account, device) {
    return this.#calls.get(laneOf(account, device))?.channel?.limitMs ?? 0; // without a channel nothing is under way
  }

  /**
   * @param {Uint8Array} account
   * @param {number} device
   */
  queue(account, device) {
    return this.#calls.get(laneOf(account, device))?.channel?.queue ?? { put: 0, left: 0 };
  }

  /** @param {Item} item */
  send(item) {
    return this.#calls.get(laneOf(item.account, item.device))?.channel?.send(item) ?? false;
  }

  /**
   * @param {Uint8Array} account
   * @param {number} device
   */
  suspect(account, device) {
    this.#calls.get(laneOf(account, device))?.channel?.suspect();
    this.#events.onChanged(account, device);
  }

  /**
   * The best route open to any device of the account.
   *
   * @param {Uint8Array} account
   * @returns {'direct' | 'turn' | null}
   */
  routeTo(account) {
    const open = [...this.#calls.values()].filter(
      (call) => call.channel?.isOpen && equal(call.account, account),
    );
    if (open.length === 0) return null;
    return open.some((call) => !call.turn) ? 'direct' : 'turn';
  }

  /* ───── when to offer ───── */

  /** @param {boolean} available this browser has WebRTC */
  setAvailable(available) {
    this.#available = available;
    if (available) this.#considerEverybody();
  }

  /** @param {Uint8Array} account */
  considerAll(account) {
    for (const device of this.#relay.devicesHere(account)) this.consider(account, device);
  }

  /**
   * The other device connected: what waited for a retry is tried at once. (When it leaves, an open channel stays.)
   *
   * @param {Uint8Array} account
   * @param {number} device
   */
  deviceCame(account, device) {
    this.#retries.forget(laneOf(account, device));
    this.consider(account, device);
  }

  /**
   * There is a session with the device, in which an offer can go.
   *
   * @param {Uint8Array} account
   * @param {number} device
   */
  sessionBegan(account, device) {
    this.consider(account, device);
  }

  /**
   * The network changed: what waited is tried at once, what was begun over the old one is begun anew, and open channels
   * prove themselves while ICE looks for their way again.
   */
  networkChanged() {
    this.#detours.forgetAll();
    for (const call of [...this.#calls.values()]) {
      if (!call.channel?.isEstablished) {
        if (call.offerer) call.end({ bye: true });
        continue;
      }
      call.restartDue = true;
      this.suspect(call.account, call.device);
      if (call.turn) this.#leaveTurnLater(call);
    }
    this.#retries.forgetAll();
    this.#considerEverybody();
  }

  /**
   * Offers if this side is the offerer, both have accepted, the other device is connected, and there is a session with it:
   * a call, or the restart of ICE that an open one needs.
   *
   * @param {Uint8Array} account
   * @param {number} device
   */
  consider(account, device) {
    const call = this.#calls.get(laneOf(account, device));
    if (call) this.#restartIfDue(call);
    else if (this.#mayOffer(account, device)) this.#offer(account, device);
  }

  /**
   * @param {Uint8Array} account
   * @param {number} device
   */
  #mayOffer(account, device) {
    if (!this.#available || this.#stopped || this.#settings.mailboxOnly) return false;
    const lane = laneOf(account, device);
    if (this.#calls.has(lane) || this.#retries.isWaiting(lane) || !this.#isOfferer(account, device))
      return false;
    return bothAccepted(this.#contacts.get(account)) && this.#relay.isHere(account, device);
  }

  /**
   * Two devices that are new to each other see each other before they have a session: `sessionBegan` comes back to it.
   *
   * @param {Uint8Array} account
   * @param {number} device
   */
  async #offer(account, device) {
    const lane = laneOf(account, device);
    if (this.#asking.has(lane)) return void this.#asking.set(lane, true);
    /** @type {boolean | null} */
    let can = false;
    do {
      this.#asking.set(lane, false);
      can = await this.#parts.canSignal(account, device);
    } while (!can && this.#asking.get(lane));
    this.#asking.delete(lane);
    if (!this.#mayOffer(account, device)) return;
    // nothing comes back to a storage that failed
    if (can === null) return this.#retries.later(lane, null, () => this.consider(account, device));
    if (!can) return;
    this.#begin({ id: toBase64url(randomBytes(16)), account, device, offerer: true, n: 0 });
  }

  stop() {
    this.#stopped = true;
    this.#retries.forgetAll();
    this.#detours.forgetAll();
    for (const call of [...this.#calls.values()]) call.end({ bye: false });
  }

  /**
   * By the settings of now, where they are others; an address that a contact has learnt stays learnt.
   *
   * @param {(account: Uint8Array) => boolean} bindsAnew whether something else holds with this account now
   */
  #beginAnew(bindsAnew) {
    const { mailboxOnly } = this.#settings;
    for (const call of [...this.#calls.values()])
      if (mailboxOnly || call.relayOnly !== this.#settings.relayOnlyWith(call.account))
        call.end({ bye: true });
    for (const { accountId } of this.#contacts.all()) {
      if (!bindsAnew(accountId)) continue;
      for (const device of this.#relay.devicesHere(accountId)) this.deviceCame(accountId, device);
    }
  }

  /** @param {DirectCall} call */
  #restartIfDue(call) {
    if (!this.#available || this.#stopped || this.#settings.mailboxOnly) return;
    if (!call.restartDue || !call.offerer || !this.#relay.isHere(call.account, call.device)) return;
    call.restart(call.n + 1);
  }

  /**
   * What kept two devices from each other may have passed: the channel stays where it is until a better pair is found.
   *
   * @param {DirectCall} call
   */
  #leaveTurnLater(call) {
    const lane = laneOf(call.account, call.device);
    if (!call.offerer || call.relayOnly || this.#detours.isWaiting(lane)) return;
    this.#detours.later(lane, null, () => {
      if (this.#calls.get(lane) !== call || !call.turn) return;
      call.restartDue = true;
      this.#restartIfDue(call);
      this.#leaveTurnLater(call);
    });
  }

  /* ───── signals of the other side ───── */

  /**
   * An authenticated SIGNAL of an account of which both sides have accepted.
   *
   * @param {Uint8Array} account
   * @param {number} device
   * @param {any} body
   * @param {boolean} isNew its call id was never seen
   */
  receive(account, device, body, isNew) {
    const call = this.#calls.get(laneOf(account, device));
    const open = call?.id === body.call ? call : undefined;
    if (body.kind === 'offer') return this.#receiveOffer(account, device, body, isNew);
    if (body.kind === 'bye') return open?.end({ bye: false });
    // answer and ice count with the n of the last offer alone
    if (!open || open.n !== body.n) return;
    if (body.kind === 'answer' && open.offerer) open.answer(body.sdp);
    open.addRemote(body.cand);
  }

  /**
   * @param {Uint8Array} account
   * @param {number} device
   * @param {any} body
   * @param {boolean} isNew
   */
  #receiveOffer(account, device, { call: id, n, sdp, cand }, isNew) {
    const current = this.#calls.get(laneOf(account, device));
    const restarted = current && current.id === id && n > current.n ? current : null;
    if (this.#isOfferer(account, device) || this.#stopped || !(isNew || restarted)) return;
    if (this.#settings.mailboxOnly) return; // no answer of any kind goes by R
    if (!this.#available) {
      this.#events.onSignal(account, device, { call: id, n, kind: 'bye' });
      return;
    }
    if (restarted) {
      restarted.restart(n, sdp);
      restarted.addRemote(cand);
      return;
    }
    current?.end({ bye: false });
    this.#begin({ id, account, device, offerer: false, n, offerSdp: sdp }).addRemote(cand);
  }

  /**
   * Whether a SIGNAL that waited to be sealed, or to come to disk, is still to go: a call that ended meanwhile was of
   * other settings.
   *
   * @param {Uint8Array} account
   * @param {number} device
   * @param {{ [key: string]: any }} body
   */
  isWanted(account, device, { kind, call: id, n }) {
    const call = this.#calls.get(laneOf(account, device));
    return kind === 'bye' || (call?.id === id && call?.n === n);
  }

  /* ───── what the window says ───── */

  /** @param {string} id */
  #call(id) {
    return [...this.#calls.values()].find((call) => call.id === id);
  }

  /**
   * What the window says of a negotiation that a restart has overtaken is of no use.
   *
   * @param {string} id
   * @param {number} n
   */
  #negotiating(id, n) {
    const call = this.#call(id);
    return call?.n === n ? call : undefined;
  }

  /**
   * @param {string} id
   * @param {number} n
   * @param {'offer' | 'answer'} kind
   * @param {string} sdp
   */
  describe(id, n, kind, sdp) {
    this.#negotiating(id, n)?.describe(kind, sdp);
  }

  /**
   * @param {string} id
   * @param {number} n
   * @param {import('../protocol.js').IceCandidate[]} candidates
   */
  addLocal(id, n, candidates) {
    this.#negotiating(id, n)?.addLocal(candidates);
  }

  /**
   * @param {string} id
   * @param {RTCDataChannel | MessagePort} channel
   */
  attach(id, channel) {
    const call = this.#call(id);
    if (call) call.attach(channel);
    else PortChannel.of(channel).close();
  }

  /**
   * @param {string} id
   * @param {'disconnected' | 'failed' | 'closed'} state
   */
  changeState(id, state) {
    const call = this.#call(id);
    if (!call) return;
    if (state !== 'disconnected') return call.end({ bye: true });
    // a restart that is not answered yet looks for the way already
    if (!call.isUnanswered) call.restartDue = true;
    this.suspect(call.account, call.device);
    this.#restartIfDue(call);
  }

  /**
   * @param {string} id
   * @param {boolean} turn
   */
  setRoute(id, turn) {
    const call = this.#call(id);
    if (!call) return;
    call.turn = turn;
    if (turn) this.#leaveTurnLater(call);
    else this.#detours.forget(laneOf(call.account, call.device));
    this.#events.onChanged(call.account, call.device);
  }

  /* ───── calls and retries ───── */

  /**
   * @param {{ id: string, account: Uint8Array, device: number, offerer: boolean, n: number, offerSdp?: string }} what
   */
  #begin(what) {
    const { account, device } = what;
    const lane = laneOf(account, device);
    const changed = () => this.#events.onChanged(account, device);
    const call = new DirectCall(what, this.#parts, {
      onSignal: (body) => this.#events.onSignal(account, device, body),
      onEnvelope: this.#events.onEnvelope,
      onAcknowledged: this.#events.onAcknowledged,
      onLost: this.#events.onLost,
      onChanged: changed,
      onDrained: () => this.#events.onDrained(account, device),
      onEnded: () => {
        if (this.#calls.get(lane) === call) {
          this.#calls.delete(lane);
          this.#detours.forget(lane);
        }
        if (call.offerer && !this.#stopped)
          this.#retries.later(lane, call.openedMs, () => this.consider(account, device));
        changed();
      },
    });
    this.#calls.set(lane, call);
    return call;
  }

  #considerEverybody() {
    for (const contact of this.#contacts.all()) this.considerAll(contact.accountId);
  }

  /** @param {Uint8Array} account */
  #closeAll(account) {
    for (const call of [...this.#calls.values()]) if (equal(call.account, account)) call.end({ bye: false });
  }

  /**
   * The device with the smaller (account_id, device_id).
   *
   * @param {Uint8Array} account
   * @param {number} device
   */
  #isOfferer(account, device) {
    const own = new Writer().bytes(this.#account.accountId).u32(this.#account.deviceId).finish();
    return compare(own, new Writer().bytes(account).u32(device).finish()) < 0;
  }
}
