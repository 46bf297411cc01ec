import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drain, mailWaiting } from '../../test/cost/drain.js';
import { ready } from './crypto/sodium.js';
import { MemoryDatabase } from './model/memory-database.js';
import { inConversation } from './model/two-people.js';

await ready();

test('a page of the mailbox is one commit, and its envelopes are looked up in one read', async () => {
  const waiting = await mailWaiting(100);
  const database = new CountingDatabase(waiting.disk.copy());
  let commits = 0;
  database.onCommit = (when, stores) => {
    if (when === 'after' && stores.has('messages')) commits += 1;
  };

  await drain(waiting, database);

  assert.equal(commits, 2);
  assert.deepEqual(database.pages, [50, 50]);
  assert.equal(database.lookups, 0);
});

test('a mailbox that answers slowly makes no sender fill it', async () => {
  const { time, server, alice, bob, chat, bobChat } = await inConversation();
  server.collectMs = 1200;
  server.sockets.get(bob.lane)?.deliver(JSON.stringify({ t: 'mail' }));
  const before = server.stored.filter(({ device }) => device === bob.deviceId).length;
  for (let n = 1; n <= 10; n++) {
    await alice.write(chat, `number ${n}`);
    await time.run(300);
  }
  await time.until(async () => (await bob.texts(bobChat)).includes('number 10'), 'received');
  await time.run(10_000);
  const stored = server.stored.filter(({ device }) => device === bob.deviceId).length - before;
  assert.ok(stored <= 1, `${stored} of ten were stored`);
});

/** Tells how it is asked whether envelopes were seen. */
class CountingDatabase extends MemoryDatabase {
  /** Envelopes that were looked up together. @type {number[]} */
  pages = [];
  /** Envelopes that were looked up alone. */
  lookups = 0;

  /** @type {MemoryDatabase['get']} */
  get(store, key) {
    if (store === 'seen' && key[0] === 'envelope') this.lookups += 1;
    return super.get(store, key);
  }

  /** @type {MemoryDatabase['getMany']} */
  getMany(store, keys) {
    this.pages.push(keys.length);
    return Promise.all(keys.map((key) => super.get(store, key)));
  }
}
