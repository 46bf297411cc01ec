import { concat, Reader, Writer } from './bytes.js';
import { ProtocolError } from './errors.js';
import { labelledHash } from './hash.js';
import { hkdf } from './hkdf.js';
import { agree, KEM_CIPHERTEXT, newAgreementKey } from './keys.js';
import { HASH, INFO, SEAL } from './labels.js';
import { open, seal } from './seal.js';

/** The outer sealed envelope and the body of a PREKEY, MP2P/1 §6.1 and §4. */

/** @enum {1 | 2} */
export const KIND = Object.freeze({ RATCHET: 1, PREKEY: 2 });

/** Largest envelope on every path (§1.3). */
export const MAX_ENVELOPE = 40_960;

const VERSION = 1;
const HEAD = 33;
const MAX_EPOCH = 0xfffffffe;

/**
 * @typedef {object} Inner what an envelope holds; nothing of it is authenticated yet
 * @property {Uint8Array} senderAccountId
 * @property {number} senderDeviceId
 * @property {1 | 2} kind
 * @property {Uint8Array} body
 *
 * @typedef {object} PrekeyHead what a PREKEY repeats until its session is confirmed
 * @property {number} epoch
 * @property {number} spkId
 * @property {number} opkId 0: none
 * @property {3 | 4} pqKind
 * @property {number} pqId
 * @property {Uint8Array} ek
 * @property {Uint8Array} ct
 */

/**
 * The envelope around a message, for one device alone (MP2P/1 §6.1).
 * @param {{ recipient: { accountId: Uint8Array, deviceId: number, dhk: Uint8Array },
 *   sender: { accountId: Uint8Array, deviceId: number }, kind: 1 | 2, body: Uint8Array }} envelope
 * @returns {Uint8Array<ArrayBuffer>}
 * @throws {ProtocolError} E_ZERO for a recipient key of low order, E_FORMAT above MAX_ENVELOPE
 */
export function sealEnvelope({ recipient, sender, kind, body }) {
  const ephemeral = newAgreementKey();
  const inner = new Writer().fixed(sender.accountId, 16).u32(sender.deviceId).u8(kind).bytes(body).finish();
  const key = envelopeKey(ephemeral.publicKey, recipient.dhk, agree(ephemeral.secretKey, recipient.dhk));
  const sealed = seal(key, SEAL.envelope, associatedData(ephemeral.publicKey, recipient), inner);
  const envelope = concat(Uint8Array.of(VERSION), ephemeral.publicKey, sealed);
  if (envelope.length > MAX_ENVELOPE) throw new ProtocolError('E_FORMAT', 'envelope too large');
  return envelope;
}

/**
 * What an envelope for this device holds (MP2P/1 §6.1).
 * @param {{ accountId: Uint8Array, deviceId: number, dhk: Uint8Array, dhkSecret: Uint8Array }} self
 * @param {Uint8Array} envelope
 * @returns {Inner}
 * @throws {ProtocolError} E_FORMAT, E_ZERO, or E_AUTH if it is not for this device
 */
export function openEnvelope(self, envelope) {
  if (envelope.length > MAX_ENVELOPE) throw new ProtocolError('E_FORMAT', 'envelope too large');
  const head = new Reader(envelope.subarray(0, HEAD));
  if (head.u8() !== VERSION) throw new ProtocolError('E_FORMAT', 'envelope version');
  const ephemeral = head.bytes(32);
  const key = envelopeKey(ephemeral, self.dhk, agree(self.dhkSecret, ephemeral));
  const reader = new Reader(
    open(key, SEAL.envelope, associatedData(ephemeral, self), envelope.subarray(HEAD)),
  );
  const senderAccountId = reader.bytes(16);
  const senderDeviceId = reader.u32();
  const kind = reader.u8();
  if (kind !== KIND.RATCHET && kind !== KIND.PREKEY) throw new ProtocolError('E_FORMAT', 'message kind');
  return { senderAccountId, senderDeviceId, kind, body: reader.rest() };
}

/**
 * `envelope_id` of MP2P/1 §6.1.
 * @param {Uint8Array} envelope
 */
export function envelopeId(envelope) {
  return labelledHash(HASH.envelopeId, envelope).slice(0, 16);
}

/**
 * The body of a PREKEY, MP2P/1 §4.
 * @param {PrekeyHead & { deviceList: Uint8Array, message: Uint8Array }} prekey
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function encodePrekeyBody({ epoch, spkId, opkId, pqKind, pqId, ek, ct, deviceList, message }) {
  return new Writer()
    .u32(epoch)
    .u32(spkId)
    .u32(opkId)
    .u8(pqKind)
    .u32(pqId)
    .fixed(ek, 32)
    .fixed(ct, KEM_CIPHERTEXT)
    .lp16(deviceList)
    .bytes(message)
    .finish();
}

/**
 * The body of a PREKEY, MP2P/1 §4; its list and its message are not looked at.
 * @param {Uint8Array} body
 * @returns {PrekeyHead & { deviceList: Uint8Array, message: Uint8Array }}
 */
export function decodePrekeyBody(body) {
  const reader = new Reader(body);
  const epoch = reader.u32();
  const spkId = reader.u32();
  const opkId = reader.u32();
  const pqKind = reader.u8();
  const pqId = reader.u32();
  if (epoch === 0 || epoch > MAX_EPOCH) throw new ProtocolError('E_FORMAT', 'epoch');
  if (spkId === 0 || pqId === 0) throw new ProtocolError('E_FORMAT', 'prekey id 0');
  if (pqKind !== 3 && pqKind !== 4) throw new ProtocolError('E_FORMAT', 'KEM prekey kind');
  const ek = reader.bytes(32);
  const ct = reader.bytes(KEM_CIPHERTEXT);
  return { epoch, spkId, opkId, pqKind, pqId, ek, ct, deviceList: reader.lp16(), message: reader.rest() };
}

/**
 * @param {Uint8Array} ephemeral
 * @param {Uint8Array} dhk
 * @param {Uint8Array} shared
 */
function envelopeKey(ephemeral, dhk, shared) {
  return hkdf(concat(ephemeral, dhk), shared, INFO.envelopeKey, 32);
}

/**
 * @param {Uint8Array} ephemeral
 * @param {{ accountId: Uint8Array, deviceId: number, dhk: Uint8Array }} recipient
 */
function associatedData(ephemeral, { accountId, deviceId, dhk }) {
  return new Writer().u8(VERSION).bytes(ephemeral).fixed(accountId, 16).u32(deviceId).fixed(dhk, 32).finish();
}
