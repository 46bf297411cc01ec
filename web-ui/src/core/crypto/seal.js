import { concat, equal, utf8 } from './bytes.js';
import { ProtocolError } from './errors.js';
import { sha256 } from './hash.js';
import { expand } from './hkdf.js';
import { randomBytes } from './random.js';
import { sodium } from './sodium.js';

const NONCE = 24;
const COMMITMENT = 32;
const TAG = 16;
const SEPARATOR = new Uint8Array(1);

/** What Seal adds to a plaintext: nonce, commitment, tag. */
export const SEAL_OVERHEAD = NONCE + COMMITMENT + TAG;

/**
 * Seal of MP2P/1 §1.1: XSalsa20-Poly1305 that binds associated data and commits to its key.
 * @param {Uint8Array} key 32 uniform bytes
 * @param {string} label one of SEAL in labels.js
 * @param {Uint8Array} ad
 * @param {Uint8Array} plaintext
 */
export function seal(key, label, ad, plaintext) {
  return sealWithNonceForTests(randomBytes(NONCE), key, label, ad, plaintext);
}

/**
 * Seal with a given nonce (MP2P/1 §1.1): for known answers only. Product code calls `seal`.
 * @param {Uint8Array} nonce
 * @param {Uint8Array} key
 * @param {string} label
 * @param {Uint8Array} ad
 * @param {Uint8Array} plaintext
 */
export function sealWithNonceForTests(nonce, key, label, ad, plaintext) {
  const { encryptionKey, commitment } = deriveKeys(nonce, key, label, ad);
  return concat(nonce, commitment, sodium.crypto_secretbox_easy(plaintext, nonce, encryptionKey));
}

/**
 * Open of MP2P/1 §1.1.
 * @param {Uint8Array} key
 * @param {string} label
 * @param {Uint8Array} ad
 * @param {Uint8Array} sealed
 * @returns {Uint8Array}
 * @throws {ProtocolError} E_FORMAT if too short, E_AUTH if key, label, ad or bytes are not those of the seal
 */
export function open(key, label, ad, sealed) {
  if (sealed.length < SEAL_OVERHEAD) throw new ProtocolError('E_FORMAT', 'sealed value too short');
  const nonce = sealed.subarray(0, NONCE);
  const { encryptionKey, commitment } = deriveKeys(nonce, key, label, ad);
  if (!equal(commitment, sealed.subarray(NONCE, NONCE + COMMITMENT))) {
    throw new ProtocolError('E_AUTH', 'commitment differs');
  }
  return openSecretbox(sealed.subarray(NONCE + COMMITMENT), nonce, encryptionKey);
}

/**
 * @param {Uint8Array} nonce
 * @param {Uint8Array} key
 * @param {string} label
 * @param {Uint8Array} ad
 */
function deriveKeys(nonce, key, label, ad) {
  if (key.length !== 32) throw new RangeError('a sealing key has 32 bytes');
  const okm = expand(key, concat(utf8(label), SEPARATOR, nonce, sha256(ad)), 64);
  return { encryptionKey: okm.subarray(0, 32), commitment: okm.subarray(32) };
}

/**
 * @param {Uint8Array} box
 * @param {Uint8Array} nonce
 * @param {Uint8Array} key
 */
function openSecretbox(box, nonce, key) {
  try {
    return sodium.crypto_secretbox_open_easy(box, nonce, key);
  } catch {
    throw new ProtocolError('E_AUTH', 'tag differs');
  }
}
