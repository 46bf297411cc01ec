import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { ready } from './crypto/sodium.js';
import { sessionsOf } from './model/forged-envelope.js';
import { TestDevice } from './model/test-device.js';
import { inConversation, stateOf } from './model/two-people.js';

before(ready);

const HOUR = 3_600_000;

/** Alice has a tablet as well, and all devices know of each other. */
async function withTablet() {
  const scene = await inConversation();
  const { time, aliceAccount } = scene;
  const tablet = new TestDevice(aliceAccount, time);
  await tablet.start();
  await time.until(async () => (await tablet.chats()).length === 1, 'the contact is known');
  await time.run(30_000);
  return { ...scene, tablet };
}

/**
 * Alice writes, her tablet gets its copy, and the server loses what waits for Bob.
 *
 * @param {Awaited<ReturnType<typeof withTablet>>} scene
 * @param {string} text
 */
async function writeAndLose({ time, server, alice, bob, tablet, chat }, text) {
  await bob.close();
  await alice.write(chat, text);
  await time.until(async () => (await stateOf(alice, chat, text)) === 'sent', 'sent');
  await time.until(async () => (await tablet.texts(chat)).includes(text), 'copied');
  server.loseMail(bob.accountId);
}

describe('a device that was removed', () => {
  test('has its messages repeated by a remaining one, each shown once', async () => {
    const scene = await withTablet();
    const { time, alice, bob, aliceAccount, tablet, chat, bobChat } = scene;
    await writeAndLose(scene, 'left behind');
    aliceAccount.remove(alice);
    await tablet.close();
    await tablet.start();
    await bob.start();

    const received = async () => (await bob.texts(bobChat)).includes('left behind');
    await time.until(received, 'within ten minutes', 600_000 + 60_000);
    await time.until(async () => (await stateOf(tablet, chat, 'left behind')) === 'delivered', 'status');
    await tablet.write(chat, 'and on');
    await time.until(async () => (await stateOf(tablet, chat, 'and on')) === 'delivered', 'talks on');
    await time.run(2 * HOUR);
    assert.deepEqual(await bob.texts(bobChat), ['hello', 'hi', 'left behind', 'and on']);
  });

  test('has them repeated also when the remaining one is closed meanwhile', async () => {
    const scene = await withTablet();
    const { time, alice, bob, aliceAccount, tablet, bobChat } = scene;
    await writeAndLose(scene, 'left behind');
    aliceAccount.remove(alice);
    await tablet.close();
    await tablet.start();
    await time.run(1000);
    await tablet.close();
    await bob.start();
    await time.run(HOUR);
    await tablet.start();

    await time.until(async () => (await bob.texts(bobChat)).includes('left behind'), 'repeated');
  });

  test('is not repeated for what has been receipted', async () => {
    const { time, alice, bob, aliceAccount, tablet, chat } = await withTablet();
    await alice.write(chat, 'received');
    await time.until(async () => (await stateOf(tablet, chat, 'received')) === 'delivered', 'known there');
    aliceAccount.remove(alice);
    await tablet.close();
    await tablet.start();
    await time.run(1000);
    await time.run(HOUR);
    const segments = await tablet.database.list('messages', []);
    const row = segments.flatMap(({ value }) => value.rows).find(({ body }) => body.text === 'received');
    assert.equal(row.state, 'delivered');
    assert.equal(row.repeatedBy, undefined);
    assert.equal((await bob.texts(chat)).filter((text) => text === 'received').length, 1);
  });

  test('is read for what it sent its own others before, until the mailbox has been drained', async () => {
    const { time, server, alice, bob, aliceAccount, tablet, chat, bobChat } = await withTablet();
    await tablet.close();
    server.trace.length = 0;
    await alice.write(chat, 'copied in time');
    await time.until(async () => (await bob.texts(bobChat)).includes('copied in time'), 'Bob has it');
    const copied = () =>
      server.trace.some(({ to, from, device }) => to === from && device === tablet.deviceId);
    await time.until(copied, 'the copy waits');
    aliceAccount.remove(alice);
    server.collectMs = 5000; // the list is known first
    await tablet.start();

    await time.until(async () => (await tablet.texts(chat)).includes('copied in time'), 'read');
    await time.run(60_000);
    assert.deepEqual((await sessionsOf(tablet, alice)).sessions, [], 'and then ended');
  });

  test('by signing in again has its status told on the others too', async () => {
    const scene = await withTablet();
    const { time, alice, bob, tablet, chat, bobChat } = scene;
    await writeAndLose(scene, 'left behind');
    alice.signInAgain();
    await alice.start();
    await bob.start();

    await time.until(async () => (await stateOf(alice, chat, 'left behind')) === 'delivered', 'here');
    await time.until(async () => (await stateOf(tablet, chat, 'left behind')) === 'delivered', 'there');
    await time.run(2 * HOUR);
    assert.deepEqual(await bob.texts(bobChat), ['hello', 'hi', 'left behind']);
  });
});
