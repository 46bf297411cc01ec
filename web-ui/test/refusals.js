import { ProtocolError } from '../src/core/crypto/errors.js';

/**
 * What a decoder gives, or null if it refuses; whatever else it throws comes through.
 * @template T
 * @param {() => T} decode
 * @param {...import('../src/core/crypto/errors.js').ProtocolErrorCode} codes that it may refuse with; none: all
 * @returns {T | null}
 */
export function valueOrRefusal(decode, ...codes) {
  try {
    return decode();
  } catch (error) {
    const refused = error instanceof ProtocolError && (codes.length === 0 || codes.includes(error.code));
    if (refused) return null;
    throw error;
  }
}
