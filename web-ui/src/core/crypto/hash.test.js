import assert from 'node:assert/strict';
import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { before, test } from 'node:test';
import fc from '../../../test/seeded.js';
import { toHex } from './bytes.js';
import { hmac, sha256 } from './hash.js';
import { hkdf } from './hkdf.js';
import { ready } from './sodium.js';

before(ready);

test('hash and HMAC agree with another implementation for every key length', () => {
  const key = fc.uint8Array({ maxLength: 140 });
  fc.assert(
    fc.property(key, fc.uint8Array({ maxLength: 200 }), fc.uint8Array(), (k, a, b) => {
      assert.equal(toHex(sha256(a, b)), createHash('sha256').update(a).update(b).digest('hex'));
      assert.equal(toHex(hmac(k, a, b)), createHmac('sha256', k).update(a).update(b).digest('hex'));
    }),
  );
});

test('HKDF agrees with another implementation', () => {
  const salt = fc.uint8Array({ maxLength: 80 });
  fc.assert(
    fc.property(
      salt,
      fc.uint8Array(),
      fc.uint8Array(),
      fc.integer({ min: 1, max: 130 }),
      (s, ikm, info, length) => {
        assert.equal(
          toHex(hkdf(s, ikm, info, length)),
          Buffer.from(hkdfSync('sha256', ikm, s, info, length)).toString('hex'),
        );
      },
    ),
  );
});
