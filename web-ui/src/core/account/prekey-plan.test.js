import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PREKEY } from '../crypto/prekey.js';
import { planByDigest, planByTime } from './prekey-plan.js';

const DAY = 86_400_000;
const NOW = 1_800_000_000_000;
const { SIGNED, ONE_TIME, KEM_LAST_RESORT, KEM_ONE_TIME } = PREKEY;

/** @param {number} kind @param {number} keyId @param {{ ageDays?: number, retiredDays?: number }} [age] */
const row = (kind, keyId, { ageDays = 1, retiredDays } = {}) => ({
  row: /** @type {const} */ ('prekey'),
  kind,
  keyId,
  createdMs: NOW - ageDays * DAY,
  publicKey: new Uint8Array(0),
  secret: new Uint8Array(0),
  ...(retiredDays === undefined ? {} : { retiredMs: NOW - retiredDays * DAY }),
});
/** @param {number} count @param {number} kind */
const rowsOf = (count, kind) => Array.from({ length: count }, (_, i) => row(kind, 1000 + i));
/** @param {{ keyId: number }[]} rows */
const ids = (rows) => rows.map(({ keyId }) => keyId);

/** A device with a full stock; `change` edits it. */
function state(/** @type {(s: { digest: any, rows: any[] }) => void} */ change = () => {}) {
  const oneTime = rowsOf(100, ONE_TIME);
  const kemOneTime = rowsOf(40, KEM_ONE_TIME);
  const s = {
    digest: { signed: 1, kemLastResort: 2, oneTime: ids(oneTime), kemOneTime: ids(kemOneTime) },
    rows: [row(SIGNED, 1), row(KEM_LAST_RESORT, 2), ...oneTime, ...kemOneTime],
  };
  change(s);
  return { ...s, nowMs: NOW, mailboxTtlDays: 30 };
}

test('a full young stock needs nothing', () => {
  assert.deepEqual(planByTime(state()), { erase: [], retire: [], make: [] });
  assert.deepEqual(planByDigest(state()), { replaceAll: false, upload: [], renew: [], make: [] });
});

test('below 40 and 15 the stock is filled up, at 40 and 15 it is not', () => {
  const atLimit = planByDigest(
    state(({ digest }) => {
      digest.oneTime.length = 40;
      digest.kemOneTime.length = 15;
    }),
  );
  const below = planByDigest(
    state(({ digest }) => {
      digest.oneTime.length = 39;
      digest.kemOneTime.length = 14;
    }),
  );

  assert.deepEqual(atLimit.make, []);
  assert.deepEqual(below.make, [
    { kind: ONE_TIME, count: 61 },
    { kind: KEM_ONE_TIME, count: 26 },
  ]);
});

test('an offered id without a private key replaces everything', () => {
  for (const lose of [1, 2, 1050]) {
    const plan = planByDigest(
      state((s) => {
        s.rows = s.rows.filter(({ keyId }) => keyId !== lose);
      }),
    );

    assert.equal(plan.replaceAll, true);
  }
});

test('SPK and PQL are replaced at seven days, not before, and when the SPK has served too often', () => {
  const aged = (/** @type {number} */ ageDays) =>
    state(({ rows }) => {
      for (const kept of rows.slice(0, 2)) kept.createdMs = NOW - ageDays * DAY;
    });

  const nothing = { erase: [], retire: [], make: [] };
  assert.deepEqual(planByTime(aged(6.9)), nothing);
  assert.deepEqual(planByTime({ ...state(), exhausted: new Set([2, 3]) }), nothing, 'another SPK has');
  for (const plan of [planByTime(aged(7)), planByTime({ ...state(), exhausted: new Set([1]) })]) {
    assert.deepEqual(plan.make, [SIGNED, KEM_LAST_RESORT]);
    assert.deepEqual(
      plan.retire.map(({ keyId, retiredMs }) => [keyId, retiredMs]),
      [
        [1, NOW],
        [2, NOW],
      ],
    );
  }
});

test('the current SPK is uploaded until the server hands it out', () => {
  const plan = planByDigest(
    state(({ rows }) => {
      rows[0].retiredMs = NOW - DAY;
      rows.push(row(SIGNED, 7, { ageDays: 1 }));
    }),
  );

  assert.deepEqual(ids(plan.upload), [7]);
  assert.deepEqual(plan.make, []);
});

test('a replaced SPK or PQL is erased T after its successor was made, whatever the server hands out', () => {
  const plan = planByTime(
    state(({ rows }) => {
      rows.push(row(SIGNED, 7, { ageDays: 9 }));
      for (const kind of [SIGNED, KEM_LAST_RESORT]) {
        rows.push(row(kind, 8, { ageDays: 40, retiredDays: 29 }));
        rows.push(row(kind, 9, { ageDays: 40, retiredDays: 31 }));
      }
    }),
  );

  assert.deepEqual(
    plan.erase.map(({ kind, keyId }) => [kind, keyId]),
    [
      [SIGNED, 9],
      [KEM_LAST_RESORT, 9],
    ],
  );
  assert.deepEqual(ids(plan.retire), [7], 'two at once: the older one is replaced');
});

test('one-time keys are erased at 60 days + T, whatever the server hands out', () => {
  const { erase } = planByTime(
    state(({ rows }) => {
      rows.push(row(ONE_TIME, 7, { ageDays: 89 }), row(ONE_TIME, 8, { ageDays: 91 }));
      rows.push(row(KEM_ONE_TIME, 7, { ageDays: 89 }), row(KEM_ONE_TIME, 8, { ageDays: 91 }));
    }),
  );

  assert.deepEqual(
    erase.map(({ kind, keyId }) => [kind, keyId]),
    [
      [ONE_TIME, 8],
      [KEM_ONE_TIME, 8],
    ],
  );
});

test('a clock that stood a year ahead when a key was replaced does not keep it for that year', () => {
  const plan = planByTime(state(({ rows }) => rows.push(row(SIGNED, 7, { ageDays: 9, retiredDays: -365 }))));

  assert.deepEqual(
    plan.retire.map(({ keyId, retiredMs }) => [keyId, retiredMs]),
    [[7, NOW]],
  );
});

test('a clock that stands years behind erases nothing, neither now nor when it is set right', () => {
  const kept = state(({ rows }) => rows.push(row(SIGNED, 7, { ageDays: 9, retiredDays: 2 })));
  const behind = planByTime({ ...kept, nowMs: 0 });

  assert.deepEqual(behind.make, []);
  assert.deepEqual(behind.erase, []);
  assert.deepEqual(planByTime({ ...kept, rows: behind.retire }).erase, []);
});

test('an SPK dated ahead is renewed if the server has not taken it, and only then', () => {
  const ahead = state(({ digest, rows }) => {
    rows[0] = row(SIGNED, 1, { ageDays: -2 });
    rows[1] = row(KEM_LAST_RESORT, 2, { ageDays: -1 });
    digest.signed = 9;
    digest.kemLastResort = 9;
    rows.push(row(SIGNED, 9, { retiredDays: 0 }), row(KEM_LAST_RESORT, 9, { retiredDays: 0 }));
  });
  assert.deepEqual([ids(planByDigest(ahead).renew), ids(planByDigest(ahead).upload)], [[1], [2]]);
  const taken = { ...ahead, digest: { ...ahead.digest, signed: 1, kemLastResort: 2 } };
  assert.deepEqual([planByDigest(taken).renew, planByDigest(taken).upload], [[], []]);
});

test('a server without SPK gets one', () => {
  const s = state(({ digest }) => {
    digest.signed = null;
  });

  assert.deepEqual(ids(planByDigest(s).upload), [1]);
  assert.deepEqual(planByTime({ ...s, rows: s.rows.slice(1) }).make, [SIGNED]);
});
