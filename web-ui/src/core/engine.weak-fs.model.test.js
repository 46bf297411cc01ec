import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { ready } from './crypto/sodium.js';
import { TestDevice } from './model/test-device.js';
import { aliceAndBob, during, onlyChat, stateOf } from './model/two-people.js';

before(ready);

/** @param {TestDevice} device @param {{ id: string }} chat */
const marks = async (device, chat) =>
  Object.fromEntries(
    (await device.thread(chat)).map(({ text, weakForwardSecrecy = false }) => [text, weakForwardSecrecy]),
  );

/** The server has no one-time keys of Bob's left, or says so. */
async function withoutOneTimeKeys() {
  const scene = await aliceAndBob();
  const { time, server, alice, bob } = scene;
  const offered = server.account(bob.accountId).devices.get(bob.deviceId);
  assert.ok(offered);
  offered.opks = [];
  const chat = await during(time, alice.chatWith('bob'));
  return { ...scene, chat };
}

describe('a session that began without a one-time key', () => {
  test('marks the messages of its first chain, where they are written and where they are read', async () => {
    const { time, alice, bob, chat } = await withoutOneTimeKeys();
    await alice.thread(chat);
    await alice.write(chat, 'one');
    await time.until(async () => (await bob.chats()).length === 1, 'Bob sees the chat');
    const told = alice.notices.findLast(({ notice }) => notice === 'messages')?.data.rows.at(-1);
    assert.equal(told.weakForwardSecrecy, true, 'and the window is told of the mark that came later');
    const sent = await alice.write(chat, 'two');
    assert.equal(sent.weakForwardSecrecy, true);
    await time.until(async () => (await onlyChat(bob)).unread === 2, 'both read');
    await bob.write(chat, 'three');
    await time.until(async () => (await alice.texts(chat)).length === 3, 'answered');
    await alice.write(chat, 'four');
    await time.until(async () => (await stateOf(alice, chat, 'four')) === 'delivered', 'all is read');

    const expected = { one: true, two: true, three: false, four: false };
    assert.deepEqual(await marks(alice, chat), expected);
    assert.deepEqual(await marks(bob, chat), expected);
  });

  test('marks a message that reaches one of two devices this way', async () => {
    const { time, alice, bob, bobAccount, server, chat } = await withoutOneTimeKeys();
    const tablet = new TestDevice(bobAccount, time);
    await alice.write(chat, 'to both');
    await time.until(async () => (await bob.chats()).length === 1, 'Bob sees the chat');
    await time.until(() => server.stored.some(({ device }) => device === tablet.deviceId), 'and the tablet');
    assert.deepEqual(await marks(alice, chat), { 'to both': true });
  });

  test('between own devices marks the copy that came by it', async () => {
    const { time, server, alice, aliceAccount, bob } = await aliceAndBob();
    const tablet = new TestDevice(aliceAccount, time);
    const offered = server.account(alice.accountId).devices.get(tablet.deviceId);
    assert.ok(offered);
    offered.opks = [];
    await alice.close();
    await alice.start();
    const chat = await during(time, alice.chatWith('bob'));
    await alice.write(chat, 'copied');
    await time.until(async () => (await bob.chats()).length === 1, 'Bob sees the chat');
    await time.run(60_000);
    await tablet.start();
    await time.until(async () => (await tablet.chats()).length === 1, 'the tablet has the copy');
    await time.until(async () => 'copied' in (await marks(tablet, chat)), 'the tablet has the message');
    assert.deepEqual(await marks(tablet, chat), { copied: true });
    assert.deepEqual(await marks(alice, chat), { copied: false }, 'to Bob it went with one-time keys');
  });
});

test('a session that began with one-time keys marks nothing', async () => {
  const { time, alice, bob } = await aliceAndBob();
  const chat = await during(time, alice.chatWith('bob'));
  await alice.write(chat, 'one');
  await time.until(async () => (await bob.chats()).length === 1, 'Bob sees the chat');
  assert.deepEqual([await marks(alice, chat), await marks(bob, chat)], [{ one: false }, { one: false }]);
});
