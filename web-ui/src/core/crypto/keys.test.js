import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { flipBit } from '../../../test/flip-bit.js';
import fc from '../../../test/seeded.js';
import { fromHex } from './bytes.js';
import * as keys from './keys.js';
import { ready } from './sodium.js';

before(ready);

// The points of low order on Curve25519 and its twist, with their non-canonical encodings.
const LOW_ORDER = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
].map(fromHex);

test('a signature holds for its key, label and message alone', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), (message, at) => {
      const key = keys.newSigningKey();
      const signature = keys.sign(key.seed, 'dlc', message);
      assert.ok(keys.verify(key.publicKey, 'dlc', message, signature));
      assert.ok(!keys.verify(key.publicKey, 'device', message, signature));
      assert.ok(!keys.verify(key.publicKey, 'dlc', flipBit(message, at), signature));
      assert.ok(!keys.verify(key.publicKey, 'dlc', message, flipBit(signature, at)));
      assert.ok(!keys.verify(keys.newSigningKey().publicKey, 'dlc', message, signature));
    }),
    { numRuns: 30 },
  );
});

test('two sides agree on one secret', () => {
  const a = keys.newAgreementKey();
  const b = keys.newAgreementKey();
  assert.deepEqual(keys.agree(a.secretKey, b.publicKey), keys.agree(b.secretKey, a.publicKey));
});

test('a key of low order is refused', () => {
  const { secretKey } = keys.newAgreementKey();
  for (const point of LOW_ORDER) assert.throws(() => keys.agree(secretKey, point), { code: 'E_ZERO' });
});

test('an encapsulated secret comes out of the seed, another ciphertext gives another secret', () => {
  const key = keys.newKemKey();
  assert.equal(key.seed.length, 64);
  const { ciphertext, secret } = keys.encapsulate(key.publicKey);
  assert.deepEqual(keys.decapsulate(key.seed, ciphertext), secret);
  assert.notDeepEqual(keys.decapsulate(key.seed, flipBit(ciphertext, 5)), secret);
});

test('an encapsulation key with a coefficient above the modulus is refused', () => {
  assert.throws(() => keys.encapsulate(new Uint8Array(keys.KEM_PUBLIC_KEY).fill(0xff)), { code: 'E_FORMAT' });
});

test('a KEM key of a peer is looked at before it is needed', () => {
  keys.assertKemPublicKey(keys.newKemKey().publicKey);
  const wrong = new Uint8Array(keys.KEM_PUBLIC_KEY).fill(0xff);
  assert.throws(() => keys.assertKemPublicKey(wrong), { code: 'E_FORMAT' });
});

test('keys of another length are a defect of the caller, and no all-zero secret', () => {
  const { secretKey, publicKey } = keys.newAgreementKey();
  for (const length of [0, 31, 33]) {
    const wrong = new Uint8Array(length).fill(9);
    assert.throws(() => keys.agree(wrong, publicKey), RangeError);
    assert.throws(() => keys.agree(secretKey, wrong), RangeError);
    assert.throws(() => keys.verify(wrong, 'dlc', wrong, new Uint8Array(64)), RangeError);
  }
});
