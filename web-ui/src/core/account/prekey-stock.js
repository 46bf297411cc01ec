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
import { ApiError } from '../api/errors.js';
import { PREKEY } from '../crypto/prekey.js';
import { HourlyLimit } from './hourly-limit.js';
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
  /** @type {Promise<void> | null} */
  #running = null;
  /** What comes after it. @type {{ exhausted: Set<number>, run: Promise<void> } | null} */
  #next = null;
  /** One-time keys that the server has not confirmed: sent again before others are made. @type {PrekeyRow[]} */
  #unsent = [];
  /** The same for a stock that replaces everything. @type {PrekeyRow[]} */
  #replacement = [];
  #replacements = new HourlyLimit(1);
  /** SPK and PQL uploaded last. */
  #published = { ids: '', limit: new HourlyLimit(1) };
  #limits = {
    [PREKEY.ONE_TIME]: new HourlyLimit(STOCK[PREKEY.ONE_TIME].full),
    [PREKEY.KEM_ONE_TIME]: new HourlyLimit(STOCK[PREKEY.KEM_ONE_TIME].full),
  };

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
   * Calls that overlap share one run; an SPK to be replaced is looked at in one more run after it.
   *
   * @param {{ mailboxTtlDays: number, exhaustedSpk?: number | null }} options `exhaustedSpk`: its replay cache is full
   * @returns {Promise<void>}
   */
  replenish({ mailboxTtlDays, exhaustedSpk = null }) {
    const exhausted = new Set(exhaustedSpk === null ? [] : [exhaustedSpk]);
    const before = this.#running ?? this.#next?.run;
    if (!before) return this.#start(mailboxTtlDays, exhausted);
    if (exhaustedSpk === null) return before;
    if (this.#next) this.#next.exhausted.add(exhaustedSpk);
    else {
      const start = () => {
        this.#next = null;
        return this.#start(mailboxTtlDays, exhausted);
      };
      this.#next = { exhausted, run: before.then(start, start) };
    }
    return this.#next.run;
  }

  /** @param {number} mailboxTtlDays @param {ReadonlySet<number>} exhausted */
  #start(mailboxTtlDays, exhausted) {
    const run = this.#replenish(mailboxTtlDays, exhausted).finally(() => {
      this.#running = null;
    });
    this.#running = run;
    return run;
  }

  /** @param {number} mailboxTtlDays @param {ReadonlySet<number>} exhausted */
  async #replenish(mailboxTtlDays, exhausted) {
    // Rows first: a key that is consumed between the two reads has left the server before, so it cannot look lost.
    const rows = await this.#byTime(mailboxTtlDays, exhausted);
    const digest = await this.#api.prekeyDigest();
    const plan = planByDigest({ digest, rows, nowMs: this.#now() });
    if (plan.replaceAll) return this.#replaceAll(rows);
    this.#replacement = [];
    await this.#publish([...plan.upload, ...(await this.#renew(plan.renew, rows))]);
    await this.#fill(plan.make, rows, [...digest.oneTime, ...digest.kemOneTime]);
  }

  /**
   * Erases, retires and makes what this device's clock asks for, before any server is asked.
   *
   * @param {number} mailboxTtlDays
   * @param {ReadonlySet<number>} exhausted
   * @returns {Promise<PrekeyRow[]>} what is held then
   */
  async #byTime(mailboxTtlDays, exhausted) {
    const rows = await loadPrekeys(this.#db);
    const nowMs = this.#now();
    const plan = planByTime({ rows, nowMs, mailboxTtlDays, exhausted });
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
   * Made by a clock that stood ahead: no server takes them, and no peer.
   *
   * @param {PrekeyRow[]} ahead
   * @param {PrekeyRow[]} held
   * @returns {Promise<PrekeyRow[]>} what takes their place
   */
  async #renew(ahead, held) {
    if (ahead.length === 0) return [];
    const nowMs = this.#now();
    const wanted = ahead.map(({ kind }) => ({ kind: /** @type {1 | 3} */ (kind), count: 1 }));
    const made = makeRows(wanted, nowMs, held);
    await this.#db.commit((tx) => putPrekeyRows(tx, [...retire(ahead, nowMs), ...made]));
    return made;
  }

  /**
   * A server that has taken an SPK or PQL, and names another one all the same, gets it once an hour.
   *
   * @param {PrekeyRow[]} lasting
   */
  async #publish(lasting) {
    const ids = lasting.map(({ keyId }) => keyId).join();
    if (ids !== this.#published.ids) this.#published = { ids, limit: new HourlyLimit(1) };
    if (this.#published.limit.left(this.#now()) === 0) return;
    await this.#upload(lasting);
    this.#published.limit.spend(1, this.#now());
  }

  /**
   * @param {import('./prekey-plan.js').DigestPlan['make']} wanted
   * @param {PrekeyRow[]} held
   * @param {number[]} offered
   */
  async #fill(wanted, held, offered) {
    const unsent = held.filter((row) => this.#unsent.some((other) => isSame(row, other)));
    const waiting = unsent.filter(({ keyId }) => !offered.includes(keyId));
    const nowMs = this.#now();
    const make = wanted.map(({ kind, count }) => {
      const missing = count - waiting.filter((row) => row.kind === kind).length;
      return { kind, count: Math.min(missing, this.#limits[kind].left(nowMs)) };
    });
    const made = makeRows(make, nowMs, held);
    if (made.length > 0) await this.#db.commit((tx) => putPrekeyRows(tx, made));
    for (const { kind, count } of make) this.#limits[kind].spend(Math.max(0, count), nowMs);
    this.#unsent = [...waiting, ...made];
    await this.#upload(this.#unsent).catch((error) => {
      if (isFinal(error)) this.#unsent = [];
      throw error;
    });
    this.#unsent = [];
  }

  /**
   * A restored browser profile has lost private keys that the server still offers: it must offer others. A server
   * that names such ids again and again gets one stock an hour.
   *
   * @param {PrekeyRow[]} held
   */
  async #replaceAll(held) {
    const nowMs = this.#now();
    let stock = held.filter(
      (row) => row.retiredMs === undefined && this.#replacement.some((other) => isSame(row, other)),
    );
    if (stock.length === 0) {
      if (this.#replacements.left(nowMs) === 0) return;
      stock = fullStock(nowMs, held);
      await this.#db.commit((tx) => putPrekeyRows(tx, [...retire(held, nowMs), ...stock]));
      this.#replacements.spend(1, nowMs);
    }
    this.#replacement = stock;
    await this.#api.putPrekeys(this.#records(stock)).catch((error) => {
      if (isFinal(error)) this.#replacement = [];
      throw error;
    });
    this.#replacement = [];
    this.#unsent = [];
  }

  /** @param {PrekeyRow[]} rows */
  async #upload(rows) {
    for (let at = 0; at < rows.length; at += BATCH)
      await this.#api.postPrekeys(this.#records(rows.slice(at, at + BATCH)));
  }

  /** @param {PrekeyRow[]} rows */
  #records(rows) {
    return rows.map((row) => recordOf(row, this.#device));
  }
}

/** The server will never take these bytes. @param {unknown} error */
const isFinal = (error) => error instanceof ApiError && [400, 409, 422].includes(error.status);

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
