import { utf8, Writer } from '../src/core/crypto/bytes.js';
import { labelledHash, sha256 } from '../src/core/crypto/hash.js';

/**
 * Runs something whose random values follow from a name, and gives what it drew. The core takes its randomness from
 * `crypto.getRandomValues` alone, so the product's own functions make vectors this way.
 * @template T
 * @param {string} name
 * @param {() => T} run synchronous
 * @returns {{ result: T, drawn: Uint8Array[] }}
 */
export function withFixedRandomness(name, run) {
  /** @type {Uint8Array[]} */
  const drawn = [];
  const value = (/** @type {ArrayBufferView} */ into) => {
    const bytes = fixedBytes(`${name} ${drawn.length}`, into.byteLength);
    new Uint8Array(into.buffer, into.byteOffset, into.byteLength).set(bytes);
    drawn.push(bytes);
    return into;
  };
  Object.defineProperty(crypto, 'getRandomValues', { value, configurable: true });
  try {
    return { result: run(), drawn };
  } finally {
    Reflect.deleteProperty(crypto, 'getRandomValues');
  }
}

/**
 * Bytes that follow from a name.
 * @param {string} name
 * @param {number} length
 */
export function fixedBytes(name, length) {
  const seed = labelledHash(name);
  const blocks = new Writer();
  for (let block = 0; block * 32 < length; block++) blocks.bytes(sha256(seed, utf8(String(block))));
  return blocks.finish().slice(0, length);
}
