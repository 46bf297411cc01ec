/**
 * Sees every envelope of a model test when it comes to its sender's disk, before it leaves, and every one that a
 * device notes as seen. It knows all keys, and holds the engines to what MP2P/1 §5 promises of theirs.
 *
 * @typedef {import('./test-device.js').TestDevice} TestDevice
 * @typedef {ReturnType<typeof sealedOf>} Sealed
 */
import { concat, fromBase64url, toHex } from '../crypto/bytes.js';
import { CTYPE } from '../crypto/content.js';
import { decodePrekeyBody, KIND, openEnvelope } from '../crypto/envelope.js';
import { sha256 } from '../crypto/hash.js';
import { splitMessage } from '../crypto/ratchet-header.js';
import { laneOf } from '../outbox/outbox.js';

export class Witness {
  /** Every device there ever was. @type {Map<string, TestDevice>} */
  #devices = new Map();
  /** By envelope id. @type {Map<string, Sealed>} */
  #sealed = new Map();
  /** Seen by a device since they were asked for last. @type {Map<TestDevice, Set<Sealed>>} */
  #fresh = new Map();
  /** Ids of envelopes that a device asked its peer about. @type {Set<string>} */
  #refused = new Set();
  /** Ids of envelopes that wait for a device list; taken up, they are noted as seen once more. @type {Set<string>} */
  #held = new Set();
  /** What each message key was used for: nonces. @type {Map<string, Set<string>>} */
  #keys = new Map();
  /** @type {((sealed: Sealed, by: TestDevice) => void)[]} */
  #sealListeners = [];
  /** @type {((sealed: Sealed, by: TestDevice) => void)[]} */
  #seenListeners = [];
  /** @type {string[]} */
  violations = [];
  acknowledged = 0;

  /** @param {TestDevice} device */
  watch(device) {
    this.#devices.set(device.lane, device);
    this.#fresh.set(device, new Set());
    device.onWrite = (store, value) => {
      if (store === 'outbox' && value.envelope) this.#noteSealed(device, value);
      if (store === 'outbox' && value.content?.ctype === CTYPE.RETRY)
        for (const { id } of value.content.body.items) if (id) this.#noteRefused(fromBase64url(id));
      if (store === 'retry') for (const { id } of value.entries) this.#noteRefused(id);
      if (store === 'held' && value.row === 'identity') this.#held.add(toHex(value.id));
      if (store === 'seen' && value.row === 'envelope') this.#noteSeen(device, toHex(value.id));
    };
  }

  /** @param {(sealed: Sealed, by: TestDevice) => void} listener */
  onSealed(listener) {
    this.#sealListeners.push(listener);
  }

  /** @param {(sealed: Sealed, by: TestDevice) => void} listener */
  onSeen(listener) {
    this.#seenListeners.push(listener);
  }

  /**
   * What a device has read since this was asked last.
   *
   * @param {TestDevice} device
   */
  takeRead(device) {
    const fresh = this.#fresh.get(device) ?? new Set();
    this.#fresh.set(device, new Set());
    return [...fresh].filter((sealed) => this.wasRead(sealed));
  }

  /**
   * Whether the device that noted an envelope as seen has read it. Of what it could not read it asks its peer, or it
   * keeps it in `held`; without a word goes a PREKEY of a device that has left its list since (UNLISTED, MP2P/1 §7),
   * unless its session had begun before. What was not read consumes no key (§3): forward secrecy does not speak of it.
   *
   * @param {Sealed} sealed
   */
  wasRead(sealed) {
    const { id, kind, from, to } = sealed;
    if (this.#refused.has(id) || this.#held.has(id)) return false;
    if (kind !== KIND.PREKEY || this.#devices.get(laneOf(from.accountId, from.deviceId))?.isListed)
      return true;
    return to
      .stored('prekeys')
      .some(({ row, ekHash }) => row === 'replay' && toHex(ekHash) === sealed.ekHash);
  }

  /** @param {Uint8Array} id */
  envelope(id) {
    return this.#sealed.get(toHex(id));
  }

  /**
   * @param {TestDevice} device
   * @param {import('../outbox/item.js').Item} item
   */
  #noteSealed(device, item) {
    const id = toHex(/** @type {Uint8Array} */ (item.envelopeId));
    if (this.#sealed.has(id)) return;
    const recipient = this.#devices.get(laneOf(item.account, item.device));
    if (!recipient) throw new Error('an envelope to a device that nobody knows');
    const sealed = sealedOf(id, device, recipient, /** @type {Uint8Array} */ (item.envelope));
    this.#sealed.set(id, sealed);
    this.#noteKey(device, sealed);
    for (const listener of this.#sealListeners) listener(sealed, device);
  }

  /**
   * No message key seals twice, unless its device was rolled back; and no key ever with one nonce twice.
   *
   * @param {TestDevice} device
   * @param {Sealed} sealed
   */
  #noteKey(device, { sid16, header, nonce }) {
    const key = toHex(concat(sid16, header.dhPub, Uint8Array.of(header.n >>> 16, header.n >>> 8, header.n)));
    const nonces = this.#keys.get(key) ?? new Set();
    if (nonces.has(nonce)) this.violations.push('a key and nonce were used twice');
    if (nonces.size > 0 && !device.wasRestored) this.violations.push('a message key was used twice');
    this.#keys.set(key, nonces.add(nonce));
  }

  /**
   * @param {TestDevice} device
   * @param {string} id
   */
  #noteSeen(device, id) {
    const sealed = this.#sealed.get(id);
    if (!sealed) return; // damaged on the way
    this.acknowledged += 1;
    this.#held.delete(id);
    this.#fresh.get(device)?.add(sealed);
    for (const listener of this.#seenListeners) listener(sealed, device);
  }

  /** @param {Uint8Array} id */
  #noteRefused(id) {
    this.#refused.add(toHex(id));
  }
}

/**
 * @param {string} id hex
 * @param {TestDevice} sender
 * @param {TestDevice} recipient
 * @param {Uint8Array} envelope
 */
function sealedOf(id, sender, recipient, envelope) {
  const { kind, body } = openEnvelope(recipient.keys, envelope);
  const prekey = kind === KIND.PREKEY ? decodePrekeyBody(body) : null;
  const message = prekey?.message ?? body;
  const { header, sealed } = splitMessage(message);
  const { accountId, deviceId } = sender.keys;
  return {
    id,
    from: { accountId, deviceId },
    to: recipient,
    kind,
    body,
    message,
    header,
    sid16: header.sid16,
    /** The last resort: without a one-time key it is only as safe as the signed prekey (MP2P/1 §4). */
    lastResort: prekey?.opkId === 0,
    /** As the replay cache of a device names the session that it has begun; null: no PREKEY. */
    ekHash: prekey && toHex(sha256(prekey.ek).subarray(0, 16)),
    nonce: toHex(sealed.subarray(0, 24)),
  };
}
