import { concat, utf8 } from './bytes.js';
import { hmac } from './hash.js';

const HASH_LENGTH = 32;

/**
 * RFC 5869 §2.2.
 * @param {Uint8Array} salt
 * @param {Uint8Array} ikm
 */
export function extract(salt, ikm) {
  return hmac(salt, ikm);
}

/**
 * RFC 5869 §2.3. `prk` is uniform: the output of `extract`, of an HMAC, or a random key (RFC 5869 §3.3).
 * @param {Uint8Array} prk
 * @param {Uint8Array | string} info
 * @param {number} length
 */
export function expand(prk, info, length) {
  if (length > 255 * HASH_LENGTH) throw new RangeError('HKDF output too long');
  const context = typeof info === 'string' ? utf8(info) : info;
  const okm = new Uint8Array(Math.ceil(length / HASH_LENGTH) * HASH_LENGTH);
  /** @type {Uint8Array} */
  let block = new Uint8Array(0);
  for (let i = 0; i * HASH_LENGTH < length; i++) {
    block = hmac(prk, concat(block, context, Uint8Array.of(i + 1)));
    okm.set(block, i * HASH_LENGTH);
  }
  return okm.slice(0, length);
}

/**
 * `HKDF` of MP2P/1 §1.
 * @param {Uint8Array} salt
 * @param {Uint8Array} ikm
 * @param {Uint8Array | string} info
 * @param {number} length
 */
export function hkdf(salt, ikm, info, length) {
  return expand(extract(salt, ikm), info, length);
}
