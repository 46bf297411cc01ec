import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { toHex } from './crypto/bytes.js';
import { ready } from './crypto/sodium.js';
import { ServerDouble } from './model/server-double.js';
import { TestAccount, TestDevice } from './model/test-device.js';
import { VirtualTime } from './model/virtual-time.js';
import { WebrtcDouble } from './model/webrtc-double.js';

before(ready);

/** @param {{ webrtc?: boolean }} [options] */
async function aliceAndBob({ webrtc = false } = {}) {
  const time = new VirtualTime();
  const server = new ServerDouble(time);
  const world = webrtc ? new WebrtcDouble(time) : undefined;
  const [aliceAccount, bobAccount] = [new TestAccount('alice', server), new TestAccount('bob', server)];
  const alice = new TestDevice(aliceAccount, time, { webrtc: world });
  const bob = new TestDevice(bobAccount, time, { webrtc: world });
  await alice.start();
  await bob.start();
  await time.run(100);
  return { time, server, world, alice, bob, aliceAccount, bobAccount };
}

/** @param {TestDevice} device */
async function onlyChat(device) {
  const chats = await device.chats();
  assert.equal(chats.length, 1);
  return /** @type {import('./protocol.js').ChatView} */ (chats[0]);
}

describe('two people', () => {
  test('start, answer and see their receipts through the mailbox', async () => {
    const { time, server, alice, bob } = await aliceAndBob();
    const chat = await run(time, alice.chatWith('bob'));
    assert.equal(chat.username, 'bob');
    assert.equal(server.trace.length, 0, 'opening a chat sends nothing');

    await alice.write(chat, 'hello');
    await time.until(async () => (await bob.chats()).length === 1, 'Bob sees the chat');
    const bobChat = await onlyChat(bob);
    assert.deepEqual(await bob.texts(bobChat), ['hello']);
    assert.equal(bobChat.unread, 1);
    assert.equal(bobChat.accepted, false);
    await time.until(async () => (await onlyChat(bob)).username === 'alice', 'the name is checked');

    await time.run(60_000);
    assert.equal((await alice.thread(chat))[0]?.state, 'sent');
    assert.equal(
      server.trace.some(({ to }) => to === toHex(alice.accountId)),
      false,
      'nothing is sent before acceptance',
    );

    await bob.write(bobChat, 'hi');
    await time.until(async () => (await alice.texts(chat)).length === 2, 'Alice sees the answer');
    await time.until(async () => (await alice.thread(chat))[0]?.state === 'delivered', 'delivered');
    await bob.engine.markRead({ chatId: bobChat.id, order: 1 });
    await time.until(async () => (await alice.thread(chat))[0]?.state === 'read', 'read');
    assert.equal((await onlyChat(bob)).unread, 0);
  });
});

/**
 * @template T
 * @param {VirtualTime} time
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
async function run(time, promise) {
  let settled = false;
  const done = () => {
    settled = true;
  };
  promise.then(done, done);
  await time.until(() => settled, 'a command ends');
  return promise;
}
