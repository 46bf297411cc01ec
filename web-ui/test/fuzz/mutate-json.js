import { concat, utf8 } from '../../src/core/crypto/bytes.js';
import { between, pick } from '../../src/core/model/chance.js';

/**
 * Changes a value somewhere in JSON, which stays JSON.
 *
 * @typedef {import('../../src/core/model/chance.js').Chance} Chance
 */

const deep = '['.repeat(60) + ']'.repeat(60);
const VALUES = [
  ...[null, true, false, 0, -1, 0.5, 255, 65_536, 2 ** 32, 2 ** 53, 1e308, '', 'x', '\ud800', '\u0000'],
  ...[
    'A',
    'AA',
    'AB',
    'AAAA',
    'A'.repeat(22),
    'A'.repeat(43),
    'x'.repeat(3000),
    'offer',
    'sent',
    '__proto__',
  ],
  ...[[], {}, [null], [[]], { toString: 1, valueOf: 1 }, { length: 1e9 }, JSON.parse(deep)],
];
const KEYS = ['__proto__', 'constructor', 'toString', 'length', '', '0', 'of', 'g', 'kind', 'text'];

/**
 * @param {Chance} chance
 * @param {Uint8Array} bytes
 * @param {number} at where JSON begins
 */
export function mutateJson(chance, bytes, at) {
  const value = JSON.parse(new TextDecoder().decode(bytes.subarray(at)));
  const changed = changeIn(chance, value);
  return concat(bytes.subarray(0, at), utf8(JSON.stringify(changed) ?? 'null'));
}

/**
 * @param {Chance} chance
 * @param {any} value
 * @returns {any}
 */
function changeIn(chance, value) {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (keys.length === 0 || chance() < 0.1) return pick(chance, VALUES);
  const key = pick(chance, keys);
  const changed = Array.isArray(value) ? [...value] : Object.assign(Object.create(null), value);
  switch (between(chance, 0, 9)) {
    case 0:
      if (Array.isArray(changed)) changed.splice(Number(key), 1);
      else delete changed[key];
      break;
    case 1:
      changed[Array.isArray(changed) ? changed.length : pick(chance, KEYS)] = pick(chance, VALUES);
      break;
    case 2:
      if (Array.isArray(changed)) changed.push(...Array(between(chance, 1, 300)).fill(changed[Number(key)]));
      else changed[key] = Array(between(chance, 1, 300)).fill(changed[key]);
      break;
    default:
      changed[key] = changeIn(chance, changed[key]);
  }
  return changed;
}
