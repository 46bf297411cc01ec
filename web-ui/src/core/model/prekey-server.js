/**
 * A device with the real stock of prekeys, and a server for it that can lie, lose and refuse (MP2P/1 §3).
 */

import assert from 'node:assert/strict';
import { loadPrekeys, recordOf } from '../account/prekey-rows.js';
import { fullStock, PrekeyStock, putPrekeyRows } from '../account/prekey-stock.js';
import { ApiError, NetworkError } from '../api/errors.js';
import { decodePrekey, PREKEY } from '../crypto/prekey.js';
import { randomBytes } from '../crypto/random.js';
import { Disk, MemoryDatabase } from './memory-database.js';

const { SIGNED, ONE_TIME, KEM_LAST_RESORT, KEM_ONE_TIME } = PREKEY;

/** The server's side: what it would hand out, and what it is brought to say instead. */
export class Shelf {
  /** @type {{ kind: number, keyId: number }[]} */
  offered = [];
  /** @type {'answers' | 'away' | 'loses uploads' | 'refuses uploads'} */
  mood = 'answers';
  /** What it says whatever it has. @type {import('../account/prekey-plan.js').Digest | null} */
  lie = null;
  digests = 0;
  /** Ids of each upload. @type {number[][]} */
  posts = [];
  /** @type {number[][]} */
  puts = [];
  /** Runs while a digest is asked for. @type {(() => void) | null} */
  onDigest = null;

  async prekeyDigest() {
    this.digests += 1;
    this.onDigest?.();
    if (this.mood === 'away') throw new NetworkError('away');
    return this.lie ?? this.digest;
  }

  get digest() {
    const ids = (/** @type {number} */ kind) =>
      this.offered.filter((prekey) => prekey.kind === kind).map(({ keyId }) => keyId);
    return {
      signed: ids(SIGNED).at(-1) ?? null,
      kemLastResort: ids(KEM_LAST_RESORT).at(-1) ?? null,
      oneTime: ids(ONE_TIME),
      kemOneTime: ids(KEM_ONE_TIME),
    };
  }

  /** @param {Uint8Array[]} records */
  async postPrekeys(records) {
    this.posts.push(records.map((record) => decodePrekey(record).keyId));
    return this.#take(records, this.offered);
  }

  /** @param {Uint8Array[]} records */
  async putPrekeys(records) {
    this.puts.push(records.map((record) => decodePrekey(record).keyId));
    return this.#take(records, []);
  }

  /** @param {Uint8Array[]} records @param {{ kind: number, keyId: number }[]} before */
  async #take(records, before) {
    if (this.mood === 'refuses uploads') throw new ApiError(422, 'prekey-invalid');
    if (this.mood !== 'answers') throw new NetworkError('away');
    this.offered = [...before, ...records.map(decodePrekey)];
    const { oneTime, kemOneTime } = this.digest;
    return { oneTime: oneTime.length, kemOneTime: kemOneTime.length };
  }
}

/** A device that has just made its first stock, which the server has. */
export async function deviceWithStock(/** @type {number} */ startMs) {
  const device = { accountId: randomBytes(16), deviceId: 7, dskSeed: randomBytes(32) };
  const shelf = new Shelf();
  const db = new MemoryDatabase(new Disk());
  const clock = { nowMs: startMs };
  const first = fullStock(startMs);
  await db.commit((tx) => putPrekeyRows(tx, first));
  await shelf.putPrekeys(first.map((row) => recordOf(row, device)));
  shelf.puts = [];
  const stock = new PrekeyStock({ db, api: shelf, device, now: () => clock.nowMs });
  const held = async (/** @type {number} */ kind) =>
    (await loadPrekeys(db)).filter((row) => row.kind === kind).map(({ keyId }) => keyId);
  const [spk, pql] = first;
  assert.ok(spk && pql);
  return {
    ...{ shelf, clock, db, stock, held, first, spk: spk.keyId, pql: pql.keyId },
    /** As the upkeep does it: what fails is tried again the next time. */
    replenish: (exhaustedSpk = /** @type {number | null} */ (null)) =>
      stock.replenish({ mailboxTtlDays: 30, exhaustedSpk }).catch(() => {}),
  };
}
