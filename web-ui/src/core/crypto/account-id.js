import { labelledHash } from './hash.js';
import { HASH } from './labels.js';

/**
 * The account id certifies itself: no server can put another identity key under it (MP2P/1 §2).
 * @param {Uint8Array} aik public account identity key
 */
export function accountIdOf(aik) {
  return labelledHash(HASH.accountId, aik).slice(0, 16);
}
