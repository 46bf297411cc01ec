import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { NetworkError } from '../api/errors.js';
import { decodePrekey, PREKEY } from '../crypto/prekey.js';
import { randomBytes } from '../crypto/random.js';
import { ready } from '../crypto/sodium.js';
import { Disk, MemoryDatabase } from '../model/memory-database.js';
import { loadPrekeys, newPrekey, recordOf } from './prekey-rows.js';
import { fullStock, PrekeyStock, putPrekeyRows } from './prekey-stock.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const T0 = 1_800_000_000_000;
const T = 30 * DAY;
const { SIGNED, ONE_TIME, KEM_LAST_RESORT, KEM_ONE_TIME } = PREKEY;

before(ready);

/** The server's side: what it would hand out, and what it is brought to say instead. */
class Shelf {
  /** @type {{ kind: number, keyId: number }[]} */
  offered = [];
  /** @type {'answers' | 'away' | 'refuses uploads'} */
  mood = 'answers';
  /** What it says whatever it has. @type {import('./prekey-plan.js').Digest | null} */
  lie = null;
  digests = 0;
  posts = 0;
  puts = 0;

  async prekeyDigest() {
    this.digests += 1;
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
    this.posts += 1;
    return this.#take(records, this.offered);
  }

  /** @param {Uint8Array[]} records */
  async putPrekeys(records) {
    this.puts += 1;
    return this.#take(records, []);
  }

  /** @param {Uint8Array[]} records @param {{ kind: number, keyId: number }[]} before */
  async #take(records, before) {
    if (this.mood !== 'answers') throw new NetworkError('away');
    this.offered = [...before, ...records.map(decodePrekey)];
    const { oneTime, kemOneTime } = this.digest;
    return { oneTime: oneTime.length, kemOneTime: kemOneTime.length };
  }
}

/** A device that has just made its first stock, which the server has. */
async function newDevice() {
  const device = { accountId: randomBytes(16), deviceId: 7, dskSeed: randomBytes(32) };
  const shelf = new Shelf();
  const db = new MemoryDatabase(new Disk());
  const clock = { nowMs: T0 };
  const first = fullStock(T0);
  await db.commit((tx) => putPrekeyRows(tx, first));
  await shelf.putPrekeys(first.map((row) => recordOf(row, device)));
  shelf.puts = 0;
  const stock = new PrekeyStock({ db, api: shelf, device, now: () => clock.nowMs });
  const held = async (/** @type {number} */ kind) =>
    (await loadPrekeys(db)).filter((row) => row.kind === kind).map(({ keyId }) => keyId);
  const [spk, pql] = first;
  assert.ok(spk && pql);
  return {
    ...{ shelf, clock, db, stock, held, first, spk: spk.keyId, pql: pql.keyId },
    /** As the upkeep does it: what fails is tried again the next time. */
    replenish: () => stock.replenish({ mailboxTtlDays: 30 }).catch(() => {}),
  };
}

test('a server that does not answer keeps no private key alive', async () => {
  const { shelf, clock, held, replenish, spk, pql, first } = await newDevice();
  shelf.mood = 'away';
  clock.nowMs = T0 + 7 * DAY;
  await replenish();
  assert.deepEqual((await held(SIGNED)).length, 2, 'the next one is made without the server');

  clock.nowMs += T + 1;
  await replenish();
  assert.ok(!(await held(SIGNED)).includes(spk));
  assert.ok(!(await held(KEM_LAST_RESORT)).includes(pql));
  assert.equal((await held(ONE_TIME)).length, 100);

  clock.nowMs = T0 + 60 * DAY + T + 1;
  await replenish();
  assert.deepEqual(await held(ONE_TIME), []);
  assert.deepEqual(await held(KEM_ONE_TIME), []);
  assert.equal(first.length, 142);
});

test('a server that names old keys for ever keeps none of them alive', async () => {
  const { shelf, clock, held, replenish, spk, pql, first } = await newDevice();
  shelf.lie = shelf.digest;
  for (let day = 0; day <= 91; day += 7) {
    clock.nowMs = T0 + day * DAY;
    await replenish();
  }
  clock.nowMs = T0 + 90 * DAY + 1;
  await replenish();

  assert.ok(!(await held(SIGNED)).includes(spk));
  assert.ok(!(await held(KEM_LAST_RESORT)).includes(pql));
  const oneTime = await held(ONE_TIME);
  assert.ok(first.every(({ kind, keyId }) => kind !== ONE_TIME || !oneTime.includes(keyId)));
});

test('a server that refuses uploads keeps no private key alive, and gets the newest ones later', async () => {
  const { shelf, clock, held, replenish, spk } = await newDevice();
  shelf.mood = 'refuses uploads';
  clock.nowMs = T0 + 7 * DAY;
  await replenish();
  clock.nowMs += T + 1;
  await replenish();
  assert.ok(!(await held(SIGNED)).includes(spk));

  shelf.mood = 'answers';
  await replenish();
  const { signed, kemLastResort } = shelf.digest;
  assert.equal(signed, (await held(SIGNED)).at(-1));
  assert.equal(kemLastResort, (await held(KEM_LAST_RESORT)).at(-1));
});

test('each week brings another SPK and PQL, and those before it live for T', async () => {
  const { shelf, clock, held, replenish } = await newDevice();
  const seen = new Set([shelf.digest.signed]);
  for (let week = 1; week <= 10; week++) {
    clock.nowMs = T0 + week * 7 * DAY;
    await replenish();
    assert.ok(!seen.has(shelf.digest.signed), 'no id comes again');
    seen.add(shelf.digest.signed);
    assert.ok((await held(SIGNED)).length <= 6, 'the current one and those of the last 30 days');
    assert.equal((await held(KEM_LAST_RESORT)).length, (await held(SIGNED)).length);
  }
  assert.equal(seen.size, 11);
});

test('a new key takes no id that one of its kind has here', () => {
  /** @type {Set<number>} */
  const refused = new Set();
  class Taken extends Set {
    /** @param {number} id */
    has(id) {
      if (refused.size >= 3) return false;
      refused.add(id);
      return true;
    }
  }
  const { keyId } = newPrekey(ONE_TIME, T0, new Taken());

  assert.equal(refused.size, 3);
  assert.ok(!refused.has(keyId));
});
