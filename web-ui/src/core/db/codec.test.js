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

test('the bytes are those that the head of codec.js describes', () => {
  /** @type {[unknown, number[]][]} */
  const described = [
    [null, [0]],
    [false, [1]],
    [true, [2]],
    [0, [3, 0, 0, 0, 0, 0, 0, 0, 0]],
    [258, [3, 0, 0, 0, 0, 0, 0, 1, 2]],
    [-0, [4, 0x80, 0, 0, 0, 0, 0, 0, 0]],
    [-1, [4, 0xbf, 0xf0, 0, 0, 0, 0, 0, 0]],
    [1.5, [4, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0]],
    [0n, [5, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['é', [6, 0, 0, 0, 2, 0xc3, 0xa9]],
    [Uint8Array.of(9), [7, 0, 0, 0, 1, 9]],
    [[true], [8, 0, 0, 0, 1, 2]],
    [{ a: null }, [9, 0, 0, 0, 1, 0, 0, 0, 1, 97, 0]],
    ['a\ud800', [10, 0, 0, 0, 2, 0, 97, 0xd8, 0]],
  ];
  for (const [value, bytes] of described) {
    assert.deepEqual([...encodeValue(value)], bytes);
    assert.deepEqual(decodeValue(Uint8Array.from(bytes)), value);
  }
});

test('values nest 32 levels deep and no deeper, whether they are written or read', () => {
  const nested = (/** @type {number} */ levels, /** @type {(value: unknown) => unknown} */ wrap) =>
    Array.from({ length: levels }).reduce(wrap, 1);
  for (const wrap of [(/** @type {unknown} */ value) => [value], (/** @type {unknown} */ a) => ({ a })]) {
    const deepest = encodeValue(nested(32, wrap));
    assert.deepEqual(decodeValue(deepest), nested(32, wrap));
    assert.throws(() => encodeValue(nested(33, wrap)), RangeError);
    const [shell, inner] = [encodeValue(wrap(null)), deepest];
    const deeper = Uint8Array.of(...shell.subarray(0, shell.length - 1), ...inner);
    assert.throws(() => decodeValue(deeper), RangeError);
  }
});

test('values grow far beyond the room that was taken at first', () => {
  for (const length of [200, 300, 520, 5000, 100_000]) {
    const value = { bytes: new Uint8Array(length).fill(7), text: 'x'.repeat(length) };
    assert.deepEqual(decodeValue(encodeValue(value)), value);
  }
});

test('unknown tags and whole numbers beyond the safe ones are refused', () => {
  for (let tag = 11; tag <= 0xff; tag++) assert.throws(() => decodeValue(Uint8Array.of(tag)), RangeError);
  assert.throws(() => decodeValue(Uint8Array.of(3, 0, 0x20, 0, 0, 0, 0, 0, 0)), RangeError);
});

test('a byte order mark is kept, and a record without prototype is a record', () => {
  assert.equal(decodeValue(encodeValue('\ufeffx')), '\ufeffx');
  const bare = Object.assign(Object.create(null), { a: 1 });
  assert.deepEqual(decodeValue(encodeValue(bare)), { a: 1 });
});

test('what a row cannot hold is named', () => {
  for (const [value, name] of /** @type {[unknown, string][]} */ ([
    [undefined, 'undefined'],
    [() => 1, 'function'],
    [Symbol('s'), 'symbol'],
    [new Date(), 'a Date'],
    [new Map(), 'a Map'],
    [Object.create({}, { constructor: { value: undefined } }), 'a undefined'],
  ])) {
    assert.throws(() => encodeValue([value]), { name: 'TypeError', message: `a row cannot hold ${name}` });
  }
});
