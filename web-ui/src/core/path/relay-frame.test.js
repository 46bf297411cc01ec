import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, fromHex, toHex } from '../crypto/bytes.js';
import {
  decodeRefs,
  decodeRelayFrame,
  encodeRefs,
  encodeRelayFrame,
  FRAME,
  MAX_REFS,
} from './relay-frame.js';

const account = new Uint8Array(16).fill(0xaa);

test('a frame is the bytes of the table, and comes back', () => {
  const head = `${'aa'.repeat(16)}01020304fffffffe`;
  for (const [type, byte, rest] of /** @type {const} */ ([
    [FRAME.RELAY, '01', '010203'],
    [FRAME.TAKEN, '02', '00000007'],
    [FRAME.NOT_HERE, '03', ''],
  ])) {
    const frame = { type, account, device: 0x01020304, ref: 0xfffffffe, payload: fromHex(rest) };
    const bytes = encodeRelayFrame(frame);
    assert.equal(toHex(bytes), `${byte}${head}${rest}`);
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

test('a TAKEN has at most 255 further refs', () => {
  const refs = Array.from({ length: MAX_REFS }, (_, i) => i);
  assert.deepEqual(decodeRefs(encodeRefs(refs)), refs);
  assert.throws(() => decodeRefs(encodeRefs([...refs, 7])), { code: 'E_FORMAT' });
});

test('a TAKEN that ends within a ref is refused', () => {
  for (const length of [1, 2, 3, 5])
    assert.throws(() => decodeRefs(new Uint8Array(length)), { code: 'E_FORMAT' });
});

test('NOT_HERE has no payload', () => {
  const frame = { type: FRAME.NOT_HERE, account: new Uint8Array(16), device: 1, ref: 2 };
  const bytes = encodeRelayFrame({ ...frame, payload: new Uint8Array() });
  assert.equal(decodeRelayFrame(bytes).ref, 2);
  const longer = encodeRelayFrame({ ...frame, payload: Uint8Array.of(0) });
  assert.throws(() => decodeRelayFrame(longer), { code: 'E_FORMAT' });
});
