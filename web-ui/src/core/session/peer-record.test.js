import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { acquainted, strangers } from '../../../test/endpoint.js';
import { T0 } from '../../../test/people.js';
import { toHex } from '../crypto/bytes.js';
import { ready } from '../crypto/sodium.js';
import {
  changesBetween,
  decodePeer,
  decodeSkippedKey,
  encodePeer,
  encodeSkippedKey,
  expire,
  markDead,
  selected,
} from './session-table.js';

before(ready);

/** @param {import('./session-table.js').PeerSessions} peer */
const rowsOf = (peer) => peer.sessions.flatMap(({ skipped }) => [...skipped.values()]);

test('sessions come back from their record in every state', () => {
  const { a, b } = strangers();
  a.initiate(b, T0, { oneTime: false });
  const initiated = a.peer;
  assert.equal(initiated.sessions[0]?.weakFs, true);
  b.read(a.send('hello'));
  const weak = b.peer;
  a.read(b.send('back'));
  const sid = selected(a.peer, T0)?.sid ?? new Uint8Array();
  const dead = markDead(a.peer, sid.subarray(0, 16), T0 + 5);
  for (const peer of [initiated, weak, a.peer, dead])
    assert.deepEqual(decodePeer(encodePeer(peer), []), peer);
});

test('the changes between two values are exactly the rows to write and to delete', () => {
  const { a, b } = acquainted();
  const messages = [0, 1, 2, 3, 4].map((i) => a.send(String(i)));
  const start = b.peer;
  b.read(/** @type {any} */ (messages[4]));
  const gapped = b.peer;
  const gap = changesBetween(start, gapped);
  assert.deepEqual([gap.peer, gap.skippedAdded.length, gap.skippedRemoved.length], [true, 4, 0]);
  const rows = gap.skippedAdded.map((key) => decodeSkippedKey(encodeSkippedKey(key)));
  assert.deepEqual(decodePeer(encodePeer(gapped), rows.toReversed()), gapped);

  b.read(/** @type {any} */ (messages[1]));
  const filled = changesBetween(gapped, b.peer);
  assert.deepEqual([filled.skippedAdded.length, filled.skippedRemoved.map(({ n }) => n)], [0, [1]]);
  assert.deepEqual(changesBetween(b.peer, b.peer), { peer: false, skippedAdded: [], skippedRemoved: [] });
  const erased = changesBetween(b.peer, { ...b.peer, sessions: [] });
  assert.equal(erased.skippedRemoved.length, rowsOf(b.peer).length);
});

test('skipped keys come back in the order in which they were kept, and those of a session that is gone do not', () => {
  const { a, b } = acquainted();
  const messages = [0, 1, 2, 3].map((i) => a.send(String(i)));
  b.read(/** @type {any} */ (messages[3]));
  const rows = rowsOf(b.peer);
  const [stray] = rows;
  assert.ok(stray);
  const gone = { ...stray, sid: new Uint8Array(32), counter: 99 };
  const back = decodePeer(encodePeer(b.peer), [gone, ...rows.toReversed()]);
  assert.deepEqual(
    rowsOf(back).map(({ counter }) => counter),
    rows.map(({ counter }) => counter),
  );
});

test('counters are never used twice for a peer device', () => {
  const { a, b } = acquainted();
  const used = new Set();
  for (let round = 0; round < 3; round++) {
    const [late, seen] = [a.send('late'), a.send('seen')];
    b.read(seen);
    for (const { counter } of rowsOf(b.peer)) used.add(counter);
    b.read(late);
  }
  assert.equal(used.size, 3);
});

test('expiry that finds nothing gives back the same value', () => {
  const { a } = acquainted();
  assert.equal(expire(a.peer, T0, 1000), a.peer);
  assert.equal(toHex(selected(a.peer, T0)?.sid ?? new Uint8Array()).length, 64);
});
