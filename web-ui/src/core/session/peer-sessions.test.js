import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { acquainted } from '../../../test/endpoint.js';
import { T0 } from '../../../test/people.js';
import fc from '../../../test/seeded.js';
import { ready } from '../crypto/sodium.js';
import { updateSkipped } from './peer-sessions.js';

before(ready);

const MAX_STORED_SKIPPED = 2000;

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
