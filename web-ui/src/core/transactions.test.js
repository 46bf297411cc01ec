import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Disk, MemoryDatabase } from './model/memory-database.js';
import { Queue } from './queue.js';
import { Scratch } from './scratch.js';
import { Transactions } from './transactions.js';

/** @param {Scratch} scratch @param {unknown[]} ran */
function withEffects(scratch, ran) {
  scratch.put('drafts', ['chat'], { text: 'kept' });
  scratch.afterCommit(() => ran.push(1));
  scratch.afterCommit(() => {
    throw new TypeError('first');
  });
  scratch.afterCommit(() => ran.push(2));
  scratch.afterCommit(() => {
    throw new TypeError('second');
  });
  scratch.afterCommit(() => ran.push(3));
}

test('an effect that throws keeps none of the others from running, and what is on disk is done', async () => {
  const db = new MemoryDatabase(new Disk());
  /** @type {any[]} */
  const faults = [];
  const transactions = new Transactions(db, new Queue(), (error) => faults.push(error));
  /** @type {number[]} */
  const ran = [];

  const result = await transactions.run((scratch) => {
    withEffects(scratch, ran);
    return 'done';
  });

  assert.equal(result, 'done');
  assert.deepEqual(ran, [1, 2, 3]);
  assert.deepEqual(
    faults.map(({ message }) => message),
    ['first', 'second'],
  );
  assert.deepEqual(await db.get('drafts', ['chat']), { text: 'kept' });
});

test('without anybody to tell, the first fault is thrown when all effects have run', async () => {
  /** @type {number[]} */
  const ran = [];
  const scratch = new Scratch(new MemoryDatabase(new Disk()));
  withEffects(scratch, ran);

  await assert.rejects(scratch.commit(), /first/);
  assert.deepEqual(ran, [1, 2, 3]);
});
