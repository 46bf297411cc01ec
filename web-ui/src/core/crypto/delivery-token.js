import { utf8 } from './bytes.js';
import { hmac, sha256 } from './hash.js';
import { MAC } from './labels.js';

/**
 * What lets contacts deliver without a login, MP2P/1 §6.3.
 * @param {Uint8Array} deliveryKey 32 bytes, from a PROFILE
 */
export function deliveryToken(deliveryKey) {
  return hmac(deliveryKey, utf8(MAC.deliveryToken)).slice(0, 16);
}

/**
 * What the mailbox keeps of the token (MP2P/1 §6.3).
 * @param {Uint8Array} token
 */
export function deliveryTokenHash(token) {
  return sha256(token);
}
