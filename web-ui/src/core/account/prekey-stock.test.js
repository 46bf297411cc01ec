import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { ApiError, NetworkError } from '../api/errors.js';
import { decodePrekey, PREKEY } from '../crypto/prekey.js';
import { randomBytes } from '../crypto/random.js';
import { ready } from '../crypto/sodium.js';
import { ReplayCache } from '../inbox/replay-cache.js';
import { Disk, MemoryDatabase } from '../model/memory-database.js';
import { Scratch } from '../scratch.js';
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
  /** @type {'answers' | 'away' | 'loses uploads' | 'refuses uploads'} */
  mood = 'answers';
  /** What it says whatever it has. @type {import('./prekey-plan.js').Digest | null} */
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
async function newDevice() {
  const device = { accountId: randomBytes(16), deviceId: 7, dskSeed: randomBytes(32) };
  const shelf = new Shelf();
  const db = new MemoryDatabase(new Disk());
  const clock = { nowMs: T0 };
  const first = fullStock(T0);
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

test('a server that takes no uploads keeps no private key alive, and gets the newest ones later', async () => {
  const { shelf, clock, held, replenish, spk } = await newDevice();
  shelf.mood = 'loses uploads';
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

test('calls that overlap share one run', async () => {
  const { shelf, replenish } = await newDevice();
  shelf.offered = shelf.offered.filter(({ kind }) => kind !== ONE_TIME);
  await Promise.all(Array.from({ length: 20 }, () => replenish()));

  assert.equal(shelf.digests, 1);
  assert.deepEqual(
    shelf.posts.map(({ length }) => length),
    [100],
  );
});

test('a signed prekey that has served too often while a run is under way is replaced once, after it', async () => {
  const { shelf, held, replenish, spk } = await newDevice();
  /** @type {Promise<void>[]} */
  const calls = [];
  shelf.onDigest = () => {
    shelf.onDigest = null;
    for (let i = 0; i < 20; i++) calls.push(replenish(spk), replenish());
  };
  await replenish();
  await Promise.all(calls);

  assert.equal(shelf.digests, 2);
  assert.equal((await held(SIGNED)).length, 2);
  assert.equal((await held(KEM_LAST_RESORT)).length, 2);
  assert.notEqual(shelf.digest.signed, spk);
});

test('a signed prekey that was replaced already is no reason to replace the next one', async () => {
  const { shelf, held, replenish, spk } = await newDevice();
  await replenish(spk);
  const next = shelf.digest.signed;
  for (let i = 0; i < 5; i++) await replenish(spk);

  assert.equal(shelf.digest.signed, next);
  assert.equal((await held(SIGNED)).length, 2);
});

test('a server that names keys nobody made gets one stock an hour', async () => {
  const { shelf, clock, held, replenish } = await newDevice();
  shelf.lie = { ...shelf.digest, oneTime: [4_000_000_000] };
  for (let minute = 0; minute < 60; minute++) {
    clock.nowMs = T0 + minute * 60_000;
    await replenish();
  }
  assert.equal(shelf.puts.length, 1);
  assert.equal(shelf.posts.length, 0);
  assert.equal((await held(ONE_TIME)).length, 200);

  clock.nowMs = T0 + HOUR;
  await replenish();
  assert.equal(shelf.puts.length, 2);
});

test('a replacement whose upload fails is repeated with the same keys, until it is taken or refused', async () => {
  const { shelf, clock, held, replenish } = await newDevice();
  shelf.offered.push({ kind: ONE_TIME, keyId: 4_000_000_000 });
  shelf.mood = 'loses uploads';
  for (let i = 0; i < 3; i++) await replenish();
  assert.deepEqual(shelf.puts[0], shelf.puts[2]);
  assert.equal((await held(ONE_TIME)).length, 200);

  shelf.mood = 'refuses uploads';
  await replenish();
  shelf.mood = 'answers';
  await replenish();
  assert.equal(shelf.puts.length, 4, 'refused for good: nothing more within the hour');

  clock.nowMs += HOUR;
  await replenish();
  assert.equal(shelf.puts.length, 5);
  assert.equal(shelf.offered.length, 142);
});

test('a server that says again and again that it has nothing gets one full stock an hour', async () => {
  const { shelf, clock, held, replenish } = await newDevice();
  shelf.lie = { ...shelf.digest, oneTime: [], kemOneTime: [] };
  for (let minute = 0; minute < 60; minute++) {
    clock.nowMs = T0 + minute * 60_000;
    await replenish();
  }
  assert.deepEqual(
    shelf.posts.map(({ length }) => length),
    [140],
  );

  clock.nowMs = T0 + HOUR;
  await replenish();
  assert.equal((await held(ONE_TIME)).length, 300);
});

test('one-time keys whose upload fails are sent again, not made again', async () => {
  const { shelf, clock, held, replenish } = await newDevice();
  shelf.offered = shelf.offered.filter(({ kind }) => kind !== ONE_TIME);
  shelf.mood = 'loses uploads';
  for (let hour = 0; hour < 5; hour++) {
    clock.nowMs = T0 + hour * HOUR;
    await replenish();
  }
  assert.equal((await held(ONE_TIME)).length, 200);

  shelf.mood = 'answers';
  await replenish();
  assert.deepEqual(shelf.digest.oneTime, shelf.posts[0]);
  assert.equal((await held(ONE_TIME)).length, 200);
});

test('a refill that is refused for good does not keep an SPK from being published', async () => {
  const { shelf, clock, replenish, spk } = await newDevice();
  shelf.offered = shelf.offered.filter(({ kind }) => kind !== ONE_TIME);
  clock.nowMs = T0 + 7 * DAY;
  const post = shelf.postPrekeys.bind(shelf);
  shelf.postPrekeys = (records) => {
    if (records.length > 2) throw new ApiError(409, 'prekey-limit');
    return post(records);
  };
  await replenish();

  assert.notEqual(shelf.digest.signed, spk);
});

test('a session on the last-resort key is in the replay cache for as long as its private keys are held', async () => {
  const { clock, db, held, replenish, spk, pql } = await newDevice();
  const cache = new ReplayCache();
  const row = { spkId: spk, opkId: 0, ekHash: randomBytes(16), atMs: T0 };
  const within = async (/** @type {(scratch: Scratch) => unknown} */ work) => {
    const scratch = new Scratch(db);
    await work(scratch);
    await scratch.commit();
  };
  await within((scratch) => cache.add(scratch, row));
  let days = 0;
  for (; (await held(SIGNED)).includes(spk) && (await held(KEM_LAST_RESORT)).includes(pql); days++) {
    assert.ok(cache.view(new Scratch(db)).has(row), `day ${days}`);
    clock.nowMs += DAY;
    await replenish();
    await within((scratch) => cache.prune(scratch, clock.nowMs, T));
  }

  assert.equal(days, 7 + 30 + 1);
  assert.ok(!cache.view(new Scratch(db)).has(row));
});
