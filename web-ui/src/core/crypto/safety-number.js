import { accountIdOf } from './account-id.js';
import { concat, Reader, Writer } from './bytes.js';
import { sodium } from './sodium.js';

/** The number two people compare, MP2P/1 §10. */

const VERSION = 1;
const ITERATIONS = 5200;
const GROUPS = 6;

/**
 * 60 digits, the same for both sides (MP2P/1 §10).
 * @param {Uint8Array} ownAik
 * @param {Uint8Array} peerAik
 */
export function safetyNumber(ownAik, peerAik) {
  return [fingerprintDigits(ownAik), fingerprintDigits(peerAik)].sort().join('');
}

/**
 * The 30 digits of one side (MP2P/1 §10).
 * @param {Uint8Array} aik
 */
export function fingerprintDigits(aik) {
  /** @type {Uint8Array} */
  let hash = new Writer().u16(VERSION).fixed(aik, 32).bytes(accountIdOf(aik)).finish();
  for (let i = 0; i < ITERATIONS; i++) hash = sodium.crypto_hash_sha512(concat(hash, aik));
  const reader = new Reader(hash);
  let digits = '';
  for (let group = 0; group < GROUPS; group++) {
    const value = reader.u8() * 2 ** 32 + reader.u32();
    digits += String(value % 100_000).padStart(5, '0');
  }
  return digits;
}

/**
 * What a QR code carries (MP2P/1 §10).
 * @param {Uint8Array} ownAik
 * @param {Uint8Array} peerAik
 */
export function safetyQr(ownAik, peerAik) {
  return new Writer().u8(VERSION).fixed(ownAik, 32).fixed(peerAik, 32).finish();
}
