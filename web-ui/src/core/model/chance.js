/**
 * Reproducible chance for model tests (mulberry32): a failing seed is named by the test and runs the same again.
 *
 * @typedef {() => number} Chance uniform in [0, 1)
 */

/**
 * @param {number} seed
 * @returns {Chance}
 */
export function chanceOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Keys, nonces and ids of this process come from the seed as well. For tests alone: nothing of it is secret.
 *
 * @param {number} seed
 */
export function seedKeys(seed) {
  const chance = chanceOf(seed);
  const getRandomValues = (/** @type {Uint8Array | Uint32Array} */ target) => {
    const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
    for (let i = 0; i < bytes.length; i++) bytes[i] = chance() * 256;
    return target;
  };
  Object.defineProperty(globalThis.crypto, 'getRandomValues', { value: getRandomValues, configurable: true });
}

/**
 * @template T
 * @param {Chance} chance
 * @param {readonly T[]} list
 * @returns {T}
 */
export const pick = (chance, list) => /** @type {T} */ (list[Math.floor(chance() * list.length)]);

/**
 * @param {Chance} chance
 * @param {number} from
 * @param {number} to inclusive
 */
export const between = (chance, from, to) => from + Math.floor(chance() * (to - from + 1));
