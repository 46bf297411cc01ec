import { concat, Reader, Writer } from './bytes.js';
import { ProtocolError } from './errors.js';
import { KEM_CIPHERTEXT, KEM_PUBLIC_KEY } from './keys.js';

/** The header of a ratchet message, MP2P/1 §5.1. */

export const FLAG_EK = 1;
export const FLAG_CT = 2;
export const FLAG_ELIDED = 4;
const VERSION = 1;

/**
 * @typedef {object} Header
 * @property {number} flags
 * @property {Uint8Array} sid16
 * @property {number} pn length of the sender's chain before this one
 * @property {number} n number in this chain
 * @property {Uint8Array} dhPub
 * @property {Uint8Array | null} ek offered KEM key, null if absent or elided
 * @property {Uint8Array | null} ct KEM ciphertext, null if absent or elided
 */

/**
 * The header of MP2P/1 §5.1, which is also part of the associated data.
 * @param {Header} header
 */
export function encodeHeader({ flags, sid16, pn, n, dhPub, ek, ct }) {
  const writer = new Writer().u8(VERSION).u8(flags).fixed(sid16, 16).u32(pn).u32(n).fixed(dhPub, 32);
  if (ek) writer.fixed(ek, KEM_PUBLIC_KEY);
  if (ct) writer.fixed(ct, KEM_CIPHERTEXT);
  return writer.finish();
}

/**
 * The header of MP2P/1 §5.1, its bytes, and what is sealed behind it.
 * @param {Uint8Array} message
 * @returns {{ header: Header, headerBytes: Uint8Array, sealed: Uint8Array }}
 * @throws {ProtocolError} E_FORMAT
 */
export function splitMessage(message) {
  const reader = new Reader(message);
  if (reader.u8() !== VERSION) throw new ProtocolError('E_FORMAT', 'ratchet version');
  const flags = reader.u8();
  const [hasEk, hasCt, elided] = [flags & FLAG_EK, flags & FLAG_CT, flags & FLAG_ELIDED];
  if (flags & ~(FLAG_EK | FLAG_CT | FLAG_ELIDED) || (hasEk && hasCt) || (elided && !hasEk && !hasCt)) {
    throw new ProtocolError('E_FORMAT', 'ratchet flags');
  }
  const header = {
    flags,
    sid16: reader.bytes(16),
    pn: reader.u32(),
    n: reader.u32(),
    dhPub: reader.bytes(32),
    ek: hasEk && !elided ? reader.bytes(KEM_PUBLIC_KEY) : null,
    ct: hasCt && !elided ? reader.bytes(KEM_CIPHERTEXT) : null,
  };
  return { header, headerBytes: message.slice(0, reader.position), sealed: reader.rest() };
}

/**
 * `chain_pub` of §5.1: always the full values, also when later messages elide them.
 * @param {number} flags
 * @param {Uint8Array} dhPub
 * @param {Uint8Array | null} ek
 * @param {Uint8Array | null} ct
 */
export function chainPublic(flags, dhPub, ek, ct) {
  const none = new Uint8Array(0);
  return concat(Uint8Array.of(flags & (FLAG_EK | FLAG_CT)), dhPub, ek ?? none, ct ?? none);
}
