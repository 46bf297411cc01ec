import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { concat, toBase64url, utf8 } from './bytes.js';
import { CTYPE, conversationId, decodeContent, encodeContent, isEphemeral, isSequenced } from './content.js';
import { sha256 } from './hash.js';
import { ready } from './sodium.js';

/** Edges of what MP2P/1 §6.1 allows in a content. */

before(ready);

const HEADER = 50;
const id = toBase64url(new Uint8Array(16).fill(1));
const key = toBase64url(new Uint8Array(32).fill(2));
const refused = { code: 'E_FORMAT' };

/** @param {number} ctype @param {any} body */
const content = (ctype, body, seq = isSequenced(ctype, body) ? 1 : 0) => ({
  ctype,
  msgId: new Uint8Array(16).fill(1),
  convId: new Uint8Array(16),
  sentMs: 1,
  seq,
  senderListVersion: 1,
  body,
});

/** @param {number} ctype @param {any} body */
const throughBytes = (ctype, body) => decodeContent(encodeContent(content(ctype, body))).body;

/**
 * A content of that many bytes, filled up in one of its texts.
 * @param {number} ctype @param {any} body @param {string} filled @param {number} length
 */
function ofLength(ctype, body, filled, length) {
  const short = HEADER + utf8(JSON.stringify({ ...body, [filled]: '' })).length;
  const missing = length - short;
  // Characters of three bytes keep a text below its limit in UTF-16 units.
  const text = '€'.repeat(Math.floor(missing / 3)) + 'x'.repeat(missing % 3);
  return content(ctype, { ...body, [filled]: text });
}

test('a content with seq leaves room for its copy, one that repeats for a removed device or has no seq does not', () => {
  const of = { device_id: 7, msg_id: id };
  const signal = { call: id, n: 0, kind: 'offer' };
  for (const [ctype, body, filled, most] of /** @type {const} */ ([
    [CTYPE.TEXT, {}, 'text', 32_000],
    [CTYPE.TEXT, { of }, 'text', 32_767],
    [CTYPE.SIGNAL, signal, 'sdp', 32_767],
  ])) {
    // The key that is filled up stands last here and wherever its shape puts it in the bytes: as long either way.
    assert.equal(encodeContent(ofLength(ctype, body, filled, most)).length, most);
    assert.throws(() => encodeContent(ofLength(ctype, body, filled, most + 1)), refused, `${ctype} ${most}`);
  }
});

test('a thumbnail has at most 12 288 bytes', () => {
  const attachment = { fk: key, blob: 'b', hash: key, len: 3, name: 'n', mime: 'image/png' };
  const thumb = (/** @type {number} */ length) => toBase64url(new Uint8Array(length));
  assert.ok(throughBytes(CTYPE.ATTACHMENT, { ...attachment, thumb: thumb(12_288) }).thumb);
  assert.throws(() => throughBytes(CTYPE.ATTACHMENT, { ...attachment, thumb: thumb(12_289) }), refused);
});

test('an answer to a call has its description', () => {
  const answer = { call: id, n: 0, kind: 'answer', sdp: 'v=0' };
  assert.deepEqual(throughBytes(CTYPE.SIGNAL, answer), answer);
  assert.throws(() => throughBytes(CTYPE.SIGNAL, { ...answer, sdp: undefined }), refused);
  assert.throws(() => throughBytes(CTYPE.SIGNAL, { ...answer, sdp: '' }), refused);
});

test('what stands for nothing may name its group, and is an object', () => {
  const g = { e: 1, h: id };
  assert.deepEqual(throughBytes(CTYPE.NULL, { g }), { g });
  const header = encodeContent(content(CTYPE.NULL, {})).subarray(0, HEADER);
  for (const body of ['"text"', '5', 'true', 'null', '[]']) {
    assert.throws(() => decodeContent(concat(header, utf8(body))), refused, body);
  }
});

test('a copy of a message of a kind that is not known is kept as it came', () => {
  const copy = { kind: 'sent', msg_id: id, conv: id, sent_ms: 1, seq: 1, ctype: 99, body: { any: [1] } };
  assert.deepEqual(throughBytes(CTYPE.SYNC, copy), copy);
});

test('the counted kinds are those of the table, and GROUP_OP with a state alone', () => {
  const { TEXT, ATTACHMENT, EDIT, DELETE, REACTION, TIMER, GROUP_OP } = CTYPE;
  for (const ctype of Object.values(CTYPE)) {
    const counted = [TEXT, ATTACHMENT, EDIT, DELETE, REACTION, TIMER].some((other) => other === ctype);
    assert.equal(isSequenced(ctype, {}), counted, `${ctype}`);
    assert.equal(isSequenced(ctype, { state: id }), counted || ctype === GROUP_OP, `${ctype}`);
  }
});

test('SIGNAL and TYPING are ephemeral and nothing else is', () => {
  const ephemeral = Object.values(CTYPE).filter(isEphemeral);
  assert.deepEqual(ephemeral, [CTYPE.SIGNAL, CTYPE.TYPING]);
});

test('the conversation id is 16 bytes of the hash of both accounts, the smaller one first', () => {
  const [small, great] = [new Uint8Array(16).fill(1), new Uint8Array(16).fill(2)];
  const expected = sha256(utf8('MP2P/1/conv\0'), small, great).slice(0, 16);
  assert.deepEqual(conversationId(small, great), expected);
  assert.deepEqual(conversationId(great, small), expected);
});
