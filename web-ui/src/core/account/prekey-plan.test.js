import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PREKEY } from '../crypto/prekey.js';
import { planPrekeys, retentionMs } from './prekey-plan.js';

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
  const plan = planPrekeys(state());

  assert.deepEqual(plan, { replaceAll: false, upload: [], make: [], retire: [], erase: [] });
});

test('below 40 and 15 the stock is filled up, at 40 and 15 it is not', () => {
  const atLimit = planPrekeys(
    state(({ digest }) => {
      digest.oneTime.length = 40;
      digest.kemOneTime.length = 15;
    }),
  );
  const below = planPrekeys(
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
    const plan = planPrekeys(
      state((s) => {
        s.rows = s.rows.filter(({ keyId }) => keyId !== lose);
      }),
    );

    assert.equal(plan.replaceAll, true);
  }
});

test('SPK and PQL are renewed after seven days, and when asked', () => {
  const old = state(({ rows }) => {
    rows[0].createdMs = NOW - 7 * DAY;
    rows[1].createdMs = NOW - 7 * DAY;
  });

  const both = [
    { kind: SIGNED, count: 1 },
    { kind: KEM_LAST_RESORT, count: 1 },
  ];
  assert.deepEqual(planPrekeys(old).make, both);
  assert.deepEqual(planPrekeys({ ...state(), rotate: true }).make, both);
});

test('a new SPK whose upload was cut off is uploaded, not made again', () => {
  const plan = planPrekeys(
    state(({ rows }) => {
      rows[0].createdMs = NOW - 8 * DAY;
      rows.push(row(SIGNED, 7, { ageDays: 0.5 }));
    }),
  );

  assert.deepEqual(ids(plan.upload), [7]);
  assert.deepEqual(plan.make, []);
  assert.deepEqual(plan.retire, []);
});

test('what the server has replaced is retired, kept T days and then erased', () => {
  const plan = planPrekeys(
    state(({ rows }) => {
      rows.push(row(SIGNED, 7, { ageDays: 9 }));
      rows.push(row(SIGNED, 8, { ageDays: 40, retiredDays: 29 }));
      rows.push(row(SIGNED, 9, { ageDays: 40, retiredDays: 31 }));
    }),
  );

  assert.deepEqual(ids(plan.retire), [7]);
  assert.deepEqual(ids(plan.erase), [9]);
});

test('one-time keys are erased at 60 days + T, unless the server still offers them', () => {
  const plan = planPrekeys(
    state(({ rows, digest }) => {
      rows.push(row(ONE_TIME, 7, { ageDays: 89 }), row(ONE_TIME, 8, { ageDays: 91 }));
      rows.push(row(ONE_TIME, 9, { ageDays: 91 }));
      digest.oneTime.push(9);
    }),
  );

  assert.deepEqual(ids(plan.erase), [8]);
});

test('a server without SPK gets one', () => {
  const plan = planPrekeys(
    state((s) => {
      s.digest.signed = null;
      s.rows = s.rows.filter(({ kind }) => kind !== SIGNED);
    }),
  );

  assert.deepEqual(plan.make, [{ kind: SIGNED, count: 1 }]);
});

test('T follows the mailbox TTL between 30 and 90 days', () => {
  assert.deepEqual([1, 45, 365].map(retentionMs), [30 * DAY, 45 * DAY, 90 * DAY]);
});
