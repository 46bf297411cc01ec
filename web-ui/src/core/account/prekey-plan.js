/**
 * What is to be done about the prekeys (MP2P/1 §3). Pure: the doing is prekey-stock.js.
 *
 * Two plans, for what is erased and when new keys follow is this device's own matter: a server that does not answer,
 * or names old keys for ever, does not make a private key live longer.
 *
 * @typedef {import('../engine-contract.js').PrekeyRow} PrekeyRow
 * @typedef {1 | 3} LastingKind
 * @typedef {2 | 4} OneTimeKind
 *
 * @typedef {object} Digest
 * @property {number | null} signed
 * @property {number | null} kemLastResort
 * @property {number[]} oneTime
 * @property {number[]} kemOneTime
 *
 * @typedef {object} TimePlan
 * @property {PrekeyRow[]} erase
 * @property {PrekeyRow[]} retire as they are to be kept: replaced by a newer one, for T more days
 * @property {LastingKind[]} make
 *
 * @typedef {object} DigestPlan
 * @property {boolean} replaceAll private keys are missing: make everything anew and replace what the server has
 * @property {PrekeyRow[]} upload SPK and PQL that the server does not hand out yet
 * @property {PrekeyRow[]} renew the same, but dated so far ahead that it would refuse them: others take their place
 * @property {{ kind: OneTimeKind, count: number }[]} make
 */
import { PREKEY } from '../crypto/prekey.js';
import { retentionMs } from '../retention.js';
import { isAhead } from '../stored-time.js';

const DAY_MS = 86_400_000;
const ROTATION_MS = 7 * DAY_MS;
const ONE_TIME_PUBLIC_MS = 60 * DAY_MS;
const LASTING = /** @type {const} */ ([PREKEY.SIGNED, PREKEY.KEM_LAST_RESORT]);

/** Full stock and the count below which it is filled up (§3). */
export const STOCK = /** @type {const} */ ({
  [PREKEY.ONE_TIME]: { full: 100, low: 40 },
  [PREKEY.KEM_ONE_TIME]: { full: 40, low: 15 },
});

/**
 * By this device's clock alone.
 *
 * @param {{ rows: PrekeyRow[], nowMs: number, mailboxTtlDays: number, exhausted?: ReadonlySet<number> }} state
 *   `exhausted`: SPK whose replay cache is full; if the current one is among them, SPK and PQL are replaced
 * @returns {TimePlan}
 */
export function planByTime({ rows, nowMs, mailboxTtlDays, exhausted = new Set() }) {
  const retention = retentionMs(mailboxTtlDays);
  const erase = rows.filter((row) => isOver(row, nowMs, retention));
  const spk = currentOf(PREKEY.SIGNED, rows);
  const rotate = spk !== undefined && exhausted.has(spk.keyId);
  const serving = LASTING.map((kind) => currentOf(kind, rows)).filter(
    (row) => row && !rotate && nowMs - row.createdMs < ROTATION_MS,
  );
  const make = LASTING.filter((kind) => !serving.some((row) => row?.kind === kind));
  const kept = rows.filter((row) => !erase.includes(row) && !serving.includes(row));
  return { erase, retire: retire(kept, nowMs), make };
}

/**
 * SPK and PQL that others take the place of, as they are to be kept from then on.
 *
 * @param {PrekeyRow[]} rows
 * @param {number} nowMs
 * @returns {PrekeyRow[]} those that change
 */
export function retire(rows, nowMs) {
  return rows
    .filter((row) => isLasting(row) && row.retiredMs !== retirement(row, nowMs))
    .map((row) => ({ ...row, retiredMs: retirement(row, nowMs) }));
}

/**
 * By what the server would hand out.
 *
 * @param {{ digest: Digest, rows: PrekeyRow[], nowMs: number }} state after the plan by time: there is a current SPK
 *   and PQL
 * @returns {DigestPlan}
 */
export function planByDigest({ digest, rows, nowMs }) {
  const { signed, kemLastResort, oneTime, kemOneTime } = digest;
  /** @param {number} kind @param {number} id */
  const held = (kind, id) => rows.some((row) => row.kind === kind && row.keyId === id);
  const replaceAll =
    (signed !== null && !held(PREKEY.SIGNED, signed)) ||
    (kemLastResort !== null && !held(PREKEY.KEM_LAST_RESORT, kemLastResort)) ||
    !oneTime.every((id) => held(PREKEY.ONE_TIME, id)) ||
    !kemOneTime.every((id) => held(PREKEY.KEM_ONE_TIME, id));
  if (replaceAll) return { replaceAll, upload: [], renew: [], make: [] };
  const offered = { [PREKEY.SIGNED]: signed, [PREKEY.KEM_LAST_RESORT]: kemLastResort };
  const due = LASTING.flatMap((kind) => currentOf(kind, rows) ?? []).filter(
    ({ kind, keyId }) => keyId !== offered[/** @type {LastingKind} */ (kind)],
  );
  const renew = due.filter(({ createdMs }) => isAhead(createdMs, nowMs));
  const counts = { [PREKEY.ONE_TIME]: oneTime.length, [PREKEY.KEM_ONE_TIME]: kemOneTime.length };
  const make = [PREKEY.ONE_TIME, PREKEY.KEM_ONE_TIME]
    .filter((kind) => counts[kind] < STOCK[kind].low)
    .map((kind) => ({ kind, count: STOCK[kind].full - counts[kind] }));
  return { replaceAll, upload: due.filter((row) => !renew.includes(row)), renew, make };
}

/**
 * The one of its kind that is to be handed out: the newest that no other has replaced.
 *
 * @param {LastingKind} kind
 * @param {PrekeyRow[]} rows
 * @returns {PrekeyRow | undefined}
 */
function currentOf(kind, rows) {
  return rows
    .filter((row) => row.kind === kind && row.retiredMs === undefined)
    .sort((a, b) => a.createdMs - b.createdMs)
    .at(-1);
}

/**
 * Since when a row is replaced. A clock that stood ahead then and has gone back must not keep the key for that long,
 * and one that stands far behind must not end its time at once.
 *
 * @param {PrekeyRow} row
 * @param {number} nowMs
 */
function retirement({ retiredMs, createdMs }, nowMs) {
  const latest = Math.max(nowMs, createdMs);
  return retiredMs === undefined || isAhead(retiredMs, latest) ? latest : retiredMs;
}

/** @param {PrekeyRow} row @param {number} nowMs @param {number} retention T */
function isOver(row, nowMs, retention) {
  if (isLasting(row)) return row.retiredMs !== undefined && nowMs - row.retiredMs > retention;
  return nowMs - row.createdMs > ONE_TIME_PUBLIC_MS + retention;
}

/** @param {PrekeyRow} row */
function isLasting({ kind }) {
  return kind === PREKEY.SIGNED || kind === PREKEY.KEM_LAST_RESORT;
}
