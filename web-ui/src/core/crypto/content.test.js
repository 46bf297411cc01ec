import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { EVERY_BODY, ID as id } from '../../../test/contents.js';
import { valueOrRefusal } from '../../../test/refusals.js';
import fc from '../../../test/seeded.js';
import { concat, toBase64url, utf8 } from './bytes.js';
import { CTYPE, conversationId, decodeContent, encodeContent, isReceipted, isSequenced } from './content.js';
import { randomBytes } from './random.js';
import { ready } from './sodium.js';

before(ready);

const refused = { code: 'E_FORMAT' };

/** @param {number} ctype @param {unknown} body */
const content = (ctype, body, seq = isSequenced(ctype, body) ? 1 : 0) => ({
  ctype,
  msgId: new Uint8Array(16).fill(1),
  convId: new Uint8Array(16).fill(2),
  sentMs: 1_700_000_000_000,
  seq,
  senderListVersion: 1,
  body,
});

/**
 * The bytes of a content whose body nobody checked.
 * @param {number} ctype
 * @param {string | Uint8Array} body
 */
function raw(ctype, body, seq = isSequenced(ctype, {}) ? 1 : 0) {
  const head = encodeContent(content(CTYPE.TEXT, { text: 'x' })).slice(0, 50);
  head[0] = ctype;
  head[45] = seq;
  return concat(head, typeof body === 'string' ? utf8(body) : body);
}

test('every kind of content comes back, without keys that are not listed', () => {
  for (const [ctype, body] of EVERY_BODY) {
    const decoded = decodeContent(encodeContent(content(ctype, { ...body, surplus: 1 })));
    assert.deepEqual(decoded, content(ctype, body), `ctype ${ctype}`);
  }
});

test('a missing or mistyped required key is refused in every kind', () => {
  const optional = new Set(['reply', 'exp', 'of', 'g', 'device', 'w', 'h', 'off', 'peer']);
  for (const [ctype, body] of EVERY_BODY) {
    for (const name of Object.keys(body)) {
      const { [name]: _, ...without } = body;
      if (!optional.has(name)) assert.throws(() => encodeContent(content(ctype, without)), refused, name);
      for (const wrong of [null, {}, -1, 'ü', 0.5]) {
        const seq = isSequenced(ctype, body) ? 1 : 0;
        if (
          typeof body[name] === 'string' &&
          ['name', 'text', 'sdp', 'emoji', 'blob', 'mime', 'device', 'username'].includes(name) &&
          wrong === 'ü'
        )
          continue;
        assert.throws(
          () => encodeContent(content(ctype, { ...body, [name]: wrong }, seq)),
          refused,
          `${ctype} ${name} ${wrong}`,
        );
      }
    }
  }
});

test('a repeated message under another id than its own is refused, in a copy for own devices too', () => {
  const of = { device_id: 7, msg_id: toBase64url(new Uint8Array(16).fill(9)) };
  assert.throws(() => encodeContent(content(CTYPE.TEXT, { text: 'x', of })), refused);
  assert.throws(() => decodeContent(raw(CTYPE.TEXT, JSON.stringify({ text: 'x', of }))), refused);
  const sent = { kind: 'sent', msg_id: id, conv: id, sent_ms: 1, seq: 1, ctype: CTYPE.TEXT };
  const copy = (/** @type {object} */ body) => content(CTYPE.SYNC, { ...sent, body }, 0);
  encodeContent(copy({ text: 'x', of: { ...of, msg_id: id } }));
  assert.throws(() => encodeContent(copy({ text: 'x', of })), refused);
});

test('the limits of lists, texts and numbers hold', () => {
  const ids = (/** @type {number} */ n) => Array(n).fill(id);
  encodeContent(content(CTYPE.RECEIPT, { delivered: ids(200), read: ids(200) }));
  assert.throws(() => encodeContent(content(CTYPE.RECEIPT, { delivered: ids(201), read: [] })), refused);
  encodeContent(content(CTYPE.TEXT, { text: 'x'.repeat(16_000) }));
  assert.throws(() => encodeContent(content(CTYPE.TEXT, { text: 'x'.repeat(16_001) })), refused);
  assert.throws(() => encodeContent(content(CTYPE.TEXT, { text: '' })), refused);
  // 16 000 units of three bytes each are more than fits.
  assert.throws(() => encodeContent(content(CTYPE.TEXT, { text: '€'.repeat(16_000) })), refused);
  assert.throws(() => decodeContent(raw(CTYPE.TIMER, '{"seconds":9007199254740992}')), refused);
  assert.equal(decodeContent(raw(CTYPE.TIMER, '{"seconds":9007199254740991}')).body.seconds, 2 ** 53 - 1);
});

test('JSON that is not UTF-8, begins with a byte order mark, or nests deeper than four is refused', () => {
  assert.throws(() => decodeContent(raw(CTYPE.NULL, Uint8Array.of(0x7b, 0xff, 0x7d))), refused);
  assert.throws(() => decodeContent(raw(CTYPE.NULL, '\ufeff{}')), refused);
  assert.deepEqual(decodeContent(raw(CTYPE.NULL, '{"a":[[[1]]]}')).body, {});
  assert.throws(() => decodeContent(raw(CTYPE.NULL, '{"a":[[[[]]]]}')), refused);
  assert.throws(() => decodeContent(raw(CTYPE.NULL, '['.repeat(16_000) + ']'.repeat(16_000))), refused);
  assert.throws(() => decodeContent(raw(CTYPE.NULL, '')), refused);
  assert.throws(() => decodeContent(raw(CTYPE.NULL, '{} x')), refused);
});

test('white space around a body is refused, within it is not', () => {
  for (const space of [' ', '\t', '\n', '\r']) {
    assert.throws(() => decodeContent(raw(CTYPE.NULL, `${space}{}`)), refused);
    assert.throws(() => decodeContent(raw(CTYPE.NULL, `{}${space}`)), refused);
    assert.deepEqual(decodeContent(raw(CTYPE.NULL, `{${space}}`)).body, {});
  }
});

test('of a key that stands twice the last one counts', () => {
  assert.equal(decodeContent(raw(CTYPE.TEXT, '{"text":"a","text":"b"}')).body.text, 'b');
});

test('seq stands exactly where the ctype counts', () => {
  assert.throws(() => decodeContent(raw(CTYPE.TEXT, '{"text":"a"}', 0)), refused);
  assert.throws(() => decodeContent(raw(CTYPE.NULL, '{}', 1)), refused);
  assert.throws(() => encodeContent(content(CTYPE.GROUP_OP, { leave: true }, 1)), refused);
  assert.throws(() => encodeContent(content(CTYPE.GROUP_OP, { state: id }, 0)), refused);
});

test('an unknown ctype is kept as unsupported and receipted, another content version is refused', () => {
  assert.deepEqual(decodeContent(raw(99, Uint8Array.of(1, 2, 3), 5)), content(99, null, 5));
  assert.ok(
    isReceipted(99) && isReceipted(CTYPE.TEXT) && !isReceipted(CTYPE.RECEIPT) && !isReceipted(CTYPE.SIGNAL),
  );
  const other = raw(CTYPE.NULL, '{}');
  other[1] = 2;
  assert.throws(() => decodeContent(other), refused);
});

test('a copy for own devices holds a body that is checked like the message itself', () => {
  const sent = { kind: 'sent', msg_id: id, conv: id, sent_ms: 1, seq: 1 };
  assert.throws(
    () => encodeContent(content(CTYPE.SYNC, { ...sent, ctype: CTYPE.TEXT, body: { text: 5 } })),
    refused,
  );
  assert.throws(() => encodeContent(content(CTYPE.SYNC, { ...sent, ctype: CTYPE.NULL, body: {} })), refused);
});

const anyJson = fc.jsonValue({ maxDepth: 3 });

test('a body with any one value changed is read as it stands or refused, and what is read is written again', () => {
  fc.assert(
    fc.property(fc.constantFrom(...EVERY_BODY), fc.nat(), anyJson, ([ctype, body], pick, value) => {
      const names = [...Object.keys(body), 'surplus'];
      const changed = { ...body, [/** @type {string} */ (names[pick % names.length])]: value };
      const bytes = raw(ctype, JSON.stringify(changed), isSequenced(ctype, changed) ? 1 : 0);
      const decoded = valueOrRefusal(() => decodeContent(bytes), 'E_FORMAT');
      if (decoded) assert.deepEqual(decodeContent(encodeContent(decoded)), decoded);
    }),
    { numRuns: 500 },
  );
});

test('any JSON as the body of any ctype is read or refused', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 15 }), fc.json({ maxDepth: 6 }), (ctype, body) => {
      valueOrRefusal(() => decodeContent(raw(ctype, body)), 'E_FORMAT');
    }),
    { numRuns: 300 },
  );
});

test('an unknown kind of SIGNAL or SYNC, and a GROUP_OP of no known form, are refused', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), anyJson), (kind) => {
      for (const [ctype, body] of EVERY_BODY.filter(([, { kind: known }]) => known && known !== kind)) {
        fc.pre(!EVERY_BODY.some(([, known]) => known.kind === kind));
        assert.throws(() => decodeContent(raw(ctype, JSON.stringify({ ...body, kind }))), refused);
      }
      fc.pre(typeof kind === 'string' && !['state', 'leave', 'want'].includes(kind));
      for (const seq of [0, 1]) {
        const body = `{${JSON.stringify(kind)}:true}`;
        assert.throws(() => decodeContent(raw(CTYPE.GROUP_OP, body, seq)), refused);
      }
    }),
  );
});

test('both accounts compute one conversation id', () => {
  const [a, b] = [randomBytes(16), randomBytes(16)];
  assert.deepEqual(conversationId(a, b), conversationId(b, a));
  assert.notDeepEqual(conversationId(a, a), conversationId(a, b));
});
