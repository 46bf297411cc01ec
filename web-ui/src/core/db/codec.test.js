import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../../test/seeded.js';
import { decodeValue, encodeValue } from './codec.js';

test('what is written is read back, type for type', () => {
  const value = {
    text: 'Grüße, 世界 🙂',
    bytes: Uint8Array.of(0, 1, 255),
    none: null,
    yes: true,
    no: false,
    time: Number.MAX_SAFE_INTEGER,
    negative: -5,
    fraction: 0.1,
    u64: 0xffff_ffff_ffff_ffffn,
    lone: 'a\ud800b',
    list: [1, 'two', Uint8Array.of(3), [], {}],
    record: { a: { b: { c: 1 } } },
  };

  assert.deepEqual(decodeValue(encodeValue(value)), value);
});

test('any value of any shape survives', () => {
  const leaf = fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }),
    fc.string({ unit: 'binary' }),
    fc.uint8Array({ maxLength: 600 }),
  );
  const { value } = fc.letrec((/** @type {(name: string) => fc.Arbitrary<any>} */ tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('value')),
      fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { noNullPrototype: true }),
    ),
  }));

  fc.assert(
    fc.property(/** @type {fc.Arbitrary<any>} */ (value), (v) =>
      assert.deepEqual(decodeValue(encodeValue(v)), v),
    ),
  );
});

test('undefined fields are left out', () => {
  assert.deepEqual(decodeValue(encodeValue({ a: 1, b: undefined })), { a: 1 });
});

test('a key named __proto__ is a key', () => {
  const value = JSON.parse('{"__proto__": {"polluted": true}}');

  const back = /** @type {any} */ (decodeValue(encodeValue(value)));

  assert.deepEqual(Object.keys(back), ['__proto__']);
  assert.equal(/** @type {any} */ ({}).polluted, undefined);
});

test('values that would not come back as they were are refused', () => {
  const cyclic = /** @type {any} */ ({});
  cyclic.self = cyclic;
  const refused = [
    Number.NaN,
    Infinity,
    -1n,
    2n ** 64n,
    undefined,
    () => 1,
    new Date(),
    new Map(),
    { '\ud800': 1 },
    cyclic,
  ];

  for (const value of refused) assert.throws(() => encodeValue(value));
});

test('every truncation and every extension is refused', () => {
  const bytes = encodeValue({ id: Uint8Array.of(1, 2, 3), list: ['a', 7, 8n, 0.5], on: true });

  for (let end = 0; end < bytes.length; end++) assert.throws(() => decodeValue(bytes.subarray(0, end)));
  assert.throws(() => decodeValue(Uint8Array.of(...bytes, 0)));
});

test('a length past the end is refused without allocating it', () => {
  assert.throws(() => decodeValue(Uint8Array.of(7, 0xff, 0xff, 0xff, 0xff)), RangeError);
  assert.throws(() => decodeValue(Uint8Array.of(8, 0xff, 0xff, 0xff, 0xff)), RangeError);
});

test('text that is not UTF-8 is refused like everything else that is no value', () => {
  assert.throws(() => decodeValue(Uint8Array.of(6, 0, 0, 0, 1, 0xff)), RangeError);
  assert.throws(() => decodeValue(Uint8Array.of(9, 0, 0, 0, 1, 0, 0, 0, 1, 0xff, 0)), RangeError);
});
