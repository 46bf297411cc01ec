/**
 * Keys of rows on disk: an array of one blind (16 bytes, over all names) and the counters (MP2P/1 §9.7).
 *
 * @typedef {import('../engine-contract.js').KeyPart} KeyPart
 * @typedef {(input: Uint8Array) => Uint8Array} Blind
 */
import { concat, utf8, Writer } from '../crypto/bytes.js';

/**
 * @param {Blind} blind
 * @param {KeyPart[]} key
 * @returns {(Uint8Array | number)[]}
 */
export function keyOnDisk(blind, key) {
  const names = [];
  const counters = [];
  for (const part of key) {
    if (typeof part === 'number') counters.push(counter(part));
    else if (counters.length > 0) throw new TypeError('names come before counters');
    else names.push(part);
  }
  return [blindOf(blind, names), ...counters];
}

/**
 * @param {Blind} blind
 * @param {(string | Uint8Array)[]} names
 * @returns {Uint8Array}
 */
export function blindOf(blind, names) {
  if (names.length === 0) throw new TypeError('a key has at least one name');
  // Kind and length before each name, so that no two lists of names give one input.
  const input = new Writer();
  for (const name of names) {
    input.u8(typeof name === 'string' ? 1 : 2);
    input.lp16(typeof name === 'string' ? utf8(name) : name);
  }
  return blind(input.finish());
}

/**
 * What the seal of a row is bound to: blind and counters (u64) concatenated.
 *
 * @param {(Uint8Array | number)[]} key
 */
export function keyBytes(key) {
  const [blind, ...counters] = key;
  const bytes = new DataView(new ArrayBuffer(8 * counters.length));
  counters.forEach((value, i) => {
    bytes.setBigUint64(8 * i, BigInt(/** @type {number} */ (value)));
  });
  return concat(/** @type {Uint8Array} */ (blind), new Uint8Array(bytes.buffer));
}

/**
 * A key as IndexedDB gives it back: binary parts are ArrayBuffers.
 *
 * @param {IDBValidKey} key
 * @returns {(Uint8Array | number)[]}
 */
export function keyFromDisk(key) {
  const [blind, ...counters] = /** @type {[ArrayBuffer, ...number[]]} */ (key);
  return [new Uint8Array(blind), ...counters];
}

/** @param {number} value */
function counter(value) {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('a counter is a whole number ≥ 0');
  return value;
}
