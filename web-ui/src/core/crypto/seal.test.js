import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { flipBit } from '../../../test/flip-bit.js';
import fc from '../../../test/seeded.js';
import { open, SEAL_OVERHEAD, seal } from './seal.js';
import { ready } from './sodium.js';

before(ready);

const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const label = fc.constantFrom('MP2P/1/msg', 'MP2P/1/env', 'MP2P/1/vault');
const bytes = fc.uint8Array({ maxLength: 120 });

test('what was sealed opens again, 72 bytes longer and never twice the same', () => {
  fc.assert(
    fc.property(key, label, bytes, bytes, (k, l, ad, plaintext) => {
      const sealed = seal(k, l, ad, plaintext);
      assert.equal(sealed.length, plaintext.length + SEAL_OVERHEAD);
      assert.deepEqual(open(k, l, ad, sealed), plaintext);
      assert.notDeepEqual(seal(k, l, ad, plaintext), sealed);
    }),
  );
});

test('another key, label or associated data opens nothing', () => {
  fc.assert(
    fc.property(key, label, bytes, bytes, fc.nat(), (k, l, ad, plaintext, at) => {
      const sealed = seal(k, l, ad, plaintext);
      assert.throws(() => open(flipBit(k, at), l, ad, sealed), { code: 'E_AUTH' });
      assert.throws(() => open(k, `${l}x`, ad, sealed), { code: 'E_AUTH' });
      assert.throws(() => open(k, l, Uint8Array.of(...ad, 0), sealed), { code: 'E_AUTH' });
      assert.throws(() => open(k, l, ad.length ? ad.subarray(1) : Uint8Array.of(0), sealed), {
        code: 'E_AUTH',
      });
    }),
  );
});

test('a changed bit, a missing and an added byte are refused', () => {
  fc.assert(
    fc.property(key, bytes, fc.nat(), (k, plaintext, at) => {
      const ad = new Uint8Array(0);
      const sealed = seal(k, 'MP2P/1/msg', ad, plaintext);
      assert.throws(() => open(k, 'MP2P/1/msg', ad, flipBit(sealed, at)), { code: 'E_AUTH' });
      for (let length = 0; length < sealed.length; length += 1 + (at % 7)) {
        assert.throws(() => open(k, 'MP2P/1/msg', ad, sealed.subarray(0, length)), { name: 'ProtocolError' });
      }
      assert.throws(() => open(k, 'MP2P/1/msg', ad, Uint8Array.of(...sealed, 0)), { code: 'E_AUTH' });
    }),
    { numRuns: 50 },
  );
});
