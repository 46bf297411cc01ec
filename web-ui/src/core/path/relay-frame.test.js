import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, fromHex, toHex } from '../crypto/bytes.js';
import { decodeRefs, decodeRelayFrame, encodeRefs, encodeRelayFrame, FRAME } from './relay-frame.js';

const account = new Uint8Array(16).fill(0xaa);
const payload = Uint8Array.of(1, 2, 3);

test('a frame is the bytes of the table, and comes back', () => {
  const head = `${'aa'.repeat(16)}01020304fffffffe`;
  for (const [type, byte] of /** @type {const} */ ([
    [FRAME.RELAY, '01'],
    [FRAME.TAKEN, '02'],
    [FRAME.NOT_HERE, '03'],
  ])) {
    const frame = { type, account, device: 0x01020304, ref: 0xfffffffe, payload };
    const bytes = encodeRelayFrame(frame);
    assert.equal(toHex(bytes), `${byte}${head}010203`);
    assert.deepEqual(decodeRelayFrame(bytes), frame);
  }
});

test('a frame may be without payload, and none is shorter than its head', () => {
  const bytes = encodeRelayFrame({ type: 3, account, device: 1, ref: 2, payload: new Uint8Array(0) });
  assert.equal(bytes.length, 25);
  assert.equal(decodeRelayFrame(bytes).payload.length, 0);
  assert.throws(() => decodeRelayFrame(bytes.subarray(0, 24)), { code: 'E_FORMAT' });
});

test('further refs of a TAKEN are four bytes each, and nothing else', () => {
  for (const refs of [[], [0], [1, 0xffffffff, 2]]) assert.deepEqual(decodeRefs(encodeRefs(refs)), refs);
  assert.deepEqual(encodeRefs([1, 0xffffffff]), fromHex('00000001ffffffff'));
  for (const surplus of [1, 2, 3]) {
    const bytes = concat(encodeRefs([1]), new Uint8Array(surplus));
    assert.throws(() => decodeRefs(bytes), { code: 'E_FORMAT' }, `${surplus}`);
  }
});
