import assert from 'node:assert/strict';
import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from './bytes.js';
import { hmac, sha256 } from './hash.js';
import { expand, extract, hkdf } from './hkdf.js';
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

test('HKDF gives the answers of RFC 5869 A.1 and agrees with another implementation', () => {
  const prk = extract(fromHex('000102030405060708090a0b0c'), new Uint8Array(22).fill(0x0b));
  assert.equal(toHex(prk), '077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5');
  assert.equal(
    toHex(expand(prk, fromHex('f0f1f2f3f4f5f6f7f8f9'), 42)),
    '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
  );
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
