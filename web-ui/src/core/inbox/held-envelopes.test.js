import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Contacts } from '../contact/contacts.js';
import { toHex } from '../crypto/bytes.js';
import { randomBytes } from '../crypto/random.js';
import { ready } from '../crypto/sodium.js';
import { Disk, MemoryDatabase } from '../model/memory-database.js';
import { VirtualTime } from '../model/virtual-time.js';
import { Queue } from '../queue.js';
import { Transactions } from '../transactions.js';
import { HeldEnvelopes } from './held-envelopes.js';

await ready();

const HELD_MAX = 500;
const account = randomBytes(16);

/** An envelope of its number alone. */
const envelopeOf = (/** @type {number} */ number) => new Uint8Array([number >> 8, number]);

async function store({ opens = true } = {}) {
  const time = new VirtualTime();
  const disk = new Disk();
  const database = new MemoryDatabase(disk);
  const transactions = new Transactions(database, new Queue(), () => assert.fail());
  /** @type {string[]} */
  const opened = [];
  /** @type {any} */
  const parts = {
    contacts: new Contacts(),
    lists: { isOwn: () => false },
    transactions,
    environment: { now: () => time.now() },
  };
  const open = () => {
    const held = new HeldEnvelopes(parts, {
      open: async (_scratch, envelope) => opened.push(toHex(envelope)) > 0 && opens,
      onOwnFork: () => assert.fail(),
      onFault: () => assert.fail(),
    });
    return held.load(database).then(() => held);
  };
  let held = await open();
  /** @param {import('../scratch.js').Scratch} scratch @param {number} device @param {number} number */
  const hold = (scratch, device, number) =>
    held.hold(scratch, { account, device }, 'E_DLC', { id: randomBytes(16), envelope: envelopeOf(number) });
  /** As a batch of the mailbox: fifty in one unit of work, each on a fork. */
  const flood = async (
    /** @type {number} */ device,
    /** @type {number} */ from,
    /** @type {number} */ count,
  ) => {
    for (let at = 0; at < count; at += 50)
      await transactions.run(async (scratch) => {
        for (let i = at; i < Math.min(count, at + 50); i++) {
          const fork = scratch.fork();
          await hold(fork, device, from + i);
          scratch.adopt(fork);
        }
      });
  };
  const rows = () => disk.values('held');
  const restart = async () => {
    held = await open();
    await transactions.run(() => {});
  };
  return { database, transactions, opened, hold, flood, rows, restart, retry: () => held.retry(account) };
}

test('what an outsider sends in the name of one device pushes out nothing of another', async () => {
  const { transactions, hold, flood, rows } = await store();
  await transactions.run((scratch) => hold(scratch, 2, 1000));
  await flood(1, 2000, 1200);
  assert.equal(rows().length, HELD_MAX);
  const others = rows().filter(({ device }) => device === 2);
  assert.deepEqual(
    others.map(({ envelope }) => envelope),
    [envelopeOf(1000)],
  );
});

test('each device has the same share where all want more, and loses its oldest', async () => {
  const { flood, rows } = await store();
  await flood(1, 0, 600);
  await flood(2, 1000, 600);
  for (const [device, last] of [
    [1, 599],
    [2, 1599],
  ]) {
    const own = rows().filter((row) => row.device === device);
    assert.equal(own.length, HELD_MAX / 2);
    assert.deepEqual(own.at(-1)?.envelope, envelopeOf(Number(last)));
  }
});

test('nothing of what is held is opened to hold one more', async () => {
  const { database, flood } = await store();
  await flood(1, 0, 10);
  database.list = () => assert.fail();
  database.get = () => assert.fail();
  await flood(2, 100, 10);
});

test('all devices of an account are opened in the order in which they came, also after a start', async () => {
  const { transactions, opened, hold, rows, restart, retry } = await store();
  for (let i = 0; i < 6; i++) await transactions.run((scratch) => hold(scratch, 1 + (i % 2), i));
  const inOrder = Array.from({ length: 6 }, (_, i) => toHex(envelopeOf(i)));
  await restart();
  assert.deepEqual(opened, inOrder);
  assert.deepEqual(rows(), []);
  await transactions.run(async (scratch) => {
    for (const device of [3, 4]) await hold(scratch, device, 10 * device);
  });
  retry();
  await transactions.run(() => {});
  assert.deepEqual(opened.slice(6), [30, 40].map(envelopeOf).map(toHex));
});

test('what is opened again is on disk fifty at a time, and other work has its turn between', async () => {
  const { database, transactions, opened, flood, rows, retry } = await store();
  await flood(1, 0, 120);
  const before = database.commits;
  retry();
  await transactions.run(() => {});
  assert.equal(opened.length, 50);
  assert.equal(rows().length, 70);
  while (rows().length > 0) await transactions.run(() => {});
  assert.deepEqual(
    opened,
    Array.from({ length: 120 }, (_, i) => toHex(envelopeOf(i))),
  );
  assert.equal(database.commits - before, 3);
});

test('what has to wait on is opened once in a round', async () => {
  const { transactions, opened, flood, rows, retry } = await store({ opens: false });
  await flood(1, 0, 120);
  retry();
  await flood(2, 500, 10);
  for (let i = 0; i < 20; i++) await transactions.run(() => {});
  assert.equal(opened.length, 120);
  assert.equal(new Set(opened).size, 120);
  assert.equal(rows().length, 130);
});
