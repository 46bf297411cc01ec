import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { ApiError, NetworkError } from '../api/errors.js';
import { PREKEY } from '../crypto/prekey.js';
import { ready } from '../crypto/sodium.js';
import { deviceWithStock } from '../model/prekey-server.js';

before(ready);

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const T0 = 1_800_000_000_000;
const { SIGNED, ONE_TIME, KEM_LAST_RESORT } = PREKEY;

const newDevice = () => deviceWithStock(T0);

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

test('a server that has taken an SPK and names another one gets it once an hour', async () => {
  const { shelf, clock, replenish } = await newDevice();
  shelf.lie = shelf.digest;
  clock.nowMs = T0 + 7 * DAY;
  shelf.mood = 'loses uploads';
  for (let i = 0; i < 3; i++) await replenish();
  assert.equal(shelf.posts.length, 3, 'until it is taken');

  shelf.mood = 'answers';
  for (let minute = 0; minute < 60; minute++) {
    clock.nowMs += 60_000;
    await replenish();
  }
  assert.equal(shelf.posts.length, 4);
  clock.nowMs += 60_000;
  await replenish();
  assert.deepEqual(shelf.posts[4], shelf.posts[0]);
});

test('a replacement that was taken is not sent again for what is lost later', async () => {
  const { shelf, clock, replenish } = await newDevice();
  shelf.offered.push({ kind: ONE_TIME, keyId: 4_000_000_000 });
  const put = shelf.putPrekeys.bind(shelf);
  shelf.putPrekeys = async (records) => {
    await put(records);
    throw new NetworkError('the answer is lost');
  };
  await replenish();
  shelf.putPrekeys = put;
  await replenish();
  assert.equal(shelf.puts.length, 1);

  clock.nowMs += HOUR;
  shelf.offered.push({ kind: ONE_TIME, keyId: 4_000_000_001 });
  await replenish();
  assert.equal(shelf.puts.length, 2);
  assert.ok(!shelf.puts[1]?.some((keyId) => shelf.puts[0]?.includes(keyId)));
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
