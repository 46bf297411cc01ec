import { concat, utf8 } from '../../src/core/crypto/bytes.js';
import { between, pick } from '../../src/core/model/chance.js';

/**
 * Changed copies of valid bytes. What is valid gets far into a decoder before something is wrong; noise does not.
 *
 * @typedef {import('../../src/core/model/chance.js').Chance} Chance
 * @typedef {(chance: Chance, bytes: Uint8Array, other: Uint8Array) => Uint8Array} Mutation `other`: another sample
 */

const LONGEST = 65_536;
const NUMBERS = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff,
];
const WORDS = [
  ...[
    'null',
    'true',
    '-1',
    '1e999',
    '9007199254740993',
    '""',
    '[]',
    '{}',
    '[[[[[[[[[[',
    '{"a":{"a":{"a":{"a":',
  ],
  ...[
    '"__proto__":',
    '"constructor":',
    '"toString":1',
    '"length":',
    '\\ud800',
    '\\u0000',
    'AAAA',
    'AB==',
    '-_',
  ],
].map(utf8);

/** @type {Mutation[]} */
const MUTATIONS = [
  function flipBit(chance, bytes) {
    return withByte(chance, bytes, (byte) => byte ^ (1 << between(chance, 0, 7)));
  },
  function setByte(chance, bytes) {
    return withByte(chance, bytes, () => between(chance, 0, 0xff));
  },
  function putNumber(chance, bytes) {
    const number = new Uint8Array(8);
    new DataView(number.buffer).setBigUint64(0, BigInt(pick(chance, NUMBERS)));
    const width = pick(chance, [1, 2, 4, 8]);
    return splice(chance, bytes, number.subarray(8 - width), width);
  },
  function truncate(chance, bytes) {
    return bytes.slice(0, between(chance, 0, bytes.length));
  },
  function leaveOut(chance, bytes) {
    return splice(chance, bytes, new Uint8Array(), between(chance, 1, 1 + (bytes.length >> 2)));
  },
  function repeat(chance, bytes) {
    return splice(chance, bytes, part(chance, bytes), 0);
  },
  function takeOver(chance, bytes, other) {
    const taken = part(chance, other);
    return splice(chance, bytes, taken, pick(chance, [0, taken.length]));
  },
  function putWord(chance, bytes) {
    const word = pick(chance, WORDS);
    return splice(chance, bytes, word, pick(chance, [0, word.length]));
  },
  function putNoise(chance, bytes) {
    const noise = Uint8Array.from({ length: between(chance, 1, 40) }, () => between(chance, 0, 0xff));
    return splice(chance, bytes, noise, pick(chance, [0, noise.length]));
  },
];

/**
 * @param {Chance} chance
 * @param {Uint8Array} bytes
 * @param {Uint8Array} other
 */
export function mutate(chance, bytes, other) {
  let changed = bytes;
  for (let left = between(chance, 1, 4); left > 0; left--)
    changed = pick(chance, MUTATIONS)(chance, changed, other);
  return changed.slice(0, LONGEST);
}

/**
 * @param {Chance} chance
 * @param {Uint8Array} bytes
 * @param {(byte: number) => number} change
 */
function withByte(chance, bytes, change) {
  const changed = bytes.slice();
  const at = between(chance, 0, bytes.length - 1);
  if (at < changed.length) changed[at] = change(Number(changed[at]));
  return changed;
}

/**
 * @param {Chance} chance
 * @param {Uint8Array} bytes
 * @param {Uint8Array} put
 * @param {number} removed
 */
function splice(chance, bytes, put, removed) {
  const at = between(chance, 0, bytes.length);
  return concat(bytes.subarray(0, at), put, bytes.subarray(Math.min(bytes.length, at + removed)));
}

/**
 * @param {Chance} chance
 * @param {Uint8Array} bytes
 */
function part(chance, bytes) {
  const from = between(chance, 0, bytes.length);
  return bytes.subarray(from, from + between(chance, 1, 64));
}
