import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { everyBitOf } from '../../../test/flip-bit.js';
import fc from '../../../test/seeded.js';
import { concat, fromUtf8, utf8 } from './bytes.js';
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

test('any changed bit of key, label, associated data or sealed value is E_AUTH', () => {
  fc.assert(
    fc.property(key, label, bytes, bytes, (k, l, ad, plaintext) => {
      const sealed = seal(k, l, ad, plaintext);
      const refused = (/** @type {Parameters<typeof open>} */ ...changed) =>
        assert.throws(() => open(...changed), { code: 'E_AUTH' });
      for (const changed of everyBitOf(k)) refused(changed, l, ad, sealed);
      for (const changed of everyBitOf(utf8(l), 7)) refused(k, fromUtf8(changed), ad, sealed);
      for (const changed of everyBitOf(ad)) refused(k, l, changed, sealed);
      for (const changed of everyBitOf(sealed)) refused(k, l, ad, changed);
      assert.deepEqual(open(k, l, ad, sealed), plaintext);
    }),
    { numRuns: 12 },
  );
});

test('a label or associated data that is cut or longer, and bytes moved between them, open nothing', () => {
  fc.assert(
    fc.property(key, label, bytes, bytes, (k, l, ad, plaintext) => {
      const sealed = seal(k, l, ad, plaintext);
      const moved = fromUtf8(ad.subarray(0, 1).map((byte) => byte & 0x7f));
      for (const [otherLabel, otherAd] of /** @type {[string, Uint8Array][]} */ ([
        [`${l}x`, ad],
        [`${l}\0`, ad],
        [l.slice(0, -1), ad],
        [l, Uint8Array.of(...ad, 0)],
        [l, ad.length ? ad.subarray(1) : Uint8Array.of(0)],
        [l + moved, ad.subarray(1)],
        [l.slice(0, -1), Uint8Array.of(l.charCodeAt(l.length - 1), ...ad)],
      ])) {
        if (otherLabel === l && otherAd.length === ad.length) continue;
        assert.throws(() => open(k, otherLabel, otherAd, sealed), { code: 'E_AUTH' });
      }
    }),
  );
});

test('a sealed value that is cut or longer is refused', () => {
  fc.assert(
    fc.property(key, bytes, fc.uint8Array({ minLength: 1, maxLength: 40 }), (k, plaintext, surplus) => {
      const ad = new Uint8Array(0);
      const sealed = seal(k, 'MP2P/1/msg', ad, plaintext);
      for (let length = 0; length < sealed.length; length++) {
        const code = length < SEAL_OVERHEAD ? 'E_FORMAT' : 'E_AUTH';
        assert.throws(() => open(k, 'MP2P/1/msg', ad, sealed.subarray(0, length)), { code });
      }
      for (const longer of [concat(sealed, surplus), concat(surplus, sealed)]) {
        assert.throws(() => open(k, 'MP2P/1/msg', ad, longer), { code: 'E_AUTH' });
      }
    }),
    { numRuns: 50 },
  );
});

test('a key of another length than 32 bytes is a defect of the caller', () => {
  const none = new Uint8Array(0);
  for (const length of [0, 31, 33, 64]) {
    const wrong = new Uint8Array(length);
    assert.throws(() => seal(wrong, 'MP2P/1/msg', none, none), RangeError);
    assert.throws(() => open(wrong, 'MP2P/1/msg', none, new Uint8Array(SEAL_OVERHEAD)), RangeError);
  }
});
