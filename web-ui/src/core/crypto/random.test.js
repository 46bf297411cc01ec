import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { randomU32 } from './random.js';

/** @type {number[]} what the generator gives next */
let coming = [];

before(() => {
  const value = (/** @type {Uint32Array} */ into) => into.fill(coming.shift() ?? 0);
  Object.defineProperty(crypto, 'getRandomValues', { value, configurable: true });
});
after(() => Reflect.deleteProperty(crypto, 'getRandomValues'));

test('an id is never zero', () => {
  coming = [0, 0, 7, 0, 0xffffffff];
  assert.equal(randomU32(), 7);
  assert.equal(randomU32(), 0xffffffff);
});
