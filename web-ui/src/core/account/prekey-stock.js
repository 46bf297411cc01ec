/**
 * Keeps the server's stock of this device's prekeys full and young (MP2P/1 §3). Private keys are committed before
 * their public records leave; consumption is the engine's, in the commit of the first message of a session.
 *
 * @typedef {import('../engine-contract.js').PrekeyRow} PrekeyRow
 * @typedef {import('../engine-contract.js').Database} Database
 * @typedef {import('../engine-contract.js').Tx} Tx
 * @typedef {import('../api/rest.js').Rest} Rest
 * @typedef {{ accountId: Uint8Array, deviceId: number, dskSeed: Uint8Array }} SigningDevice
 */
import { PREKEY } from '../crypto/prekey.js';
import { planPrekeys, STOCK } from './prekey-plan.js';
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

  /** @param {{ db: Database, api: Rest, device: SigningDevice }} options */
  constructor({ db, api, device }) {
    this.#db = db;
    this.#api = api;
    this.#device = device;
  }

  /**
   * @param {{ mailboxTtlDays: number, rotate?: boolean }} options `rotate`: new SPK and PQL whatever their age
   */
  async replenish({ mailboxTtlDays, rotate }) {
    // Rows first: a key that is consumed between the two reads has left the server before, so it cannot look lost.
    const rows = await loadPrekeys(this.#db);
    const digest = await this.#api.prekeyDigest();
    const nowMs = Date.now();
    const plan = planPrekeys({ digest, rows, nowMs, mailboxTtlDays, rotate });
    if (plan.replaceAll) return this.#replaceAll(rows, nowMs);
    const made = makeRows(plan.make, nowMs, rows);
    await this.#db.commit((tx) => {
      putPrekeyRows(tx, made);
      putPrekeyRows(
        tx,
        plan.retire.map((row) => ({ ...row, retiredMs: nowMs })),
      );
      for (const row of plan.erase) tx.delete('prekeys', prekeyKey(row.kind, row.keyId));
    });
    await this.#upload([...plan.upload, ...made]);
    await this.#retireReplaced(made, rows, nowMs);
  }

  /**
   * A restored browser profile has lost private keys that the server still offers: it must offer others.
   *
   * @param {PrekeyRow[]} held
   * @param {number} nowMs
   */
  async #replaceAll(held, nowMs) {
    const stock = fullStock(nowMs, held);
    await this.#db.commit((tx) => putPrekeyRows(tx, stock));
    await this.#api.putPrekeys(stock.map((row) => recordOf(row, this.#device)));
    await this.#retireReplaced(stock, held, nowMs);
  }

  /** @param {PrekeyRow[]} rows */
  async #upload(rows) {
    for (let at = 0; at < rows.length; at += BATCH) {
      await this.#api.postPrekeys(rows.slice(at, at + BATCH).map((row) => recordOf(row, this.#device)));
    }
  }

  /**
   * Old SPK and PQL count as replaced once the server has the new ones; a crash before this line is mended by the
   * next plan.
   *
   * @param {PrekeyRow[]} made
   * @param {PrekeyRow[]} held
   * @param {number} nowMs
   */
  async #retireReplaced(made, held, nowMs) {
    const replaced = held.filter(
      ({ kind, retiredMs }) =>
        (kind === PREKEY.SIGNED || kind === PREKEY.KEM_LAST_RESORT) &&
        retiredMs === undefined &&
        made.some((row) => row.kind === kind),
    );
    if (replaced.length === 0) return;
    await this.#db.commit((tx) =>
      putPrekeyRows(
        tx,
        replaced.map((row) => ({ ...row, retiredMs: nowMs })),
      ),
    );
  }
}

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
