import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { PREKEY } from '../crypto/prekey.js';
import { randomBytes } from '../crypto/random.js';
import { ready } from '../crypto/sodium.js';
import { ReplayCache } from '../inbox/replay-cache.js';
import { deviceWithStock } from '../model/prekey-server.js';
import { Scratch } from '../scratch.js';
import { newPrekey } from './prekey-rows.js';

before(ready);

const DAY = 86_400_000;
const T0 = 1_800_000_000_000;
const T = 30 * DAY;
const { SIGNED, ONE_TIME, KEM_LAST_RESORT, KEM_ONE_TIME } = PREKEY;

const newDevice = () => deviceWithStock(T0);

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
