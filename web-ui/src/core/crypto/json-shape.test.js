import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from './bytes.js';
import { anyObject, object, parseJson } from './json-shape.js';

const refused = { code: 'E_FORMAT' };

test('what is no JSON is E_FORMAT and gives nothing to go on with', () => {
  for (const text of ['', '{', '{"a":1,}', 'undefined', "{'a':1}"]) {
    assert.throws(() => parseJson(utf8(text)), refused, text);
  }
  assert.throws(() => parseJson(Uint8Array.of(0xff)), refused);
});

test('values nest as deep as is allowed and no deeper', () => {
  assert.deepEqual(parseJson(utf8('{"a":[1]}'), 2), { a: [1] });
  assert.throws(() => parseJson(utf8('{"a":[[]]}'), 2), refused);
  assert.throws(() => parseJson(utf8('{}'), 0), refused);
  assert.deepEqual(parseJson(utf8('{"a":[[[]]]}')), { a: [[[]]] });
  assert.throws(() => parseJson(utf8('{"a":[[[[]]]]}')), refused);
});

test('what is no object is refused where one is wanted, also if it lacks no key', () => {
  for (const value of [null, undefined, true, 5, 'text', []]) {
    assert.throws(() => anyObject(value), refused, String(value));
    assert.throws(() => object({})(value), refused, String(value));
  }
  assert.deepEqual(object({})({ a: 1 }), {});
});
