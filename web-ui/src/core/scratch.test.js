import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Disk, MemoryDatabase } from './model/memory-database.js';
import { Scratch } from './scratch.js';

/** Keys that were asked for, one list for each read. @type {string[][]} */
let reads;
/** @type {MemoryDatabase} */
let database;

beforeEach(async () => {
  reads = [];
  database = new CountingDatabase(new Disk());
  await database.commit((tx) => tx.put('drafts', ['here'], { text: 'on disk' }));
});

test('a row is read once in a unit of work, by whichever fork', async () => {
  const scratch = new Scratch(database);
  const fork = scratch.fork();
  assert.deepEqual(await fork.get('drafts', ['here']), { text: 'on disk' });
  assert.equal(await fork.get('drafts', ['absent']), undefined);
  scratch.adopt(fork);

  assert.deepEqual(await scratch.fork().get('drafts', ['here']), { text: 'on disk' });
  assert.equal(await scratch.get('drafts', ['absent']), undefined);

  assert.deepEqual(reads, [['here'], ['absent']]);
});

test('rows that will be asked for are read in one go', async () => {
  const scratch = new Scratch(database);
  await scratch.prefetch('drafts', [['here'], ['absent']]);

  assert.deepEqual(await scratch.fork().get('drafts', ['here']), { text: 'on disk' });
  assert.equal(await scratch.get('drafts', ['absent']), undefined);

  assert.deepEqual(reads, [['here', 'absent']]);
});

test('what a unit of work writes counts before what it has read', async () => {
  const scratch = new Scratch(database);
  const fork = scratch.fork();
  fork.put('drafts', ['here'], { text: 'written' });
  await scratch.prefetch('drafts', [['here']]);
  await fork.get('drafts', ['here']);
  scratch.adopt(fork);

  assert.deepEqual(await scratch.get('drafts', ['here']), { text: 'written' });
  const next = scratch.fork();
  next.delete('drafts', ['here']);
  assert.equal(await next.get('drafts', ['here']), undefined);
});

test('the next unit of work reads again', async () => {
  await new Scratch(database).get('drafts', ['here']);
  await database.commit((tx) => tx.put('drafts', ['here'], { text: 'changed' }));

  assert.deepEqual(await new Scratch(database).get('drafts', ['here']), { text: 'changed' });
});

class CountingDatabase extends MemoryDatabase {
  /** @type {MemoryDatabase['get']} */
  get(store, key) {
    reads.push(key.map(String));
    return super.get(store, key);
  }

  /** @type {MemoryDatabase['getMany']} */
  async getMany(store, keys) {
    reads.push(keys.flatMap((key) => key.map(String)));
    return Promise.all(keys.map((key) => super.get(store, key)));
  }
}

test('what a unit of work has put and deleted is told apart from what it found', async () => {
  const scratch = new Scratch(database);
  for (const number of [1, 2, 3]) scratch.put('outbox', ['item', number], { number });
  scratch.put('outbox', ['heard'], { row: 'heard' });
  const fork = scratch.fork();
  fork.delete('outbox', ['item', 2]);
  fork.put('outbox', ['item', 3], { number: 3, again: true });

  assert.deepEqual(
    fork.written('outbox', ['item']).map(({ counters, value }) => [...counters, value]),
    [
      [1, { number: 1 }],
      [2, undefined],
      [3, { number: 3, again: true }],
    ],
  );
  assert.equal(scratch.written('outbox', ['item']).length, 3);
});
