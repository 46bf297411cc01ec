/**
 * Path R (MP2P/1 §6.2, §20.1): envelopes through `/ws` to devices that are connected now. Watches the contacts of
 * which both sides have accepted, keeps who is here, and correlates TAKEN and NOT_HERE by `ref`.
 *
 * @typedef {import('../outbox/item.js').Item} Item
 * @typedef {{ account: Uint8Array, device: number, item: Item | null }} Sent item null: an ephemeral, kept nowhere
 *
 * @typedef {object} RelayEvents
 * @property {() => Promise<void>} onOpening what has to be known before it connects; never rejects
 * @property {() => void} onConnected hello: the mailbox is to be collected
 * @property {() => void} onDisconnected
 * @property {() => void} onMail
 * @property {(account: Uint8Array, device: number, here: boolean) => void} onPresence
 * @property {(envelope: Uint8Array, from: { account: Uint8Array, device: number }, taken: () => void) => void}
 *   onEnvelope `taken` after the commit
 * @property {(account: Uint8Array, device: number) => void} onChanged of a device that is here: whether it may be used
 * @property {(item: Item) => void} onTaken
 * @property {(item: Item) => void} onRefused
 * @property {(state: import('./socket.js').SocketState) => void} onState
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
import { RoundTrip } from './round-trip.js';
import { Socket } from './socket.js';
import { Unanswered } from './unanswered.js';
import { Watch } from './watch.js';

/** A list has eight; those of a while ago may still be connected. */
const DEVICES = 32;
/** The server answers of a device that does not exist at once: NOT_HERE. */
const PROBE_MS = 2000;
const RATE_LIMITED = 'urn:mp2p:problem:rate-limited';

export class Relay {
  #account;
  #contacts;
  #lists;
  #settings;
  #events;
  #environment;
  #socket;
  #watch;
  /** @type {Map<string, Set<number>>} connected devices by account */
  #here = new Map();
  /** As the server said last, by account: of those not watched any more. @type {Map<string, Set<number>>} */
  #parted = new Map();
  /** The same where the `watch` that left them out may have been dropped. @type {Map<string, Set<number>>} */
  #stillTold = new Map();
  /** @type {Unanswered<number, Sent>} by ref, of this connection alone */
  #sent;
  #nextRef = 0;
  /** By device, with refs of this connection. @type {Map<string, RoundTrip<number>>} */
  #roundTrips = new Map();
  /** @type {Map<string, { account: Uint8Array, device: number, refs: number[] }>} TAKEN to send, by device */
  #taken = new Map();
  /** Devices of which an envelope was not answered, until something comes from them. @type {Set<string>} */
  #suspects = new Set();
  /** Not even the server has answered: no device is tried until something comes. */
  #silent = false;
  /** Set while the server is asked whether the socket stands. @type {(() => void) | null} */
  #cancelProbe = null;
  /** When the last frame came, by `elapsed`. */
  #heardMs = 0;

  /**
   * @param {{ account: import('../engine-contract.js').Account, contacts: import('../contact/contacts.js').Contacts,
   *   lists: import('../contact/lists.js').Lists, settings: import('./path-settings.js').PathSettings,
   *   environment: import('../environment.js').Environment }} parts
   * @param {RelayEvents} events
   */
  constructor({ account, contacts, lists, settings, environment }, events) {
    this.#account = account;
    this.#contacts = contacts;
    this.#lists = lists;
    this.#settings = settings;
    this.#events = events;
    this.#environment = environment;
    this.#sent = new Unanswered(environment);
    this.#socket = new Socket(account, environment, {
      onOpening: events.onOpening,
      onHello: () => this.#connected(),
      onText: (message) => this.#receiveText(message),
      onBinary: (bytes) => this.#receiveBinary(bytes),
      onClosed: () => this.#disconnected(),
      onState: events.onState,
    });
    this.#watch = new Watch(
      { contacts, settings, environment },
      (message) => this.#socket.sendText(message),
      { onBegun: (peer) => this.#recall(peer), onEnded: (peer) => this.#forget(peer) },
    );
    settings.onChange(() => this.#tellChanged());
  }

  /** Connects from now on. */
  begin() {
    this.#socket.begin();
  }

  connect() {
    this.#socket.connect();
  }

  /** @param {boolean} online */
  network(online) {
    this.#socket.network(online);
  }

  stop() {
    this.#endProbe();
    this.#watch.disconnected();
    this.#socket.stop();
  }

  /**
   * @param {Uint8Array} account
   * @param {number} device
   */
  isOpen(account, device) {
    return this.reaches(account, device) && !this.#isSuspect(account, device);
  }

  /**
   * Whether frames may go to the device, answered or not: SIGNAL, of which none is missed.
   *
   * @param {Uint8Array} account
   * @param {number} device
   */
  reaches(account, device) {
    return this.isHere(account, device) && this.#mayRelayTo(account);
  }

  /**
   * An envelope was not answered in time: TCP may take minutes to notice that one of the two sockets is half open. It may
   * be the own one if nothing at all came meanwhile.
   *
   * @param {Uint8Array} account
   * @param {number} device
   * @param {number} waitedMs
   */
  suspect(account, device, waitedMs) {
    if (!this.isHere(account, device)) return;
    this.#suspects.add(laneOf(account, device));
    this.#events.onChanged(account, device);
    if (this.#environment.elapsed() - this.#heardMs >= waitedMs) this.#probe();
  }

  /** Asks for the answer that only the server gives: to a RELAY to a device that the own account does not have. */
  #probe() {
    if (this.#cancelProbe || this.#silent) return;
    const account = this.#account.accountId;
    const known = new Set([this.#account.deviceId, ...this.devicesHere(account)]);
    let device = randomU32();
    while (known.has(device)) device = randomU32();
    if (!this.#relay(account, device, new Uint8Array(), null)) return;
    this.#cancelProbe = this.#environment.after(() => {
      this.#cancelProbe = null;
      this.#silent = true;
      this.#tellChanged();
    }, PROBE_MS);
  }

  #endProbe() {
    this.#cancelProbe?.();
    this.#cancelProbe = null;
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
   * What a TAKEN takes at most.
   *
   * @param {Uint8Array} account
   * @param {number} device
   */
  limitMs(account, device) {
    return this.#roundTripTo(account, device).limitMs;
  }

  /** The same for all devices. */
  queue() {
    return this.#socket.queue;
  }

  /**
   * @param {Item} item
   * @returns {boolean}
   */
  send(item) {
    const { put, left } = this.queue();
    const ref = this.#nextRef;
    if (!this.#relay(item.account, item.device, /** @type {Uint8Array} */ (item.envelope), item))
      return false;
    this.#roundTripTo(item.account, item.device).sent(ref, left < put);
    return true;
  }

  /**
   * @param {Uint8Array} account
   * @param {number} device
   */
  #roundTripTo(account, device) {
    const lane = laneOf(account, device);
    const roundTrip = this.#roundTrips.get(lane) ?? new RoundTrip(this.#environment);
    this.#roundTrips.set(lane, roundTrip);
    return roundTrip;
  }

  /**
   * A SIGNAL: lost if it is not taken.
   *
   * @param {Uint8Array} account
   * @param {number} device
   * @param {Uint8Array} envelope
   */
  sendEphemeral(account, device, envelope) {
    return this.reaches(account, device) && this.#relay(account, device, envelope, null);
  }

  /** @param {Uint8Array} account */
  #mayRelayTo(account) {
    if (this.#settings.mailboxOnly) return false;
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
    this.#sent.add(ref, { account, device, item });
    return true;
  }

  /**
   * @param {Uint8Array} account
   * @param {number} device
   */
  #isSuspect(account, device) {
    return this.#silent || this.#suspects.has(laneOf(account, device));
  }

  /** A frame came, so the socket stands. */
  #heard() {
    this.#heardMs = this.#environment.elapsed();
    this.#endProbe();
    if (!this.#silent) return;
    this.#silent = false;
    this.#tellChanged();
  }

  /**
   * @param {Uint8Array} account
   * @param {number} device
   */
  #heardFrom(account, device) {
    if (this.#suspects.delete(laneOf(account, device))) this.#events.onChanged(account, device);
  }

  #tellChanged() {
    for (const [account, devices] of this.#here)
      for (const device of devices) this.#events.onChanged(fromHex(account), device);
  }

  #connected() {
    this.#here.clear();
    this.#sent.takeAll();
    this.#heardMs = this.#environment.elapsed();
    this.#nextRef = randomU32();
    this.#watch.connected();
    this.#events.onConnected();
  }

  #disconnected() {
    const lost = this.#sent.takeAll();
    const here = [...this.#here];
    this.#here.clear();
    this.#suspects.clear();
    this.#roundTrips.clear();
    this.#endProbe();
    this.#silent = false;
    this.#taken.clear();
    this.#parted.clear();
    this.#stillTold.clear();
    this.#watch.disconnected();
    this.#events.onDisconnected();
    for (const { item } of lost) if (item) this.#events.onRefused(item);
    for (const [account, devices] of here)
      for (const device of devices) this.#events.onPresence(fromHex(account), device, false);
  }

  /** @param {any} message */
  #receiveText(message) {
    this.#heard();
    if (message.t === 'mail') this.#events.onMail();
    else if (message.t === 'presence') this.#receivePresence(message);
    else if (message.t === 'error') this.#receiveError(message);
  }

  /** @param {any} message */
  #receiveError({ ref, type }) {
    if (Number.isInteger(ref)) this.#refused(ref);
    else if (type === RATE_LIMITED) this.#watchRefused();
  }

  /** The server goes on with the list of before, and tells nothing anew of who is on it. */
  #watchRefused() {
    for (const [account, devices] of this.#parted) this.#stillTold.set(account, devices);
    this.#parted.clear();
    this.#watch.refused();
  }

  /** @param {any} message */
  #receivePresence({ account: text, devices }) {
    if (typeof text !== 'string' || !Array.isArray(devices)) return;
    const account = bytesOrNull(text);
    // of what nobody asked for nothing is kept
    if (!account) return;
    const here = new Set(devices.filter(isDeviceId).slice(0, DEVICES));
    if (this.#mayBeHere(account)) return this.#setHere(account, here);
    const id = toHex(account);
    for (const left of [this.#parted, this.#stillTold]) if (left.has(id)) left.set(id, here);
  }

  /** @param {Uint8Array} account */
  #mayBeHere(account) {
    return this.#lists.isOwn(account) || this.#watch.includes(account);
  }

  /** @param {Uint8Array} account of which the server says nothing more, unless it dropped that `watch` */
  #forget(account) {
    const id = toHex(account);
    const here = this.#here.get(id);
    this.#setHere(account, new Set());
    this.#here.delete(id);
    if (here) this.#parted.set(id, here);
  }

  /** @param {Uint8Array} account that is watched again */
  #recall(account) {
    const id = toHex(account);
    const here = this.#stillTold.get(id);
    this.#parted.delete(id);
    this.#stillTold.delete(id);
    if (here) this.#setHere(account, here);
  }

  /**
   * @param {Uint8Array} account
   * @param {Set<number>} now its connected devices
   */
  #setHere(account, now) {
    const id = toHex(account);
    const before = this.#here.get(id) ?? new Set();
    this.#here.set(id, now);
    for (const device of before)
      if (!now.has(device)) {
        this.#suspects.delete(laneOf(account, device));
        this.#roundTrips.delete(laneOf(account, device));
        this.#events.onPresence(account, device, false);
      }
    for (const device of now) if (!before.has(device)) this.#events.onPresence(account, device, true);
  }

  /** @param {Uint8Array} bytes */
  #receiveBinary(bytes) {
    this.#heard();
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
    // a frame by R proves that the device is connected (§6.2 *Data channel*)
    const known = this.#here.get(toHex(account)) ?? new Set();
    if (this.#mayBeHere(account) && !known.has(device) && known.size < DEVICES)
      this.#setHere(account, new Set([...known, device]));
    this.#heardFrom(account, device);
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
    // "mailbox only": the sender goes that way, and no second frame tells the server of the pair
    if (this.#settings.mailboxOnly) return;
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
    this.#heardFrom(account, device);
    for (const taken of [ref, ...decodeRefs(payload)]) {
      const sent = this.#sent.get(taken);
      // of this connection, to exactly that device: else an envelope that is stored nowhere would count as sent
      if (!sent || laneOf(sent.account, sent.device) !== laneOf(account, device)) continue;
      this.#sent.take(taken);
      this.#roundTrips.get(laneOf(account, device))?.acknowledged(taken);
      if (!sent.item) continue; // an ephemeral is sent anew on each connection
      this.#socket.wasOfUse();
      this.#events.onTaken(sent.item);
    }
  }

  /** @param {import('./relay-frame.js').RelayFrame} frame */
  #notHere({ account, device, ref }) {
    const here = this.#here.get(toHex(account));
    const sent = this.#sent.get(ref);
    if (!sent || laneOf(sent.account, sent.device) !== laneOf(account, device)) return;
    if (here?.has(device)) this.#setHere(account, new Set([...here].filter((other) => other !== device)));
    this.#refused(ref);
  }

  /** @param {number} ref */
  #refused(ref) {
    const sent = this.#sent.take(ref);
    if (sent?.item) this.#events.onRefused(sent.item);
  }
}

/** @param {unknown} id */
const isDeviceId = (id) => Number.isInteger(id) && Number(id) > 0 && Number(id) <= 0xffffffff;

/** @param {string} text */
function bytesOrNull(text) {
  try {
    return fromBase64url(text);
  } catch {
    return null;
  }
}
