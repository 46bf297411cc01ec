import { concat, utf8 } from './bytes.js';
import { sodium } from './sodium.js';

const BLOCK = 64;
const DIGEST = 32;
const SEPARATOR = new Uint8Array(1);

/**
 * SHA-256, `H` of MP2P/1 §1.
 * @param {...Uint8Array} parts
 */
export function sha256(...parts) {
  return sodium.crypto_hash_sha256(concat(...parts));
}

/**
 * `H(label || 0x00 || …)`: the labels of kind H in MP2P/1 §1.
 * @param {string} label
 * @param {...Uint8Array} parts
 */
export function labelledHash(label, ...parts) {
  return sha256(utf8(label), SEPARATOR, ...parts);
}

/**
 * HMAC-SHA-256 (RFC 2104) with a key of any length (MP2P/1 §1).
 * @param {Uint8Array} key
 * @param {...Uint8Array} parts
 */
export function hmac(key, ...parts) {
  if (key.length === DIGEST) return sodium.crypto_auth_hmacsha256(concat(...parts), key);
  const block = new Uint8Array(BLOCK);
  block.set(key.length > BLOCK ? sha256(key) : key);
  const inner = sha256(
    block.map((byte) => byte ^ 0x36),
    ...parts,
  );
  return sha256(
    block.map((byte) => byte ^ 0x5c),
    inner,
  );
}
