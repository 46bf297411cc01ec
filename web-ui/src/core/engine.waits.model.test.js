import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { ready } from './crypto/sodium.js';
import { TestDevice } from './model/test-device.js';
import { aliceAndBob, during, inConversation, onlyChat, stateOf } from './model/two-people.js';

before(ready);

/** @typedef {Awaited<ReturnType<typeof inConversation>>} Scene */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Alice's message waits in the mailbox of Bob, who is away. @param {Scene} scene @param {string} text */
async function writeToNobody({ time, alice, bob, chat }, text) {
  await bob.close();
  const writtenMs = time.now();
  await alice.write(chat, text);
  await time.until(async () => (await stateOf(alice, chat, text)) === 'sent', 'sent');
  return writtenMs;
}

/** @param {Scene} scene @param {string} text */
const waitOf = async ({ alice, chat }, text) =>
  (await alice.thread(chat)).find((message) => message.text === text)?.wait;

/** @param {Scene} scene @param {number} days with Alice's tab closed */
async function away({ time, alice }, days) {
  await alice.close();
  await time.run(days * DAY);
  await alice.start();
  await time.run(HOUR);
}

describe('a message that waits in the mailbox', () => {
  test('says until when, and its chat does', async () => {
    const scene = await inConversation();
    const writtenMs = await writeToNobody(scene, 'to nobody');
    const wait = { untilMs: writtenMs + 30 * DAY, last: false };
    assert.deepEqual(await waitOf(scene, 'to nobody'), wait);
    assert.deepEqual((await onlyChat(scene.alice)).wait, wait);
    await away(scene, 29);
    assert.deepEqual(await waitOf(scene, 'to nobody'), wait, 'after a restart too');
  });

  test('says until when its second copy waits, once that is sent', async () => {
    const scene = await inConversation();
    const writtenMs = await writeToNobody(scene, 'to nobody');
    const { alice, chat, time } = scene;
    await alice.close();
    await time.run(31 * DAY);
    await alice.start();
    await alice.thread(chat);
    const before = alice.notices.length;
    await time.run(HOUR);
    const wait = { untilMs: writtenMs + 60 * DAY, last: true };
    assert.deepEqual(await waitOf(scene, 'to nobody'), wait);
    assert.deepEqual((await onlyChat(scene.alice)).wait, wait);
    const told = alice.notices.slice(before).filter(({ notice }) => notice === 'messages');
    assert.deepEqual(told.at(-1)?.data.rows.at(-1).wait, wait, 'an open thread is told');

    await away(scene, 31);
    await away(scene, 1);
    assert.equal(await stateOf(alice, chat, 'to nobody'), 'failed');
    assert.equal(await waitOf(scene, 'to nobody'), undefined);
    assert.equal((await onlyChat(alice)).wait, undefined);
  });

  test('says no more of that when it was collected', async () => {
    const scene = await inConversation();
    await writeToNobody(scene, 'to Bob');
    const { alice, bob, chat, time } = scene;
    await bob.start();
    await time.until(async () => (await stateOf(alice, chat, 'to Bob')) === 'delivered', 'delivered');
    assert.equal(await waitOf(scene, 'to Bob'), undefined);
    await time.run(HOUR);
    assert.equal((await onlyChat(alice)).wait, undefined);
  });

  test('counts from when it was written, and the chat by the oldest', async () => {
    const scene = await inConversation();
    const first = await writeToNobody(scene, 'first');
    await away(scene, 5);
    const second = await writeToNobody(scene, 'second');
    assert.equal((await waitOf(scene, 'second'))?.untilMs, second + 30 * DAY);
    assert.equal((await onlyChat(scene.alice)).wait?.untilMs, first + 30 * DAY);
  });

  test('for one device of several, while another has it, is nothing to tell', async () => {
    const scene = await inConversation();
    const { time, alice, bob, bobAccount, chat, bobChat } = scene;
    new TestDevice(bobAccount, time); // that nobody opens any more
    await bob.close();
    await bob.start();
    await bob.write(bobChat, 'I had a tablet');
    await time.until(async () => (await alice.texts(chat)).includes('I had a tablet'), 'known');
    await time.run(HOUR);
    await alice.write(chat, 'to both');
    await time.until(async () => (await stateOf(alice, chat, 'to both')) === 'delivered', 'delivered');
    await time.run(HOUR);
    assert.equal(await waitOf(scene, 'to both'), undefined);
    assert.equal((await onlyChat(alice)).wait, undefined);
    await writeToNobody(scene, 'to neither');
    assert.ok((await onlyChat(alice)).wait);
  });

  test('has no date while it has not left', async () => {
    const scene = await inConversation();
    const { alice, bob, server, time, chat } = scene;
    await bob.close();
    server.down = true;
    await alice.write(chat, 'into the dark');
    await time.run(HOUR);
    assert.equal(await waitOf(scene, 'into the dark'), undefined);
    assert.equal((await onlyChat(alice)).wait, undefined);
  });

  test('has none on one’s other devices, which do not send it again', async () => {
    const { time, alice, bob, aliceAccount } = await aliceAndBob();
    const tablet = new TestDevice(aliceAccount, time);
    await tablet.start();
    await alice.close();
    await alice.start();
    await time.run(HOUR);
    const chat = await during(time, alice.chatWith('bob'));
    await bob.close();
    await alice.write(chat, 'from the first');
    await time.until(async () => (await tablet.chats()).length === 1, 'copied');
    await time.run(HOUR);
    const row = (await tablet.thread(chat)).at(-1);
    assert.equal(row?.text, 'from the first');
    assert.equal(row?.wait, undefined);
    assert.ok((await onlyChat(alice)).wait);
    assert.equal((await onlyChat(tablet)).wait, undefined);
  });
});
