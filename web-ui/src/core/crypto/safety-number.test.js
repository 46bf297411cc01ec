import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { newSigningKey } from './keys.js';
import { safetyNumber, safetyQr } from './safety-number.js';
import { ready } from './sodium.js';

before(ready);

test('both sides read the same 60 digits, and another key gives others', () => {
  const [a, b, c] = [newSigningKey(), newSigningKey(), newSigningKey()].map(({ publicKey }) => publicKey);
  assert.ok(a && b && c);
  assert.match(safetyNumber(a, b), /^\d{60}$/);
  assert.equal(safetyNumber(a, b), safetyNumber(b, a));
  assert.notEqual(safetyNumber(a, b), safetyNumber(a, c));
});

test('what one side shows is what the other expects, turned round', () => {
  const [a, b] = [newSigningKey().publicKey, newSigningKey().publicKey];
  assert.equal(safetyQr(a, b).length, 65);
  assert.deepEqual(safetyQr(a, b).subarray(1, 33), safetyQr(b, a).subarray(33));
});
