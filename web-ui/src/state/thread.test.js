import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signal } from '../lib/signal.js';
import { Thread } from './thread.js';

/** @typedef {import('../core/protocol.js').MessageView} MessageView */

/** @param {string} id @param {number} order @returns {MessageView} */
const row = (id, order) => ({
  id,
  chatId: 'chat',
  direction: 'in',
  text: `${id} at ${order}`,
  sentMs: order,
  order,
});

/** @param {MessageView[]} messages @param {(beforeOrder: number) => Promise<MessageView[]>} [older] */
async function opened(messages, older) {
  const page = { messages, hasOlder: older !== undefined, unread: 0, gaps: [] };
  /** @param {string} method @param {any} params */
  const call = async (method, { beforeOrder }) =>
    method === 'openChat' ? page : { ...page, messages: await older?.(beforeOrder), hasOlder: false };
  const core = /** @type {any} */ ({ call });
  const thread = new Thread(core, 'chat', signal([]));
  await thread.open();
  return thread;
}

test('a row that has another name now stands once, and its old name is another row', async () => {
  const thread = await opened([row('first', 3), row('a', 4)]);
  thread.merge([row('b', 4), row('a', 5)]);
  const now = [row('first', 3), row('b', 4), row('a', 5)];
  assert.deepEqual(thread.rows.value, now);
  assert.deepEqual(thread.rows.value, (await opened(now)).rows.value, 'as in the thread opened again');
});

test('a row that has another name now leaves nothing under the old one', async () => {
  const thread = await opened([row('first', 3), row('a', 4)]);
  thread.merge([row('b', 4)]);
  assert.deepEqual(thread.rows.value, [row('first', 3), row('b', 4)]);
});

test('a change of a row that was not read yet leaves out none of those between', async () => {
  const all = [1, 2, 3, 4, 5].map((order) => row(`${order}`, order));
  const thread = await opened(all.slice(3), async (before) => all.slice(0, before - 1));
  thread.merge([row('1', 1)]);
  assert.deepEqual(thread.rows.value, all.slice(3));
  await thread.showOlder();
  assert.deepEqual(thread.rows.value, all);
});

test('a row that changes while its page is read shows the change', async () => {
  const all = [1, 2, 3, 4, 5].map((order) => row(`${order}`, order));
  const changed = { ...row('2', 2), text: 'changed' };
  const thread = await opened(all.slice(3), async () => {
    thread.merge([changed]);
    return all.slice(0, 3);
  });
  await thread.showOlder();
  assert.deepEqual(thread.rows.value, [all[0], changed, ...all.slice(2)]);
});
