import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newChat } from '../chat/chat-row.js';
import { Disk, MemoryDatabase } from '../model/memory-database.js';
import { VirtualTime } from '../model/virtual-time.js';
import { Queue } from '../queue.js';
import { Transactions } from '../transactions.js';
import { Gaps } from './gaps.js';

const MINUTE = 60_000;
const PEER = new Uint8Array(16).fill(1);
const CHAT = new Uint8Array(16).fill(2);

test('a gap that was filled while gaps were loaded is looked at once more, and then no longer', async () => {
  const time = new VirtualTime();
  const database = new MemoryDatabase(new Disk());
  const transactions = new Transactions(database, new Queue(), assert.ifError);
  const put = (/** @type {import('../chat/numbers.js').Hole[]} */ holes) =>
    database.commit((tx) =>
      tx.put('chats', [CHAT], { ...newChat(CHAT, PEER, 0), numbers: [{ device: 1, next: 3, holes }] }),
    );
  const hole = { from: 2, to: 2, order: 2, beforeMs: 0, sinceMs: time.now(), dueMs: time.now() + MINUTE };
  await put([{ ...hole, state: 'quiet', asks: 0, askedMs: 0 }]);
  /** @type {any} */
  const parts = {
    account: { mailboxTtlDays: 30, deviceId: 9, deviceList: { devices: [] } },
    contacts: { get: () => undefined },
    readModel: { gapsChanged: () => {} },
    ...{ transactions, environment: time },
  };
  const gaps = new Gaps(parts);
  await gaps.load(database);
  await put([]);
  let looks = 0;
  const get = database.get.bind(database);
  database.get = async (store, key) => {
    looks += 1;
    return get(store, key);
  };
  await time.run(60 * MINUTE);
  gaps.stop();
  assert.equal(looks, 1);
});
