import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { toBase64url, toHex } from './crypto/bytes.js';
import { CTYPE, conversationId } from './crypto/content.js';
import { randomBytes } from './crypto/random.js';
import { ready } from './crypto/sodium.js';
import { deliverAuthentic } from './model/forged-envelope.js';
import { TestDevice } from './model/test-device.js';
import { inConversation, onlyChat, stateOf } from './model/two-people.js';

before(ready);

/** Alice has a tablet as well. Bob writes three messages; the first one never reaches her phone. */
async function withOneMissingOnThePhone() {
  const scene = await inConversation();
  const { time, server, alice, bob, aliceAccount, bobChat } = scene;
  const tablet = new TestDevice(aliceAccount, time);
  await tablet.start();
  await time.until(async () => (await tablet.chats()).length === 1, 'the contact is known');
  await time.run(30_000);
  for (const { order } of await tablet.thread(bobChat))
    await tablet.engine.markRead({ chatId: bobChat.id, order });
  await time.run(30_000);
  await alice.close();
  await bob.write(bobChat, 'one');
  await time.until(async () => (await tablet.texts(bobChat)).includes('one'), 'on the tablet');
  const phone = server.account(alice.accountId).devices.get(alice.deviceId);
  await time.until(() => phone?.mailbox.length === 1, 'and in the mailbox of the phone');
  if (phone) phone.mailbox = [];
  await alice.start();
  for (const text of ['two', 'three']) await bob.write(bobChat, text);
  for (const device of [alice, tablet])
    await time.until(async () => (await device.texts(bobChat)).includes('three'), 'everywhere');
  return { ...scene, tablet };
}

/**
 * @param {TestDevice} device
 * @param {{ id: string }} chat
 * @param {string} text
 */
async function orderOf(device, chat, text) {
  const row = (await device.thread(chat)).find((message) => message.text === text);
  assert.ok(row);
  return row.order;
}

describe('messages read on another own device', () => {
  test('are all that have the name, where two devices of the contact gave theirs the same one', async () => {
    const { time, alice, bob, aliceAccount, bobAccount, chat, bobChat } = await inConversation();
    const tablet = new TestDevice(aliceAccount, time);
    await tablet.start();
    const other = new TestDevice(bobAccount, time);
    await other.start();
    await time.run(60_000);
    await other.write(bobChat, 'from the other one');
    for (const device of [alice, tablet])
      await time.until(async () => (await device.texts(chat)).includes('from the other one'), 'known');
    const read = await orderOf(tablet, chat, 'from the other one');
    await tablet.engine.markRead({ chatId: chat.id, order: read });
    const id = toBase64url(randomBytes(16));
    await bob.engine.sendText({ chatId: bobChat.id, id, text: 'one' });
    await other.engine.sendText({ chatId: bobChat.id, id, text: 'two' });
    for (const device of [alice, tablet])
      for (const text of ['one', 'two'])
        await time.until(async () => (await device.texts(chat)).includes(text), text);
    await time.run(60_000);
    assert.equal((await onlyChat(tablet)).unread, 2);
    const last = Math.max(...(await alice.thread(chat)).map(({ order }) => order));
    await alice.engine.markRead({ chatId: chat.id, order: last });
    await time.run(60_000);
    assert.equal((await onlyChat(tablet)).unread, 0);
  });

  test('are read here, and those that it does not have are not', async () => {
    const { time, alice, bob, tablet, chat, bobChat } = await withOneMissingOnThePhone();
    assert.equal((await onlyChat(tablet)).unread, 3);
    await alice.engine.markRead({ chatId: chat.id, order: await orderOf(alice, chat, 'two') });
    await time.until(async () => (await onlyChat(tablet)).unread === 2, 'the tablet hears of it');
    await time.until(async () => (await stateOf(bob, bobChat, 'two')) === 'read', 'and Bob');
    await time.run(60_000);
    assert.equal(await stateOf(bob, bobChat, 'one'), 'delivered', 'nobody has read it');
    assert.equal(await stateOf(bob, bobChat, 'three'), 'delivered');
    const opened = await tablet.engine.openChat({ chatId: chat.id });
    const first = opened.messages.find(({ id }) => id === opened.firstUnreadId);
    assert.equal(first?.text, 'one');

    await tablet.engine.markRead({ chatId: chat.id, order: await orderOf(tablet, chat, 'one') });
    await time.until(async () => (await stateOf(bob, bobChat, 'one')) === 'read', 'read on the tablet');
    assert.equal((await onlyChat(tablet)).unread, 1);
    await tablet.engine.markRead({ chatId: chat.id, order: await orderOf(tablet, chat, 'three') });
    await time.until(async () => (await stateOf(bob, bobChat, 'three')) === 'read', 'all');
    assert.equal((await onlyChat(tablet)).unread, 0);
    await time.until(async () => (await onlyChat(alice)).unread === 0, 'on the phone too');
  });

  test('are read here also when they come only after that', async () => {
    const scene = await inConversation();
    const { time, server, alice, bob, aliceAccount, chat, bobChat } = scene;
    const tablet = new TestDevice(aliceAccount, time);
    await tablet.start();
    await time.until(async () => (await tablet.chats()).length === 1, 'the contact is known');
    await time.run(60_000);
    await bob.write(bobChat, 'to both');
    await time.until(async () => (await tablet.texts(chat)).includes('to both'), 'Bob knows the tablet');
    for (const device of [alice, tablet])
      await device.engine.markRead({ chatId: chat.id, order: await orderOf(device, chat, 'to both') });
    await time.run(60_000);
    assert.deepEqual(tablet.stored('held'), [], 'what was read on both waits for nothing');
    await tablet.close();
    for (const text of ['one', 'two']) await bob.write(bobChat, text);
    await time.until(async () => (await alice.texts(chat)).includes('two'), 'on the phone');
    await alice.engine.markRead({ chatId: chat.id, order: await orderOf(alice, chat, 'one') });
    await time.run(60_000);
    const shelf = server.account(alice.accountId).devices.get(tablet.deviceId);
    shelf?.mailbox.reverse();

    await tablet.start();
    await time.until(async () => (await tablet.texts(chat)).includes('one'), 'on the tablet');
    await time.run(60_000);
    assert.ok((await tablet.texts(chat)).includes('two'));
    assert.equal((await onlyChat(tablet)).unread, 1, 'the second one is unread on both');
    const opened = await tablet.engine.openChat({ chatId: chat.id });
    const first = opened.messages.find(({ id }) => id === opened.firstUnreadId);
    assert.equal(first?.text, 'two');
    assert.deepEqual(tablet.stored('held'), []);
  });

  test('and never to come here are forgotten after a month', async () => {
    const { time, alice, tablet, chat } = await withOneMissingOnThePhone();
    await tablet.engine.markRead({ chatId: chat.id, order: await orderOf(tablet, chat, 'one') });
    await time.until(() => alice.stored('held').length === 1, 'the phone does not have it');
    await alice.close();
    await time.run(31 * 86_400_000);
    await alice.start();
    await time.until(() => alice.stored('held').length === 0, 'forgotten');
  });

  test('are told to the sender by that device alone', async () => {
    const { time, server, alice, tablet, chat } = await withOneMissingOnThePhone();
    await time.run(60_000);
    const bySender = () => server.trace.filter(({ to }) => to !== toHex(alice.accountId)).length;
    const before = bySender();
    await alice.engine.markRead({ chatId: chat.id, order: await orderOf(alice, chat, 'three') });
    await time.until(async () => (await onlyChat(tablet)).unread === 1, 'the tablet hears of it');
    await time.run(60_000);
    assert.equal(bySender() - before, 1, 'one envelope');
  });
});

describe('a time that a sender claims', () => {
  test('is never later than the message came', async () => {
    const { time, server, alice, bob, chat } = await inConversation();
    const text = {
      ctype: CTYPE.TEXT,
      msgId: randomBytes(16),
      convId: conversationId(alice.accountId, bob.accountId),
      sentMs: 2 ** 53 - 1,
      seq: 9,
      senderListVersion: 1,
      body: { text: 'from the end of time' },
    };
    await deliverAuthentic(server, alice, bob, [text]);
    await time.until(async () => (await alice.texts(chat)).includes('from the end of time'), 'shown');
    const row = (await alice.thread(chat)).at(-1);
    assert.ok(row && row.sentMs <= time.now());
  });
});
