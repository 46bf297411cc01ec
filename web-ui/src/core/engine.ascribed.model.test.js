import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { fromBase64url, toBase64url } from './crypto/bytes.js';
import { CTYPE } from './crypto/content.js';
import { randomBytes } from './crypto/random.js';
import { ready } from './crypto/sodium.js';
import { deliverAuthentic } from './model/forged-envelope.js';
import { TestDevice } from './model/test-device.js';
import { inConversation, stateOf } from './model/two-people.js';

/** A device of the contact, stolen and still listed, says that its words are those of another one (`of`). */

before(ready);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Bob has a tablet as well, which has written to Alice. */
async function withTablet() {
  const scene = await inConversation();
  const { time, alice, bobAccount, chat, bobChat } = scene;
  const tablet = new TestDevice(bobAccount, time);
  await tablet.start();
  await time.run(MINUTE);
  await tablet.write(bobChat, 'from the tablet');
  await time.until(async () => (await alice.texts(chat)).includes('from the tablet'), 'Alice knows it');
  await time.run(MINUTE);
  return { ...scene, tablet };
}

/**
 * @param {Awaited<ReturnType<typeof withTablet>>} scene
 * @param {{ id?: Uint8Array, text?: string, listVersion?: number, sentMs?: number }} what
 */
async function ascribe({ time, server, alice, bob, tablet, chat }, what) {
  const { id = randomBytes(16), text = 'of the tablet', listVersion = 2, sentMs = time.now() } = what;
  const content = { ctype: CTYPE.TEXT, msgId: id, convId: fromBase64url(chat.id) };
  const of = { device_id: bob.deviceId, msg_id: toBase64url(id) };
  const body = { text, of };
  await deliverAuthentic(server, alice, tablet, [
    { ...content, sentMs, seq: 2, senderListVersion: listVersion, body },
  ]);
  await time.until(async () => (await alice.texts(chat)).includes(text), 'shown');
}

describe('what a listed device says in the name of another one that is listed', () => {
  for (const listVersion of [2, 3]) {
    test(`stands in the way of none of its messages, whatever list it claims: ${listVersion}`, async () => {
      const scene = await withTablet();
      const { time, alice, bob, chat, bobChat } = scene;
      await alice.engine.openChat({ chatId: chat.id });
      const id = randomBytes(16);
      await ascribe(scene, { id, listVersion });
      await bob.engine.sendText({ chatId: bobChat.id, id: toBase64url(id), text: 'of Bob himself' });
      await time.until(async () => (await alice.texts(chat)).includes('of Bob himself'), 'shown', HOUR);
      const shown = ['hello', 'hi', 'from the tablet', 'of the tablet', 'of Bob himself'];
      assert.deepEqual(await alice.texts(chat), shown);
      const ids = (await alice.thread(chat)).map((message) => message.id);
      assert.equal(new Set(ids).size, ids.length);

      await alice.close();
      await alice.start();
      await time.run(3 * HOUR);
      assert.deepEqual(await alice.texts(chat), shown, 'and once');
    });
  }

  test('is lost no more than its own message of the same name', async () => {
    const scene = await withTablet();
    const { time, server, alice, bob, tablet, chat, bobChat } = scene;
    await alice.close();
    const id = randomBytes(16);
    const said = { ctype: CTYPE.TEXT, msgId: id, convId: fromBase64url(chat.id), sentMs: time.now(), seq: 2 };
    const own = { ...said, senderListVersion: 2, body: { text: 'its own' } };
    const body = { text: 'of the tablet', of: { device_id: bob.deviceId, msg_id: toBase64url(id) } };
    await deliverAuthentic(server, alice, tablet, [own, { ...said, senderListVersion: 3, body }, own]);
    await bob.engine.sendText({ chatId: bobChat.id, id: toBase64url(id), text: 'of Bob himself' });
    await time.until(async () => (await stateOf(bob, bobChat, 'of Bob himself')) === 'sent', 'sent');
    const mailbox =
      server.account(alice.accountId).devices.get(alice.deviceId)?.mailbox ?? assert.fail('gone');
    mailbox.push(...mailbox.splice(2, 1)); // what it repeats comes last
    await alice.start();
    await time.run(MINUTE);
    const shown = ['hello', 'hi', 'from the tablet', 'its own', 'of the tablet', 'of Bob himself'];
    assert.deepEqual(await alice.texts(chat), shown, 'each once');
    const ids = (await alice.thread(chat)).map((message) => message.id);
    assert.equal(new Set(ids).size, ids.length, 'the window keeps them apart');
  });

  test('is told to the window once, under the name that it has in the end', async () => {
    const scene = await withTablet();
    const { time, server, alice, bob, tablet, chat, bobChat } = scene;
    await alice.close();
    const id = randomBytes(16);
    const content = { ctype: CTYPE.TEXT, msgId: id, convId: fromBase64url(chat.id) };
    const body = { text: 'of the tablet', of: { device_id: bob.deviceId, msg_id: toBase64url(id) } };
    await deliverAuthentic(server, alice, tablet, [
      { ...content, sentMs: time.now(), seq: 2, senderListVersion: 3, body },
    ]);
    await bob.engine.sendText({ chatId: bobChat.id, id: toBase64url(id), text: 'of Bob himself' });
    await time.until(async () => (await stateOf(bob, bobChat, 'of Bob himself')) === 'sent', 'sent');
    alice.notices.length = 0;
    await alice.start();
    await alice.engine.openChat({ chatId: chat.id });
    await time.until(async () => (await alice.texts(chat)).includes('of Bob himself'), 'read');
    const told = alice.notices.filter(({ notice }) => notice === 'messages').flatMap(({ data }) => data.rows);
    assert.deepEqual(
      told.map(({ text }) => text),
      ['of the tablet', 'of Bob himself'],
    );
    const ids = new Map((await alice.thread(chat)).map((message) => [message.text, message.id]));
    for (const { id: name, text } of told) assert.equal(name, ids.get(text), text);
  });

  test('fills no gap of that one', async () => {
    const scene = await withTablet();
    const { time, server, alice, bob, chat, bobChat } = scene;
    await alice.close();
    await bob.write(bobChat, 'lost');
    await time.until(async () => (await stateOf(bob, bobChat, 'lost')) === 'sent', 'sent');
    const sentMs = time.now();
    server.loseMail(alice.accountId);
    await bob.write(bobChat, 'next');
    await alice.start();
    await time.until(async () => (await alice.texts(chat)).includes('next'), 'read');
    await bob.close();
    await ascribe(scene, { sentMs });
    await time.run(HOUR);
    const { gaps } = await alice.engine.openChat({ chatId: chat.id });
    assert.deepEqual(
      gaps.map(({ count }) => count),
      [1],
    );
  });

  test('is one message with his own, if it says the same', async () => {
    const scene = await withTablet();
    const { time, alice, bob, chat, bobChat } = scene;
    const id = randomBytes(16);
    await ascribe(scene, { id, text: 'the same', listVersion: 3 });
    await bob.engine.sendText({ chatId: bobChat.id, id: toBase64url(id), text: 'the same' });
    await time.run(HOUR);
    assert.equal((await alice.texts(chat)).filter((text) => text === 'the same').length, 1);
    assert.equal(await stateOf(bob, bobChat, 'the same'), 'delivered');
  });
});
