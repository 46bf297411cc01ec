import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageView } from './views.js';

const chatId = new Uint8Array(16);

/** @param {Partial<import('./thread.js').MessageRow>} about */
const viewOf = (about) =>
  messageView(chatId, {
    ...{ order: 1, msgId: new Uint8Array(16), account: new Uint8Array(16), device: 1, ctype: 1, seq: 1 },
    ...{
      direction: 'out',
      body: { text: 'hello' },
      sentMs: 1,
      storedMs: 1,
      state: 'sending',
      listVersion: 1,
    },
    ...{ newDevices: false, mailboxFull: false, weakForwardSecrecy: false, unsupported: false },
    ...about,
  });

test('a message that waits for room says so, one that another device has does not', () => {
  assert.equal(viewOf({ mailboxFull: true }).mailboxFull, true);
  for (const state of /** @type {const} */ (['sent', 'delivered', 'read', 'failed']))
    assert.equal(viewOf({ mailboxFull: true, state }).mailboxFull, undefined, state);
});
