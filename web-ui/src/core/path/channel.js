/**
 * The data channel `mp2p/1` to one device: frames `u8 type | payload`, one message each (MP2P/1 §6.2).
 *
 * @typedef {import('../outbox/item.js').Item} Item
 *
 * @typedef {object} ChannelEvents
 * @property {() => void} onOpen
 * @property {() => void} onClosed
 * @property {(envelope: Uint8Array, acknowledge: () => void) => void} onEnvelope `acknowledge` after the commit
 * @property {(item: Item) => void} onAcknowledged
 * @property {(item: Item) => void} onLost was under way when the channel closed
 * @property {() => void} onTrusted it answered again after being suspect
 * @property {() => void} onDrained it was full and takes envelopes again
 */
import { toHex } from '../crypto/bytes.js';
import { envelopeId, MAX_ENVELOPE } from '../crypto/envelope.js';
import { randomBytes } from '../crypto/random.js';
import { RoundTrip } from './round-trip.js';
import { Unanswered } from './unanswered.js';

const FRAME = Object.freeze({ ENVELOPE: 1, ACK: 3, PING: 4, PONG: 5 });
const PAUSE_BYTES = 1_048_576; // with more in the channel's buffer it takes nothing
const RESUME_BYTES = 262_144; // until there are no more than these
const PING_MS = 15_000;

export class Channel {
  #channel;
  #environment;
  #events;
  /** @type {Unanswered<string, Item>} by envelope id */
  #sent;
  /** @type {RoundTrip<string>} the same */
  #roundTrip;
  #put = 0;
  #suspect = false;
  #full = false;
  #closed = false;
  /** @type {(() => void) | null} */
  #cancelPing = null;

  /**
   * @param {RTCDataChannel | import('./port-channel.js').PortChannel} channel transferred, so it may not be open yet
   * @param {import('../environment.js').Environment} environment
   * @param {ChannelEvents} events
   */
  constructor(channel, environment, events) {
    this.#channel = channel;
    this.#environment = environment;
    this.#events = events;
    this.#sent = new Unanswered(environment);
    this.#roundTrip = new RoundTrip(environment);
    channel.binaryType = 'arraybuffer';
    channel.bufferedAmountLowThreshold = RESUME_BYTES;
    channel.onbufferedamountlow = () => this.#drained();
    channel.onopen = () => this.#opened();
    channel.onclose = () => this.close();
    channel.onerror = () => this.close();
    channel.onmessage = (/** @type {{ data: unknown }} */ { data }) => this.#receive(data);
    if (channel.readyState === 'open') this.#opened();
  }

  /** Open and answering. */
  get isOpen() {
    return !this.#suspect && this.isEstablished;
  }

  get isEstablished() {
    return !this.#closed && this.#channel.readyState === 'open';
  }

  /** Open, and its buffer has to run empty first: what is to go here waits for `onDrained`. */
  get isFull() {
    return this.#full;
  }

  /** What an acknowledgement takes at most. */
  get limitMs() {
    return this.#roundTrip.limitMs;
  }

  /** @returns {import('../outbox/ack-wait.js').Queue} */
  get queue() {
    return { put: this.#put, left: this.#put - this.#channel.bufferedAmount };
  }

  /**
   * @param {Item} item
   * @returns {boolean} false: the next path takes it
   */
  send(item) {
    if (!this.isOpen || this.#full || !item.envelope || !item.envelopeId) return false;
    const isQueued = this.#channel.bufferedAmount > 0;
    if (!this.#write(FRAME.ENVELOPE, item.envelope)) return false;
    this.#full = this.#channel.bufferedAmount > PAUSE_BYTES;
    const id = toHex(item.envelopeId);
    const isAgain = this.#sent.get(id) !== undefined;
    this.#sent.add(id, item);
    this.#roundTrip.sent(id, isQueued || isAgain);
    return true;
  }

  /** An envelope was not acknowledged in time: nothing goes here until the peer answers (ICE notices after 5 s). */
  suspect() {
    if (this.#suspect || this.#closed) return;
    this.#suspect = true;
    this.#write(FRAME.PING, randomBytes(8));
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelPing?.();
    try {
      this.#channel.close();
    } catch {
      // closed already
    }
    this.#events.onClosed();
    for (const item of this.#sent.takeAll()) this.#events.onLost(item);
  }

  #opened() {
    if (this.#closed) return;
    this.#pingLater();
    this.#events.onOpen();
  }

  /** @param {unknown} data */
  #receive(data) {
    if (!(data instanceof ArrayBuffer) || data.byteLength < 1 || data.byteLength > MAX_ENVELOPE + 1) return;
    const frame = new Uint8Array(data);
    const payload = frame.slice(1);
    this.#trust();
    switch (frame[0]) {
      case FRAME.ENVELOPE: {
        const id = envelopeId(payload);
        return this.#events.onEnvelope(payload, () => this.#write(FRAME.ACK, id));
      }
      case FRAME.ACK:
        return this.#acknowledged(payload);
      case FRAME.PING:
        if (payload.length === 8) this.#write(FRAME.PONG, payload);
    }
  }

  /** @param {Uint8Array} id */
  #acknowledged(id) {
    const key = toHex(id);
    const item = this.#sent.take(key);
    this.#roundTrip.acknowledged(key);
    if (item) this.#events.onAcknowledged(item);
  }

  #trust() {
    if (!this.#suspect) return;
    this.#suspect = false;
    this.#events.onTrusted();
  }

  #drained() {
    if (!this.#full || this.#closed) return;
    this.#full = false;
    this.#events.onDrained();
  }

  #pingLater() {
    this.#cancelPing = this.#environment.after(() => {
      if (this.#closed) return;
      this.#write(FRAME.PING, randomBytes(8));
      this.#pingLater();
    }, PING_MS);
  }

  /**
   * @param {number} type
   * @param {Uint8Array} payload
   */
  #write(type, payload) {
    if (this.#closed || this.#channel.readyState !== 'open') return false;
    const frame = new Uint8Array(payload.length + 1);
    frame[0] = type;
    frame.set(payload, 1);
    try {
      this.#channel.send(frame);
      this.#put += frame.length;
      return true;
    } catch {
      return false; // its buffer is full, or it closed under us: the next path takes the envelope
    }
  }
}
