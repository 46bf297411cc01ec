import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { NetworkError } from './api/errors.js';
import { toBase64url } from './crypto/bytes.js';
import { CTYPE, conversationId } from './crypto/content.js';
import { randomBytes } from './crypto/random.js';
import { ready } from './crypto/sodium.js';
import { deliverAuthentic, sessionsOf } from './model/forged-envelope.js';
import { TestDevice } from './model/test-device.js';
import { during, inConversation, onlyChat, stateOf } from './model/two-people.js';
import { withholdLists } from './model/withheld-lists.js';

before(ready);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * What a device writes with a modified client, whether it is listed still or not.
 *
 * @param {Uint8Array} convId
 * @param {Pick<import('./crypto/content.js').Content, 'body'> & Partial<import('./crypto/content.js').Content>} content
 */
const content = (convId, content) => ({
  ...{ ctype: CTYPE.TEXT, msgId: randomBytes(16), convId, sentMs: 0, seq: 9, senderListVersion: 1 },
  ...content,
});

const trust = async (/** @type {TestDevice} */ device, /** @type {{ id: string }} */ chat) =>
  device.engine.trustIdentity({ chatId: chat.id });

describe('a contact’s device that came by a list some versions ahead', () => {
  /** Bob adds a tablet and a phone; the phone writes to Alice, who knows his first list and gets none between. */
  async function ahead() {
    const scene = await inConversation();
    const { time, server, alice, bobAccount, chat } = scene;
    const conv = conversationId(alice.accountId, scene.bob.accountId);
    new TestDevice(bobAccount, time);
    const phone = new TestDevice(bobAccount, time);
    await alice.close();
    const lists = withholdLists(server);
    await alice.start();
    await phone.start();
    lists.away = false;
    const phoneChat = await during(time, phone.chatWith('alice'));
    lists.away = true;
    await phone.write(phoneChat, 'I am Bob');
    await time.until(async () => (await alice.texts(chat)).includes('I am Bob'), 'read by its own list');
    const saysMore = () =>
      deliverAuthentic(server, alice, phone, [content(conv, { body: { text: 'I am Bob still' } })]);
    return { ...scene, phone, lists, saysMore };
  }

  /** @param {Awaited<ReturnType<typeof ahead>>} scene */
  async function adoptNewest({ time, alice, bob, bobChat, chat, lists }) {
    lists.away = false;
    await bob.close();
    await bob.start();
    await bob.write(bobChat, 'my devices have changed');
    const text = 'my devices have changed';
    await time.until(async () => (await alice.texts(chat)).includes(text), 'Alice reads of the newest list');
    await time.run(MINUTE);
  }

  test('is read no more once a list without it is adopted', async () => {
    const scene = await ahead();
    const { time, alice, bobAccount, chat, phone, saysMore } = scene;
    bobAccount.remove(phone);
    await alice.close();
    await alice.start();
    await adoptNewest(scene);
    await saysMore();
    await time.run(HOUR);

    assert.equal((await alice.texts(chat)).includes('I am Bob still'), false);
    assert.deepEqual((await sessionsOf(alice, phone)).sessions, []);
  });

  test('is read on when it stands in the list that is adopted, and until one without it is', async () => {
    const scene = await ahead();
    const { time, alice, bobAccount, chat, phone, saysMore } = scene;
    await adoptNewest(scene);
    await phone.close();
    await saysMore();
    await time.until(async () => (await alice.texts(chat)).includes('I am Bob still'), 'read on');

    bobAccount.remove(phone);
    await adoptNewest(scene);
    assert.deepEqual((await sessionsOf(alice, phone)).sessions, []);
  });

  test('is read on when only a list before its own is adopted', async () => {
    const scene = await ahead();
    const { time, server, alice, bob, chat, phone, lists, saysMore } = scene;
    for (const device of [phone, bob]) await device.close();
    const shown = server.account(bob.accountId);
    shown.dlcs = shown.dlcs.slice(0, 2);
    lists.away = false;
    const conv = conversationId(alice.accountId, bob.accountId);
    const claim = content(conv, { senderListVersion: 2, body: { text: 'by the second list' } });
    await deliverAuthentic(server, alice, bob, [claim]);
    await time.run(1000);
    const contact = alice.stored('contacts').find(({ accountId }) => accountId);
    assert.equal(contact.listVersion, 2);
    await saysMore();
    await time.until(async () => (await alice.texts(chat)).includes('I am Bob still'), 'read on');
  });

  test('is read no more once the user trusts a list that is not ahead', async () => {
    const scene = await ahead();
    const { time, server, alice, bob, chat, phone, lists } = scene;
    for (const device of [phone, bob]) await device.close();
    const shown = server.account(bob.accountId);
    shown.dlcs = shown.dlcs.slice(0, 2);
    lists.away = false;
    const conv = conversationId(alice.accountId, bob.accountId);
    const claim = content(conv, { senderListVersion: 3, body: { text: 'by the third list' } });
    await deliverAuthentic(server, alice, bob, [claim]);
    await time.run(3 * MINUTE);
    assert.equal((await onlyChat(alice)).identityWarning, true, 'the third list is withheld');
    await during(time, trust(alice, chat));
    await time.run(MINUTE);
    assert.deepEqual((await sessionsOf(alice, phone)).sessions, []);
  });
});

describe('an own device that came by a list not adopted yet', () => {
  test('is read no more once it is removed and the mailbox drained', async () => {
    const { time, server, alice, bob, aliceAccount, chat } = await inConversation();
    let known = aliceAccount.list;
    let away = false;
    Object.defineProperty(aliceAccount, 'list', {
      get() {
        if (away) throw new NetworkError(null);
        return known;
      },
      set(list) {
        known = list;
      },
    });
    const tablet = new TestDevice(aliceAccount, time);
    await tablet.start();
    away = true; // the browser gets to know that list by the tablet alone
    await time.until(() => alice.stored('sessions').length === 2, 'the tablet has introduced itself');
    await time.run(MINUTE);
    away = false;
    aliceAccount.remove(tablet);
    server.sockets.get(alice.lane)?.shut(1006);
    await time.run(MINUTE);

    const conv = toBase64url(conversationId(alice.accountId, bob.accountId));
    const sent = {
      kind: 'sent',
      msg_id: toBase64url(randomBytes(16)),
      conv,
      peer: toBase64url(bob.accountId),
    };
    const body = { ...sent, sent_ms: 0, seq: 9, ctype: CTYPE.TEXT, body: { text: 'as if Alice had' } };
    const own = conversationId(alice.accountId, alice.accountId);
    await deliverAuthentic(server, alice, tablet, [content(own, { ctype: CTYPE.SYNC, seq: 0, body })]);
    await time.run(HOUR);
    assert.deepEqual(await alice.texts(chat), ['hello', 'hi']);
    assert.deepEqual((await sessionsOf(alice, tablet)).sessions, []);
  });
});

test('a new device gets what has no receipt, though the sender’s clock was behind for a while since', async () => {
  const { time, alice, bob, bobAccount, chat } = await inConversation();
  await bob.close();
  await alice.write(chat, 'not received yet');
  await time.until(async () => (await stateOf(alice, chat, 'not received yet')) === 'sent', 'sent');
  alice.clockMs = -50 * 24 * HOUR;
  await alice.write(chat, 'by a wrong clock');
  await time.run(1000);
  alice.clockMs = 0;
  const tablet = new TestDevice(bobAccount, time);
  await tablet.start();
  await time.run(MINUTE);
  await tablet.write(await during(time, tablet.chatWith('alice')), 'from the tablet');
  await time.until(async () => (await tablet.texts(chat)).includes('not received yet'), 'sent again');
});
