/**
 * What is to be done about the prekeys, from what the server would hand out and what this device holds
 * (MP2P/1 §3). Pure: the doing is prekey-stock.js.
 *
 * @typedef {import('../engine-contract.js').PrekeyRow} PrekeyRow
 *
 * @typedef {object} Digest
 * @property {number | null} signed
 * @property {number | null} kemLastResort
 * @property {number[]} oneTime
 * @property {number[]} kemOneTime
 *
 * @typedef {object} Plan
 * @property {boolean} replaceAll private keys are missing: make everything anew and replace what the server has
 * @property {PrekeyRow[]} upload held here, newer than what the server hands out: its upload was cut off
 * @property {{ kind: 1 | 2 | 3 | 4, count: number }[]} make
 * @property {PrekeyRow[]} retire replaced on the server by a newer one: kept for T more days
 * @property {PrekeyRow[]} erase
 */
import { PREKEY } from '../crypto/prekey.js';

const DAY_MS = 86_400_000;
const ROTATION_MS = 7 * DAY_MS;
const ONE_TIME_PUBLIC_MS = 60 * DAY_MS;

/** Full stock and the count below which it is filled up (§1.3). */
export const STOCK = /** @type {const} */ ({
  [PREKEY.ONE_TIME]: { full: 100, low: 40 },
  [PREKEY.KEM_ONE_TIME]: { full: 40, low: 15 },
});

/** T of §1.3 in ms. @param {number} mailboxTtlDays */
export function retentionMs(mailboxTtlDays) {
  return Math.min(Math.max(mailboxTtlDays, 30), 90) * DAY_MS;
}

/**
 * @param {{ digest: Digest, rows: PrekeyRow[], nowMs: number, mailboxTtlDays: number, rotate?: boolean }} state
 * @returns {Plan}
 */
export function planPrekeys({ digest, rows, nowMs, mailboxTtlDays, rotate = false }) {
  const kept = retentionMs(mailboxTtlDays);
  const erase = rows.filter((row) => isOver(row, nowMs, kept) && !isOffered(row, digest));
  /** @type {Plan} */
  const plan = { replaceAll: false, upload: [], make: [], retire: [], erase };
  if (
    offers(digest).some(({ kind, keyId }) => !rows.some((row) => row.kind === kind && row.keyId === keyId))
  ) {
    return { ...plan, replaceAll: true };
  }
  for (const kind of [PREKEY.SIGNED, PREKEY.KEM_LAST_RESORT]) planLasting(kind);
  for (const kind of [PREKEY.ONE_TIME, PREKEY.KEM_ONE_TIME]) planOneTime(kind);
  return plan;

  /** @param {1 | 3} kind */
  function planLasting(kind) {
    const offered = kind === PREKEY.SIGNED ? digest.signed : digest.kemLastResort;
    const own = rows.filter((row) => row.kind === kind && !erase.includes(row));
    const current = own.find((row) => row.keyId === offered);
    const newest = own
      .filter((row) => row.retiredMs === undefined)
      .sort(byAge)
      .at(-1);
    const newer = newest && newest !== current && (!current || newest.createdMs > current.createdMs);
    if (newer) plan.upload.push(newest);
    else if (!current || rotate || nowMs - current.createdMs >= ROTATION_MS)
      plan.make.push({ kind, count: 1 });
    // What is older than the offered one can only be named by envelopes that wait already.
    for (const row of own) {
      if (current && row !== current && row !== newest && row.retiredMs === undefined) plan.retire.push(row);
    }
  }

  /** @param {2 | 4} kind */
  function planOneTime(kind) {
    const count = (kind === PREKEY.ONE_TIME ? digest.oneTime : digest.kemOneTime).length;
    const { full, low } = STOCK[kind];
    if (count < low) plan.make.push({ kind, count: full - count });
  }
}

/** @param {PrekeyRow} row @param {number} nowMs @param {number} kept */
function isOver(row, nowMs, kept) {
  if (row.kind === PREKEY.SIGNED || row.kind === PREKEY.KEM_LAST_RESORT) {
    return row.retiredMs !== undefined && nowMs - row.retiredMs > kept;
  }
  return nowMs - row.createdMs > ONE_TIME_PUBLIC_MS + kept;
}

/** @param {PrekeyRow} row @param {Digest} digest */
function isOffered(row, digest) {
  return offers(digest).some(({ kind, keyId }) => row.kind === kind && row.keyId === keyId);
}

/** @param {Digest} digest @returns {{ kind: number, keyId: number }[]} */
function offers({ signed, kemLastResort, oneTime, kemOneTime }) {
  return [
    ...(signed === null ? [] : [{ kind: PREKEY.SIGNED, keyId: signed }]),
    ...(kemLastResort === null ? [] : [{ kind: PREKEY.KEM_LAST_RESORT, keyId: kemLastResort }]),
    ...oneTime.map((keyId) => ({ kind: PREKEY.ONE_TIME, keyId })),
    ...kemOneTime.map((keyId) => ({ kind: PREKEY.KEM_ONE_TIME, keyId })),
  ];
}

/** @param {PrekeyRow} a @param {PrekeyRow} b */
const byAge = (a, b) => a.createdMs - b.createdMs;
