import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from './bytes.js';
import { parseJson } from './json-shape.js';

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
