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

/** @param {MessageView[]} messages */
async function opened(messages) {
  const page = { messages, hasOlder: false, unread: 0, gaps: [] };
  const core = /** @type {any} */ ({ call: async () => page });
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
