import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { flipBit } from '../../../test/flip-bit.js';
import fc from '../../../test/seeded.js';
import { decryptFile, encryptFile, encryptPaddedForTests, padmeLength } from './attachment.js';
import { concat, utf8, Writer } from './bytes.js';
import { sha256 } from './hash.js';
import { expand } from './hkdf.js';
import { INFO } from './labels.js';
import { randomBytes } from './random.js';
import { ready } from './sodium.js';

before(ready);

const HEAD = 29 + 32;
const SEALED_CHUNK = 65_536 + 16;

test('a file of any size comes back, at most 12 % longer on the way', () => {
  for (const length of [0, 1, 255, 256, 257, 65_535, 65_536, 65_537, 200_000]) {
    const file = new Uint8Array(length).map((_, i) => i * 7);
    const { key, blob } = encryptFile(file);
    assert.deepEqual(decryptFile(key, blob), file);
    assert.ok(blob.length <= Math.max(length, 256) * 1.12 + HEAD + 16 * 5);
  }
});

test('padded lengths grow, cover the file and keep few significant bits', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 50 }), (length) => {
      const padded = padmeLength(length);
      assert.ok(padded >= Math.max(length, 256) && padded <= Math.max(length, 256) * 1.12);
      assert.equal(padmeLength(padded), padded);
    }),
  );
  assert.equal(padmeLength(2 ** 40 + 1), 2 ** 40 + 2 ** 34);
});

/** The same attack with a hash that fits: what the sender itself could have tampered with. */
const rehashed = (/** @type {import('./attachment.js').FileKey} */ key, /** @type {Uint8Array} */ blob) => ({
  ...key,
  hash: sha256(blob),
});

test('a truncated, reordered, extended or changed blob gives nothing, even if its hash is right', () => {
  const { key, blob } = encryptFile(concat(randomBytes(60_000), randomBytes(60_000), randomBytes(60_000)));
  const chunk = (/** @type {number} */ i) =>
    blob.subarray(HEAD + i * SEALED_CHUNK, HEAD + (i + 1) * SEALED_CHUNK);
  const swapped = concat(blob.subarray(0, HEAD), chunk(1), chunk(0), blob.subarray(HEAD + 2 * SEALED_CHUNK));
  const truncated = blob.subarray(0, HEAD + 2 * SEALED_CHUNK);
  const broken = [swapped, truncated, blob.subarray(1), concat(blob, Uint8Array.of(0)), new Uint8Array(0)];
  for (const at of [0, 3, 12, 28, 29, 60, 61, 70_000, blob.length - 1]) broken.push(flipBit(blob, at));
  for (const changed of broken) {
    assert.throws(() => decryptFile(key, changed), { code: 'E_AUTH' });
    assert.throws(() => decryptFile(rehashed(key, changed), changed), { name: 'ProtocolError' });
  }
});

test('a true length beyond the padding, and bytes after it that are not zero, are refused', () => {
  const fk = randomBytes(32);
  const blob = encryptPaddedForTests(fk, randomBytes(16), new Uint8Array(300).fill(1));
  const key = { fk, hash: sha256(blob), length: 300 };
  assert.equal(decryptFile(key, blob).length, 300);
  assert.throws(() => decryptFile({ ...key, length: 301 }, blob), { code: 'E_FORMAT' });
  assert.throws(() => decryptFile({ ...key, length: 299 }, blob), { code: 'E_FORMAT' });
});

test('a header of another version or chunk size, or of no bytes, is E_FORMAT although its maker committed to it', () => {
  const fk = randomBytes(32);
  const committed = (
    /** @type {number} */ version,
    /** @type {number} */ chunk,
    /** @type {number} */ length,
  ) => {
    const header = new Writer().u8(version).u32(chunk).u64(length).bytes(randomBytes(16)).finish();
    const okm = expand(fk, concat(utf8(INFO.file), new Uint8Array(1), sha256(header)), 64);
    return concat(header, okm.subarray(32), new Uint8Array(length ? length + 16 : 0));
  };
  const opened = (/** @type {Uint8Array} */ blob) => decryptFile({ fk, hash: sha256(blob), length: 0 }, blob);
  assert.throws(() => opened(committed(1, 65_536, 256)), { code: 'E_AUTH' });
  for (const [version, chunk, length] of /** @type {[number, number, number][]} */ ([
    [0, 65_536, 256],
    [2, 65_536, 256],
    [1, 0, 256],
    [1, 32_768, 256],
    [1, 65_535, 256],
    [1, 131_072, 256],
    [1, 65_536, 0],
  ])) {
    const blob = committed(version, chunk, length);
    assert.throws(() => opened(blob), { code: 'E_FORMAT' }, `${version} ${chunk} ${length}`);
  }
});
