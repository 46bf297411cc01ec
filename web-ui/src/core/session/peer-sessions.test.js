import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { acquainted } from '../../../test/endpoint.js';
import { T0 } from '../../../test/people.js';
import fc from '../../../test/seeded.js';
import { ready } from '../crypto/sodium.js';
import {
  addSession,
  emptyPeer,
  expire,
  markDead,
  selected,
  sessionOf,
  updateSkipped,
} from './peer-sessions.js';

before(ready);

const MAX_STORED_SKIPPED = 2000;
const DAY = 86_400_000;

/**
 * A session as the table sees it.
 * @param {number} sid
 * @param {Partial<import('./peer-sessions.js').Session>} [more]
 */
function sessionWith(sid, more) {
  const [like] = acquainted().a.peer.sessions;
  assert.ok(like);
  return { ...like, sid: new Uint8Array(32).fill(sid), ...more };
}

/** @param {...import('./peer-sessions.js').Session} sessions */
function peerWith(...sessions) {
  return { ...emptyPeer(new Uint8Array(16), 1), sessions };
}

/** @param {import('./peer-sessions.js').PeerSessions} peer */
const sidsOf = (peer) => peer.sessions.map(({ sid }) => sid[0]);

test('of any run of gaps and late messages the newest 2000 keys are kept, each under a number of its own', () => {
  const { a: start } = acquainted();
  const [session] = start.peer.sessions;
  assert.ok(session);
  const step = fc.record({ gap: fc.oneof(fc.nat(3), fc.nat(1000)), late: fc.option(fc.nat()) });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
      let [peer, { skipped }] = [start.peer, session];
      /** @type {{ dhPub: Uint8Array, n: number, mk: Uint8Array }[]} */
      let model = [];
      for (const [chain, { gap, late }] of steps.entries()) {
        const dhPub = new Uint8Array(32).fill(chain);
        const added = Array.from({ length: gap }, (_, n) => ({ dhPub, n, mk: new Uint8Array(32).fill(n) }));
        const removed = (late !== null && model[late % (model.length || 1)]) || null;
        const result = updateSkipped(peer, { ...session, skipped }, added, removed, T0);
        model = [...model.filter((key) => key !== removed), ...added].slice(-MAX_STORED_SKIPPED);
        peer = { ...peer, nextSkipped: result.nextSkipped };
        skipped = result.skipped;
        const kept = [...skipped.values()];
        assert.ok(kept.length <= MAX_STORED_SKIPPED);
        assert.deepEqual(
          kept.map(({ dhPub: key, n }) => `${key[0]}/${n}`),
          model.map(({ dhPub: key, n }) => `${key[0]}/${n}`),
        );
        const counters = kept.map(({ counter }) => counter);
        assert.deepEqual(
          counters,
          counters.toSorted((x, y) => x - y),
        );
        assert.equal(new Set(counters).size, counters.length);
        assert.ok(counters.every((counter) => counter < peer.nextSkipped));
      }
    }),
    { numRuns: 25 },
  );
});

test('what names no session, or one that is dead already, leaves the table as it is', () => {
  const dead = markDead(peerWith(sessionWith(1), sessionWith(2)), new Uint8Array(16).fill(1), T0);
  assert.deepEqual(
    dead.sessions.map((session) => session.dead),
    [true, false],
  );
  assert.equal(markDead(dead, new Uint8Array(16).fill(1), T0 + 1), dead);
  assert.equal(markDead(dead, new Uint8Array(16).fill(3), T0 + 1), dead);
});

test('an unconfirmed session is live for exactly 30 days, by the clock of the moment', () => {
  const waiting = sessionWith(1, { confirmed: false, createdMs: T0, epoch: 1, idleSinceMs: T0 });
  const inUse = sessionWith(2, { epoch: 2 });
  const end = T0 + 30 * DAY;
  assert.equal(selected(peerWith(waiting), end)?.sid[0], 1);
  assert.equal(selected(peerWith(waiting), end + 1), null);
  const kept = expire(peerWith(waiting, inUse), end + 1, 90 * DAY);
  assert.equal(sessionOf(kept, new Uint8Array(16).fill(1))?.dead, false);
});

test('a session out of use and a skipped key are kept for exactly T', () => {
  const T = 30 * DAY;
  const key = {
    dhPub: new Uint8Array(32),
    n: 0,
    mk: new Uint8Array(32),
    sid: new Uint8Array(32),
    counter: 1,
  };
  const skipped = new Map([
    ['old', { ...key, atMs: T0 }],
    ['new', { ...key, counter: 2, atMs: T0 + 1 }],
  ]);
  const unused = sessionWith(1, { epoch: 1, idleSinceMs: T0 });
  const peer = peerWith(unused, sessionWith(2, { epoch: 2, skipped }));
  assert.equal(expire(peer, T0 + T, T), peer);
  const later = expire(peer, T0 + T + 1, T);
  assert.deepEqual(sidsOf(later), [2]);
  assert.deepEqual([...(later.sessions[0]?.skipped.keys() ?? [])], ['new']);
});

test('the session that goes is the oldest by its time, and of one time the one that came first', () => {
  const full = (/** @type {number[]} */ ...created) =>
    created
      .map((createdMs, i) => sessionWith(i + 1, { createdMs: T0 + createdMs }))
      .reduce((peer, session) => addSession(peer, session, T0), peerWith());
  const selectedLast = sessionWith(9, { epoch: 9, createdMs: T0 + 50 });
  assert.deepEqual(sidsOf(addSession(full(30, 10, 20, 40), selectedLast, T0)), [1, 3, 4, 9]);
  assert.deepEqual(sidsOf(addSession(full(10, 10, 10, 10), selectedLast, T0)), [2, 3, 4, 9]);
});
