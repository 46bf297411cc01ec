import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flipBit } from '../../../test/flip-bit.js';
import { valueOrRefusal } from '../../../test/refusals.js';
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

const BUCKETS = [256, 512, 1024, 2048, 4096, 8192, 16384, 32768];
const refused = { code: 'E_FORMAT' };

test('no length but those of the buckets is unpadded', () => {
  const near = BUCKETS.flatMap((size) => [size - 1, size, size + 1]);
  const multiples = fc.nat(160).map((n) => 256 * n);
  const lengths = fc.oneof(fc.nat(40_000), multiples, fc.constantFrom(...near));
  fc.assert(
    fc.property(lengths, (length) => {
      const padded = new Uint8Array(length).fill(0x80, -1);
      if (BUCKETS.includes(length)) assert.equal(unpad(padded).length, length - 1);
      else assert.throws(() => unpad(padded), refused, `${length} bytes`);
    }),
    { numRuns: 300 },
  );
});

test('zeros alone, and any last byte but the mark, are refused in every bucket', () => {
  for (const size of BUCKETS) assert.throws(() => unpad(new Uint8Array(size)), refused);
  fc.assert(
    fc.property(
      fc.constantFrom(...BUCKETS),
      fc.nat(),
      fc.uint8Array({ maxLength: 64 }),
      (size, at, content) => {
        const padded = new Uint8Array(size);
        padded.set(content);
        const last = content.length + (at % (size - content.length));
        for (let mark = 1; mark <= 0xff; mark++) {
          padded[last] = mark;
          if (mark === 0x80) assert.deepEqual(unpad(padded), padded.slice(0, last));
          else assert.throws(() => unpad(padded), refused, `mark ${mark}`);
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('a padded content with any bit changed is another content or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(), (content, at) => {
      const changed = flipBit(pad(content), at);
      const found = valueOrRefusal(() => unpad(changed), 'E_FORMAT');
      if (found) assert.notDeepEqual(found, content);
    }),
  );
});
