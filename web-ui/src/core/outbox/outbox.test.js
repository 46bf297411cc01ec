import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Disk, MemoryDatabase } from '../model/memory-database.js';
import { Scratch } from '../scratch.js';
import { newItem } from './item.js';
import { Outbox } from './outbox.js';

const account = new Uint8Array(16).fill(1);

/** @param {number} number @param {number} device */
const itemTo = (number, device) =>
  newItem({
    ...{ number, account, device, inRow: false, sender: 9, nowMs: 0 },
    content: {
      ...{ ctype: 1, msgId: new Uint8Array(16).fill(number), convId: new Uint8Array(16) },
      ...{ sentMs: 0, seq: 1, body: { text: 'hello' } },
    },
  });

test('a device that leaves takes with it what was put for it in the same unit of work', async () => {
  const database = new MemoryDatabase(new Disk());
  const outbox = new Outbox();
  const earlier = new Scratch(database);
  outbox.put(earlier, itemTo(1, 2));
  outbox.put(earlier, itemTo(2, 3));
  await earlier.commit();

  const scratch = new Scratch(database);
  outbox.put(scratch, itemTo(3, 2));
  outbox.put(scratch, itemTo(4, 3));
  outbox.removeTo(scratch, account, 2);
  await scratch.commit();

  const rows = await database.list('outbox', ['item']);
  assert.deepEqual(
    rows.map(({ value }) => value.number),
    [2, 4],
  );
  assert.deepEqual(
    outbox.all().map(({ number }) => number),
    [2, 4],
  );
});

test('items to a device are those that a unit of work sees, with its own changes', async () => {
  const database = new MemoryDatabase(new Disk());
  const outbox = new Outbox();
  const earlier = new Scratch(database);
  for (const number of [1, 2, 3]) outbox.put(earlier, itemTo(number, 2));
  await earlier.commit();

  const scratch = new Scratch(database);
  outbox.remove(scratch, itemTo(1, 2));
  outbox.put(scratch, { ...itemTo(2, 2), tries: 1 });
  outbox.put(scratch, itemTo(4, 2));
  const fork = scratch.fork();
  outbox.remove(fork, itemTo(3, 2));

  const seen = outbox.readTo(fork, account, 2).map(({ number, tries }) => [number, tries]);
  assert.deepEqual(seen, [
    [2, 1],
    [4, 0],
  ]);
  assert.equal(outbox.to(account, 2).length, 3, 'nothing is committed yet');
});
