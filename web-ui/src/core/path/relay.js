/**
 * Path R (MP2P/1 §6.2, §20.1): envelopes through `/ws` to devices that are connected now. Watches the contacts of
 * which both sides have accepted, keeps who is here, and correlates TAKEN and NOT_HERE by `ref`.
 *
 * @typedef {import('../outbox/item.js').Item} Item
 * @typedef {{ account: Uint8Array, device: number, item: Item | null }} Sent item null: an ephemeral, kept nowhere
 *
 * @typedef {object} RelayEvents
 * @property {() => void} onConnected hello: the mailbox is to be collected
 * @property {() => void} onDisconnected
 * @property {() => void} onMail
 * @property {(account: Uint8Array, device: number, here: boolean) => void} onPresence
 * @property {(envelope: Uint8Array, from: { account: Uint8Array, device: number }, taken: () => void) => void}
 *   onEnvelope `taken` after the commit
 * @property {(item: Item) => void} onTaken
 * @property {(item: Item) => void} onRefused
 * @property {(state: 'connecting' | 'online' | 'waiting', nextTryMs?: number) => void} onState
 */
import { bothAccepted } from '../contact/contact.js';
import { fromBase64url, fromHex, toHex } from '../crypto/bytes.js';
import { ProtocolError } from '../crypto/errors.js';
import { randomU32 } from '../crypto/random.js';
import { laneOf } from '../outbox/outbox.js';
import {
  decodeRefs,
  decodeRelayFrame,
  encodeRefs,
  encodeRelayFrame,
  FRAME,
  MAX_REFS,
} from './relay-frame.js';
import { Socket } from './socket.js';
import { Watch } from './watch.js';

export class Relay {
  #account;
  #contacts;
  #lists;
  #events;
  #socket;
  #watch;
  /** @type {Map<string, Set<number>>} connected devices by account */
  #here = new Map();
  /** @type {Map<number, Sent>} by ref, of this connection alone */
  #sent = new Map();
  #nextRef = 0;
  /** @type {Map<string, { account: Uint8Array, device: number, refs: number[] }>} TAKEN to send, by device */
  #taken = new Map();

  /**
   * @param {{ account: import('../engine-contract.js').Account, contacts: import('../contact/contacts.js').Contacts,
   *   lists: import('../contact/lists.js').Lists, environment: import('../environment.js').Environment }} parts
   * @param {RelayEvents} events
   */
  constructor({ account, contacts, lists, environment }, events) {
    this.#account = account;
    this.#contacts = contacts;
    this.#lists = lists;
    this.#events = events;
    this.#socket = new Socket(account, environment, {
      onHello: () => this.#connected(),
      onText: (message) => this.#receiveText(message),
      onBinary: (bytes) => this.#receiveBinary(bytes),
      onClosed: () => this.#disconnected(),
      onState: events.onState,
    });
    this.#watch = new Watch(contacts, environment, (message) => this.#socket.sendText(message));
  }

  connect() {
    this.#socket.connect();
  }

  /** @param {boolean} online */
  network(online) {
    this.#socket.network(online);
  }

  stop() {
    this.#watch.disconnected();
    this.#socket.stop();
  }

  /**
   * @param {Uint8Array} account
   * @param {number} device
   */
  isOpen(account, device) {
    return this.isHere(account, device) && this.#mayRelayTo(account);
  }

  /**
   * @param {Uint8Array} account
   * @param {number} device
   */
  isHere(account, device) {
    return this.#socket.isOpen && (this.#here.get(toHex(account))?.has(device) ?? false);
  }

  /** @param {Uint8Array} account */
  devicesHere(account) {
    return [...(this.#here.get(toHex(account)) ?? [])];
  }

  /**
   * @param {Item} item
   * @returns {boolean}
   */
  send(item) {
    return this.#relay(item.account, item.device, /** @type {Uint8Array} */ (item.envelope), item);
  }

  /**
   * A SIGNAL: lost if it is not taken.
   *
   * @param {Uint8Array} account
   * @param {number} device
   * @param {Uint8Array} envelope
   */
  sendEphemeral(account, device, envelope) {
    return this.isOpen(account, device) && this.#relay(account, device, envelope, null);
  }

  /** @param {Uint8Array} account */
  #mayRelayTo(account) {
    return this.#lists.isOwn(account) || bothAccepted(this.#contacts.get(account));
  }

  /**
   * @param {Uint8Array} account
   * @param {number} device
   * @param {Uint8Array} payload
   * @param {Item | null} item
   */
  #relay(account, device, payload, item) {
    const ref = this.#nextRef;
    this.#nextRef = (ref + 1) % 2 ** 32;
    if (!this.#socket.sendBinary(encodeRelayFrame({ type: FRAME.RELAY, account, device, ref, payload })))
      return false;
    this.#sent.set(ref, { account, device, item });
    return true;
  }

  #connected() {
    this.#here.clear();
    this.#sent.clear();
    this.#nextRef = randomU32();
    this.#watch.connected();
    this.#events.onConnected();
  }

  #disconnected() {
    const lost = [...this.#sent.values()];
    const here = [...this.#here];
    this.#sent.clear();
    this.#here.clear();
    this.#taken.clear();
    this.#watch.disconnected();
    this.#events.onDisconnected();
    for (const { item } of lost) if (item) this.#events.onRefused(item);
    for (const [account, devices] of here)
      for (const device of devices) this.#events.onPresence(fromHex(account), device, false);
  }

  /** @param {any} message */
  #receiveText(message) {
    if (message.t === 'mail') this.#events.onMail();
    else if (message.t === 'presence') this.#receivePresence(message);
    else if (message.t === 'error' && Number.isInteger(message.ref)) this.#refused(message.ref);
  }

  /** @param {any} message */
  #receivePresence({ account: text, devices }) {
    if (typeof text !== 'string' || !Array.isArray(devices)) return;
    const account = bytesOrNull(text);
    if (!account) return;
    const id = toHex(account);
    const before = this.#here.get(id) ?? new Set();
    const now = new Set(devices.filter(Number.isInteger));
    this.#here.set(id, now);
    for (const device of before) if (!now.has(device)) this.#events.onPresence(account, device, false);
    for (const device of now) if (!before.has(device)) this.#events.onPresence(account, device, true);
  }

  /** @param {Uint8Array} bytes */
  #receiveBinary(bytes) {
    try {
      const frame = decodeRelayFrame(bytes);
      if (frame.type === FRAME.RELAY) this.#receiveRelay(frame);
      else if (frame.type === FRAME.TAKEN) this.#receiveTaken(frame);
      else if (frame.type === FRAME.NOT_HERE) this.#notHere(frame);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error; // a frame of no form says nothing
    }
  }

  /** @param {import('./relay-frame.js').RelayFrame} frame */
  #receiveRelay({ account, device, ref, payload }) {
    const known = this.#here.get(toHex(account));
    // a frame by R proves that the device is connected (§6.2 *Data channel*)
    if (known && !known.has(device)) {
      known.add(device);
      this.#events.onPresence(account, device, true);
    }
    this.#events.onEnvelope(payload, { account, device }, () => this.#take(account, device, ref));
  }

  /**
   * TAKEN of envelopes committed together go in one frame.
   *
   * @param {Uint8Array} account
   * @param {number} device
   * @param {number} ref
   */
  #take(account, device, ref) {
    // not accepted: not one byte goes back (§6.4)
    const accepted = this.#lists.isOwn(account) || this.#contacts.get(account)?.state === 'accepted';
    if (!accepted) return;
    const lane = laneOf(account, device);
    const entry = this.#taken.get(lane) ?? { account, device, refs: [] };
    entry.refs.push(ref);
    this.#taken.set(lane, entry);
    if (entry.refs.length === 1) queueMicrotask(() => this.#flushTaken(lane));
  }

  /** @param {string} lane */
  #flushTaken(lane) {
    const entry = this.#taken.get(lane);
    this.#taken.delete(lane);
    if (!entry) return;
    const { account, device, refs } = entry;
    for (let at = 0; at < refs.length; at += MAX_REFS + 1) {
      const [ref = 0, ...further] = refs.slice(at, at + MAX_REFS + 1);
      const taken = { type: FRAME.TAKEN, account, device, ref, payload: encodeRefs(further) };
      this.#socket.sendBinary(encodeRelayFrame(taken));
    }
  }

  /** @param {import('./relay-frame.js').RelayFrame} frame */
  #receiveTaken({ account, device, ref, payload }) {
    for (const taken of [ref, ...decodeRefs(payload)]) {
      const sent = this.#sent.get(taken);
      // of this connection, to exactly that device: else an envelope that is stored nowhere would count as sent
      if (!sent || laneOf(sent.account, sent.device) !== laneOf(account, device)) continue;
      this.#sent.delete(taken);
      if (sent.item) this.#events.onTaken(sent.item);
    }
  }

  /** @param {import('./relay-frame.js').RelayFrame} frame */
  #notHere({ account, device, ref }) {
    const here = this.#here.get(toHex(account));
    const sent = this.#sent.get(ref);
    if (!sent || laneOf(sent.account, sent.device) !== laneOf(account, device)) return;
    if (here?.delete(device)) this.#events.onPresence(account, device, false);
    this.#refused(ref);
  }

  /** @param {number} ref */
  #refused(ref) {
    const sent = this.#sent.get(ref);
    this.#sent.delete(ref);
    if (sent?.item) this.#events.onRefused(sent.item);
  }
}

/** @param {string} text */
function bytesOrNull(text) {
  try {
    return fromBase64url(text);
  } catch {
    return null;
  }
}
