import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { toBase64url } from './crypto/bytes.js';
import { CTYPE, conversationId } from './crypto/content.js';
import { randomBytes } from './crypto/random.js';
import { ready } from './crypto/sodium.js';
import { deliverAuthentic, deliverForged, garbage, heldBy, sessionsOf } from './model/forged-envelope.js';
import { TestDevice } from './model/test-device.js';
import { during, inConversation, onlyChat, stateOf } from './model/two-people.js';
import { pinList, withholdLists } from './model/withheld-lists.js';

before(ready);

const MINUTE = 60_000;

const contactOf = (/** @type {TestDevice} */ device) =>
  device.stored('contacts').find(({ accountId }) => accountId);

const trust = async (/** @type {TestDevice} */ device, /** @type {{ id: string }} */ chat) =>
  device.engine.trustIdentity({ chatId: chat.id });

/**
 * SYNC `contact`.
 *
 * @param {TestDevice} own
 * @param {object | undefined} pin
 */
const contactSync = ({ accountId }, pin) => ({
  ...{ ctype: CTYPE.SYNC, msgId: randomBytes(16), convId: conversationId(accountId, accountId) },
  ...{ sentMs: 0, seq: 0, senderListVersion: 2, body: { kind: 'contact', pin } },
});

describe('a contact of which the vault alone knows the list', () => {
  test('is read only by what stands in that list, once it is here', async () => {
    const { time, server, alice, bob, aliceAccount, bobAccount, chat, bobChat } = await inConversation();
    const aliceTablet = new TestDevice(aliceAccount, time);
    const thief = new TestDevice(bobAccount, time);
    await thief.start();
    await time.run(MINUTE);
    const thiefChat = await during(time, thief.chatWith('alice'));
    await thief.write(thiefChat, 'I am the thief');
    await bob.close();
    await bob.start();
    await bob.write(bobChat, 'I am Bob');
    const waiting = () => server.account(alice.accountId).devices.get(aliceTablet.deviceId)?.mailbox.length;
    await time.until(() => (waiting() ?? 0) >= 4, 'all of it waits for the tablet, with the second list');
    bobAccount.remove(thief);
    const list = bobAccount.list;
    assert.ok(list);
    pinList(aliceAccount, list);
    await alice.close();

    const lists = withholdLists(server);
    await aliceTablet.start();
    await time.run(MINUTE);
    assert.equal(waiting(), 0, 'all of it is acknowledged');
    assert.deepEqual(await aliceTablet.texts(chat), []);
    const held = () => heldBy(aliceTablet, bob.accountId);
    assert.ok(held().length > 0);
    assert.equal((await onlyChat(aliceTablet)).identityWarning, false, 'nothing is wrong');

    lists.away = false;
    server.sockets.get(aliceTablet.lane)?.shut(1006);
    await time.until(async () => held().length === 0, 'the list has come', MINUTE);
    assert.deepEqual(await aliceTablet.texts(chat), ['hi', 'I am Bob']);
  });

  test('is warned of by another list of that version', async () => {
    const { time, server, bob, bobAccount, aliceAccount, alice } = await inConversation();
    pinList(aliceAccount, { listVersion: 1, hash: randomBytes(32) });
    const tablet = new TestDevice(aliceAccount, time);
    await bob.close();
    await bob.start();
    await bob.write(await onlyChat(bob), 'by the list that the vault does not know');
    const mailbox = () => server.account(alice.accountId).devices.get(tablet.deviceId)?.mailbox.length ?? 0;
    await time.until(() => mailbox() > 0, 'it waits');
    assert.ok(bobAccount.list);
    await tablet.start();
    await time.until(async () => (await onlyChat(tablet)).identityWarning, 'warned');
    assert.deepEqual(await tablet.texts(await onlyChat(tablet)), []);
  });
});

describe('a contact whose pin knows a later list than the one held', () => {
  /** Bob has three lists: his browser; a tablet beside it; the browser alone. Alice holds the first. */
  async function pinned() {
    const scene = await inConversation();
    const { time, server, alice, bob, aliceAccount, bobAccount } = scene;
    await alice.close();
    const tablet = new TestDevice(bobAccount, time);
    const shown = server.account(bob.accountId);
    const writes = async (/** @type {string} */ text) => {
      await tablet.start();
      await tablet.write(await during(time, tablet.chatWith('alice')), text);
      await time.run(MINUTE);
    };
    const leaves = () => bobAccount.remove(tablet);
    const pin = () => {
      assert.ok(bobAccount.list);
      pinList(aliceAccount, bobAccount.list);
    };
    return { ...scene, shown, tablet, writes, leaves, pin };
  }

  test('is warned of when the server gives the lists before it alone, and adopts none of them', async () => {
    const { time, server, alice, shown, chat, leaves, pin } = await pinned();
    leaves();
    pin();
    const all = shown.dlcs;
    shown.dlcs = all.slice(0, 2);
    await alice.start();
    await time.until(async () => (await onlyChat(alice)).identityWarning, 'warned');
    assert.equal(contactOf(alice).listVersion, 3);
    assert.deepEqual(contactOf(alice).list, all[0]);

    shown.dlcs = all;
    server.sockets.get(alice.lane)?.shut(1006);
    await time.until(async () => !(await onlyChat(alice)).identityWarning, 'given', MINUTE);
    assert.deepEqual(contactOf(alice).list, all[2]);
    await alice.write(chat, 'on');
    await time.until(async () => (await stateOf(alice, chat, 'on')) === 'delivered', 'and on');
  });

  test('is not read by a list before it, from which the device may have been removed', async () => {
    const { time, server, alice, bob, chat, writes, leaves, pin } = await pinned();
    await writes('I am the thief');
    leaves();
    pin();
    const lists = withholdLists(server);
    await alice.start();
    await time.run(MINUTE);
    assert.deepEqual(await alice.texts(chat), ['hello', 'hi']);
    assert.equal(contactOf(alice).listVersion, 3);
    assert.equal((await onlyChat(alice)).identityWarning, false, 'nothing is wrong');

    lists.away = false;
    server.sockets.get(alice.lane)?.shut(1006);
    await time.run(MINUTE);
    assert.deepEqual(await alice.texts(chat), ['hello', 'hi']);
    assert.deepEqual(heldBy(alice, bob.accountId), []);
  });

  test('is read by the pinned list itself', async () => {
    const { time, server, alice, chat, writes, pin } = await pinned();
    await writes('I am Bob');
    pin();
    withholdLists(server);
    await alice.start();
    await time.until(async () => (await alice.texts(chat)).includes('I am Bob'), 'read');
  });

  test('is warned of by a PREKEY with another list of that version', async () => {
    const { time, server, alice, aliceAccount, chat, writes } = await pinned();
    await writes('by another list');
    pinList(aliceAccount, { listVersion: 2, hash: randomBytes(32) });
    withholdLists(server);
    await alice.start();
    await time.until(async () => (await onlyChat(alice)).identityWarning, 'warned');
    assert.deepEqual(await alice.texts(chat), ['hello', 'hi']);
  });

  test('gets no session by a bundle with a list before it', async () => {
    const { time, server, alice, bob, aliceAccount, shown, pin } = await pinned();
    shown.dlcs = shown.dlcs.slice(0, 1);
    await alice.start();
    const aliceTablet = new TestDevice(aliceAccount, time);
    await aliceTablet.start();
    await time.run(MINUTE);
    await aliceTablet.close();
    pin();
    const [pinOfBob] = aliceAccount.pins;
    await deliverAuthentic(server, alice, aliceTablet, [contactSync(alice, pinOfBob)]);
    await time.run(MINUTE);
    assert.equal(contactOf(alice).listVersion, 2);
    server.bundled.length = 0;
    deliverForged(server, alice, bob, garbage(randomBytes(16))); // Alice asks again, in a new session
    await time.run(MINUTE);
    assert.equal((await onlyChat(alice)).identityWarning, true);
    assert.deepEqual(server.bundled, []);
    assert.equal((await sessionsOf(alice, bob)).sessions.length, 1);
  });

  test('has it fetched when another own device tells of the pin', async () => {
    const { time, server, alice, bob, aliceAccount, bobAccount, chat } = await inConversation();
    const aliceTablet = new TestDevice(aliceAccount, time);
    const thief = new TestDevice(bobAccount, time);
    for (const device of [aliceTablet, thief]) await device.start();
    await time.run(MINUTE);
    await thief.write(await during(time, thief.chatWith('alice')), 'I am Bob');
    await time.run(MINUTE);
    assert.equal(contactOf(alice).listVersion, 2);
    bobAccount.remove(thief);
    assert.ok(bobAccount.list);
    pinList(aliceAccount, bobAccount.list);
    await deliverAuthentic(server, alice, aliceTablet, [contactSync(alice, aliceAccount.pins[0])]);
    await time.run(MINUTE);
    const convId = conversationId(alice.accountId, bob.accountId);
    const text = { ctype: CTYPE.TEXT, msgId: randomBytes(16), convId, sentMs: 0, seq: 9 };
    await deliverAuthentic(server, alice, thief, [
      { ...text, senderListVersion: 2, body: { text: 'I am Bob still' } },
    ]);
    await time.run(MINUTE);
    assert.equal((await alice.texts(chat)).includes('I am Bob still'), false);
    assert.deepEqual((await sessionsOf(alice, thief)).sessions, []);
  });

  test('stays bound by it when the user starts a chat', async () => {
    const { time, aliceAccount, shown, pin } = await pinned();
    shown.dlcs = shown.dlcs.slice(0, 1);
    pin();
    const aliceTablet = new TestDevice(aliceAccount, time);
    await aliceTablet.start();
    await time.until(async () => (await onlyChat(aliceTablet)).identityWarning, 'warned');
    await during(time, aliceTablet.chatWith('bob'));
    assert.equal(contactOf(aliceTablet).listVersion, 2);
    assert.equal(contactOf(aliceTablet).list, null);
    assert.equal((await onlyChat(aliceTablet)).identityWarning, true);
  });
});

describe('a pin that knows the list of a contact by another hash', () => {
  test('warns of a fork, over a start, until the user trusts it again', async () => {
    const { time, server, alice, aliceAccount, chat } = await inConversation();
    const tablet = new TestDevice(aliceAccount, time);
    await tablet.start();
    await time.run(MINUTE);
    const pin = { ...aliceAccount.pins[0], dlc_hash: toBase64url(randomBytes(32)) };
    await deliverAuthentic(server, alice, tablet, [contactSync(alice, pin)]);
    await time.until(async () => (await onlyChat(alice)).identityWarning, 'warned');
    await alice.close();
    await alice.start();
    await time.run(MINUTE);
    assert.equal((await onlyChat(alice)).identityWarning, true);

    await during(time, trust(alice, chat));
    await deliverAuthentic(server, alice, tablet, [contactSync(alice, pin)]);
    await time.run(MINUTE);
    assert.equal((await onlyChat(alice)).identityWarning, false, 'the other device has not decided since');
    assert.equal(aliceAccount.pins[0]?.dlc_hash, toBase64url(contactOf(alice).listHash));
    assert.equal(aliceAccount.pins[0]?.at, contactOf(alice).changedMs);
  });
});

describe('a newer list of a contact', () => {
  test('is written into the pin, so that a restored browser takes no older one', async () => {
    const { time, server, alice, bob, aliceAccount, bobAccount, bobChat } = await inConversation();
    const versions = () => aliceAccount.pins.map((pin) => pin.list_version);
    assert.deepEqual(versions(), [1]);
    const old = alice.snapshot();
    new TestDevice(bobAccount, time);
    await bob.close();
    await bob.start();
    await bob.write(bobChat, 'I have a tablet now');
    await time.until(() => versions()[0] === 2, 'pinned', MINUTE);

    const shown = server.account(bob.accountId);
    shown.dlcs = shown.dlcs.slice(0, 1);
    alice.kill();
    alice.restore(old);
    await alice.start();
    await time.until(async () => (await onlyChat(alice)).identityWarning, 'the server keeps it back');
  });
});
