import assert from 'node:assert/strict';
import { test } from 'node:test';
import { valueOrRefusal } from '../../../test/refusals.js';
import fc from '../../../test/seeded.js';
import * as bytes from './bytes.js';

const anyBytes = fc.uint8Array({ maxLength: 300 });

test('base64url and hex give back what they were given', () => {
  fc.assert(
    fc.property(anyBytes, (value) => {
      assert.deepEqual(bytes.fromBase64url(bytes.toBase64url(value)), value);
      assert.deepEqual(bytes.fromHex(bytes.toHex(value)), value);
      assert.equal(bytes.toBase64url(value), Buffer.from(value).toString('base64url'));
    }),
  );
});

test('base64url refuses padding, the other alphabet and stray bits', () => {
  for (const text of ['AA==', 'A', '+/8', 'AB', 'A A', '-_-_=']) {
    assert.throws(() => bytes.fromBase64url(text), { code: 'E_FORMAT' }, text);
  }
});

test('any text is read as base64url or hex in its one form, or refused', () => {
  const near = fc.string({ unit: fc.constantFrom(...'AQgwZ-_0129af+/= \n', 'ä', '\0') });
  fc.assert(
    fc.property(fc.oneof(near, fc.string({ unit: 'binary' })), (text) => {
      const ofBase64 = valueOrRefusal(() => bytes.fromBase64url(text), 'E_FORMAT');
      if (ofBase64) assert.equal(bytes.toBase64url(ofBase64), text);
      const ofHex = valueOrRefusal(() => bytes.fromHex(text), 'E_FORMAT');
      if (ofHex) assert.equal(bytes.toHex(ofHex), text.toLowerCase());
    }),
    { numRuns: 150 },
  );
});

test('compare orders bytewise unsigned over the whole length', () => {
  fc.assert(
    fc.property(anyBytes, anyBytes, (a, b) => {
      assert.equal(Math.sign(bytes.compare(a, b)), Buffer.compare(a, b));
      assert.equal(bytes.equal(a, b), Buffer.compare(a, b) === 0);
    }),
  );
});

test('compare looks at the first byte that differs, and a prefix comes first', () => {
  fc.assert(
    fc.property(anyBytes, fc.nat(254), anyBytes, anyBytes, (common, byte, a, b) => {
      const small = bytes.concat(common, Uint8Array.of(byte), a);
      const great = bytes.concat(common, Uint8Array.of(byte + 1), b);
      assert.ok(bytes.compare(small, great) < 0 && bytes.compare(great, small) > 0);
      assert.ok(bytes.compare(common, small) < 0 && bytes.compare(small, common) > 0);
      assert.equal(bytes.compare(small, small.slice()), 0);
    }),
  );
});

test('bytes are zero if all of them are, and secrets that are overwritten are', () => {
  assert.equal(bytes.isZero(new Uint8Array(3)), true);
  for (const value of [
    [1, 0, 0],
    [0, 0, 0x80],
    [1, 2],
  ]) {
    assert.equal(bytes.isZero(Uint8Array.from(value)), false, `${value}`);
  }
  const secrets = [Uint8Array.of(1, 2), Uint8Array.of(3)];
  bytes.zero(...secrets);
  assert.deepEqual(secrets, [new Uint8Array(2), new Uint8Array(1)]);
});

test('a field of fixed length takes no other one', () => {
  for (const length of [0, 15, 17, 32]) {
    assert.throws(() => new bytes.Writer().fixed(new Uint8Array(length), 16), RangeError);
  }
  assert.equal(new bytes.Writer().fixed(new Uint8Array(16), 16).finish().length, 16);
});

test('a reader gives back what a writer wrote and refuses what is cut or longer', () => {
  const u64 = fc.maxSafeNat();
  const u32 = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(
    fc.property(u32, u64, anyBytes, (a, b, c) => {
      const written = new bytes.Writer().u8(7).u16(0xfffe).u32(a).u64(b).lp16(c).finish();
      /** @param {Uint8Array} input */
      const read = (input) => {
        const reader = new bytes.Reader(input);
        const fields = [reader.u8(), reader.u16(), reader.u32(), reader.u64(), reader.lp16()];
        reader.end();
        return fields;
      };
      assert.deepEqual(read(written), [7, 0xfffe, a, b, c]);
      assert.throws(() => read(written.subarray(0, written.length - 1)), { code: 'E_FORMAT' });
      assert.throws(() => read(bytes.concat(written, Uint8Array.of(0))), { code: 'E_FORMAT' });
    }),
  );
});

test('a u64 beyond the safe integers is refused', () => {
  assert.throws(() => new bytes.Reader(new Uint8Array(8).fill(0xff)).u64(), { code: 'E_FORMAT' });
  assert.throws(() => new bytes.Writer().u64(2 ** 53), RangeError);
  assert.throws(() => new bytes.Writer().u32(-1), RangeError);
  assert.throws(() => new bytes.Writer().u8(256), RangeError);
});

test('text that is not UTF-8 is refused and a byte order mark is kept', () => {
  assert.throws(() => bytes.fromUtf8(Uint8Array.of(0xff)), { code: 'E_FORMAT' });
  assert.equal(bytes.fromUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)), '\ufeffa');
});
