import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { toBase64url } from './crypto/bytes.js';
import { CTYPE, conversationId } from './crypto/content.js';
import { randomBytes } from './crypto/random.js';
import { ready } from './crypto/sodium.js';
import { deliverAuthentic, sessionsOf } from './model/forged-envelope.js';
import { TestDevice } from './model/test-device.js';
import { inConversation, stateOf } from './model/two-people.js';

before(ready);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

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

/**
 * SYNC `sent` by a stolen device of Alice's.
 *
 * @param {Awaited<ReturnType<typeof inConversation>>} scene
 * @param {string} text
 * @param {number} [writer] device that it names as the first one
 */
function copyOf({ time, alice, bob, chat }, text, writer) {
  const msgId = toBase64url(randomBytes(16));
  const of = writer && { of: { device_id: writer, msg_id: msgId } };
  return {
    ctype: CTYPE.SYNC,
    msgId: randomBytes(16),
    convId: conversationId(alice.accountId, alice.accountId),
    sentMs: time.now(),
    seq: 0,
    senderListVersion: 2,
    body: {
      ...{ kind: 'sent', msg_id: msgId, conv: chat.id, peer: toBase64url(bob.accountId) },
      ...{ sent_ms: time.now(), seq: 1, ctype: CTYPE.TEXT, body: { text, ...of } },
    },
  };
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

  test('has them repeated, though the clock of the remaining one was behind for a while since', async () => {
    const scene = await withTablet();
    const { time, alice, bob, aliceAccount, tablet, bobChat } = scene;
    await writeAndLose(scene, 'left behind');
    tablet.clockMs = -60 * 24 * HOUR;
    await writeAndLose(scene, 'by a wrong clock');
    tablet.clockMs = 0;
    aliceAccount.remove(alice);
    await tablet.close();
    await tablet.start();
    await bob.start();
    await time.until(async () => (await bob.texts(bobChat)).includes('left behind'), 'repeated', 660_000);
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

  for (const named of ['nobody', 'itself', 'another'])
    test(`is heard no more, though it named ${named} as gone before`, async () => {
      const scene = await inConversation();
      const { time, server, alice, aliceAccount, chat } = scene;
      const thief = new TestDevice(aliceAccount, time);
      await thief.start();
      await time.run(MINUTE);
      await thief.close();
      const { deviceId } = thief;
      const writer = { nobody: undefined, itself: deviceId, another: deviceId + 1 }[named];
      const first = copyOf(scene, 'first', writer);
      await deliverAuthentic(server, alice, thief, [first]);
      await time.run(MINUTE);
      assert.ok((await alice.texts(chat)).includes('first'));
      aliceAccount.remove(thief);
      await alice.close();
      await alice.start();
      await time.run(2 * HOUR);
      // the thief's disk stands still, so the first goes again
      await deliverAuthentic(server, alice, thief, [first, copyOf(scene, 'after removal')]);
      await time.run(HOUR);
      assert.equal((await alice.texts(chat)).includes('after removal'), false);
    });

  test('has its sessions ended, also where its successor is heard before the list is', async () => {
    const { time, alice, bob, tablet, chat, bobChat } = await withTablet();
    await alice.write(chat, 'copy under way');
    await time.until(async () => (await bob.texts(bobChat)).includes('copy under way'), 'Bob has it');
    const former = { accountId: alice.accountId, deviceId: alice.deviceId };
    alice.signInAgain();
    await alice.start();
    await time.until(async () => (await tablet.texts(chat)).includes('copy under way'), 'copied', 600_000);
    await time.run(2 * HOUR);
    await tablet.close();
    await tablet.start();
    await time.run(HOUR);
    assert.deepEqual((await sessionsOf(tablet, former)).sessions, []);
  });

  test('may be of any number, and a device remembers some of them', async () => {
    const scene = await inConversation();
    const { time, server, alice, aliceAccount } = scene;
    const thief = new TestDevice(aliceAccount, time);
    await thief.start();
    await time.run(MINUTE);
    await thief.close();
    const copies = Array.from({ length: 100 }, (_, i) => copyOf(scene, `copy ${i}`, thief.deviceId + 1 + i));
    await deliverAuthentic(server, alice, thief, copies);
    await time.run(HOUR);
    assert.equal(alice.stored('contacts').find(({ row }) => row === 'own').gone.length, 64);
  });
});
