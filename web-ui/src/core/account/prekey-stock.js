/**
 * Keeps the server's stock of this device's prekeys full and young (MP2P/1 §3). Private keys are committed before
 * their public records leave; consumption is the engine's, in the commit of the first message of a session.
 *
 * @typedef {import('../engine-contract.js').PrekeyRow} PrekeyRow
 * @typedef {import('../engine-contract.js').Database} Database
 * @typedef {import('../engine-contract.js').Tx} Tx
 * @typedef {Pick<import('../api/rest.js').Rest, 'prekeyDigest' | 'postPrekeys' | 'putPrekeys'>} PrekeyShelf
 * @typedef {{ accountId: Uint8Array, deviceId: number, dskSeed: Uint8Array }} SigningDevice
 */
import { PREKEY } from '../crypto/prekey.js';
import { planByDigest, planByTime, retire, STOCK } from './prekey-plan.js';
import { loadPrekeys, newPrekey, prekeyKey, recordOf } from './prekey-rows.js';

/** Records of one request (§20). */
const BATCH = 142;

/**
 * A first full stock: SPK, PQL, 100 OPK, 40 PQO. 142 records, one request.
 *
 * @param {number} nowMs
 * @param {PrekeyRow[]} [held] whose ids are not used again
 * @returns {PrekeyRow[]}
 */
export function fullStock(nowMs, held = []) {
  return makeRows(
    [
      { kind: PREKEY.SIGNED, count: 1 },
      { kind: PREKEY.KEM_LAST_RESORT, count: 1 },
      { kind: PREKEY.ONE_TIME, count: STOCK[PREKEY.ONE_TIME].full },
      { kind: PREKEY.KEM_ONE_TIME, count: STOCK[PREKEY.KEM_ONE_TIME].full },
    ],
    nowMs,
    held,
  );
}

/** @param {Tx} tx @param {PrekeyRow[]} rows */
export function putPrekeyRows(tx, rows) {
  for (const row of rows) tx.put('prekeys', prekeyKey(row.kind, row.keyId), row);
}

export class PrekeyStock {
  #db;
  #api;
  #device;
  #now;

  /**
   * @param {{ db: Database, api: PrekeyShelf, device: SigningDevice, now: () => number }} options
   */
  constructor({ db, api, device, now }) {
    this.#db = db;
    this.#api = api;
    this.#device = device;
    this.#now = now;
  }

  /**
   * @param {{ mailboxTtlDays: number, rotate?: boolean }} options `rotate`: new SPK and PQL whatever their age
   */
  async replenish({ mailboxTtlDays, rotate }) {
    // Rows first: a key that is consumed between the two reads has left the server before, so it cannot look lost.
    const rows = await this.#byTime(mailboxTtlDays, rotate);
    const plan = planByDigest({ digest: await this.#api.prekeyDigest(), rows });
    if (plan.replaceAll) return this.#replaceAll(rows);
    const made = makeRows(plan.make, this.#now(), rows);
    if (made.length > 0) await this.#db.commit((tx) => putPrekeyRows(tx, made));
    await this.#upload([...plan.upload, ...made]);
  }

  /**
   * Erases, retires and makes what this device's clock asks for, before any server is asked.
   *
   * @param {number} mailboxTtlDays
   * @param {boolean} [rotate]
   * @returns {Promise<PrekeyRow[]>} what is held then
   */
  async #byTime(mailboxTtlDays, rotate) {
    const rows = await loadPrekeys(this.#db);
    const nowMs = this.#now();
    const plan = planByTime({ rows, nowMs, mailboxTtlDays, rotate });
    if (plan.erase.length + plan.retire.length + plan.make.length === 0) return rows;
    const wanted = plan.make.map((kind) => ({ kind, count: 1 }));
    const put = [...plan.retire, ...makeRows(wanted, nowMs, rows)];
    await this.#db.commit((tx) => {
      for (const row of plan.erase) tx.delete('prekeys', prekeyKey(row.kind, row.keyId));
      putPrekeyRows(tx, put);
    });
    const untouched = rows.filter(
      (row) => !plan.erase.includes(row) && !put.some((other) => isSame(row, other)),
    );
    return [...untouched, ...put];
  }

  /**
   * A restored browser profile has lost private keys that the server still offers: it must offer others.
   *
   * @param {PrekeyRow[]} held
   */
  async #replaceAll(held) {
    const nowMs = this.#now();
    const stock = fullStock(nowMs, held);
    await this.#db.commit((tx) => putPrekeyRows(tx, [...retire(held, nowMs), ...stock]));
    await this.#api.putPrekeys(stock.map((row) => recordOf(row, this.#device)));
  }

  /** @param {PrekeyRow[]} rows */
  async #upload(rows) {
    for (let at = 0; at < rows.length; at += BATCH) {
      await this.#api.postPrekeys(rows.slice(at, at + BATCH).map((row) => recordOf(row, this.#device)));
    }
  }
}

/** @param {PrekeyRow} a @param {PrekeyRow} b */
const isSame = (a, b) => a.kind === b.kind && a.keyId === b.keyId;

/**
 * @param {{ kind: 1 | 2 | 3 | 4, count: number }[]} wanted
 * @param {number} nowMs
 * @param {PrekeyRow[]} held
 */
function makeRows(wanted, nowMs, held) {
  const made = [];
  for (const { kind, count } of wanted) {
    const taken = new Set(held.filter((row) => row.kind === kind).map(({ keyId }) => keyId));
    for (let i = 0; i < count; i++) {
      const row = newPrekey(kind, nowMs, taken);
      taken.add(row.keyId);
      made.push(row);
    }
  }
  return made;
}
