import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../../test/seeded.js';
import { pad, unpad } from './padding.js';

test('content comes back from the smallest bucket that is strictly larger', () => {
  fc.assert(
    fc.property(fc.nat(32767), (length) => {
      const content = new Uint8Array(length).fill(0x80);
      const padded = pad(content);
      assert.deepEqual(unpad(padded), content);
      assert.ok(padded.length > length && (padded.length === 256 || padded.length / 2 <= length));
    }),
    { numRuns: 200 },
  );
  assert.equal(pad(new Uint8Array(255)).length, 256);
  assert.equal(pad(new Uint8Array(256)).length, 512);
});

test('content above 32767 bytes is refused', () => {
  assert.throws(() => pad(new Uint8Array(32768)), { code: 'E_FORMAT' });
});

test('a wrong length, a missing mark and zeros alone are refused', () => {
  assert.throws(() => unpad(pad(new Uint8Array(3)).subarray(1)), { code: 'E_FORMAT' });
  assert.throws(() => unpad(new Uint8Array(256)), { code: 'E_FORMAT' });
  assert.throws(() => unpad(new Uint8Array(256).fill(1)), { code: 'E_FORMAT' });
  assert.throws(() => unpad(new Uint8Array(0)), { code: 'E_FORMAT' });
});
