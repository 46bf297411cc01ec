import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { randomBytes } from './crypto/random.js';
import { ready } from './crypto/sodium.js';
import { TestAccount, TestDevice } from './model/test-device.js';
import { during, inConversation, onlyChat, stateOf } from './model/two-people.js';
import { pinList } from './model/withheld-lists.js';

before(ready);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const trust = async (/** @type {TestDevice} */ device, /** @type {{ id: string }} */ chat) =>
  device.engine.trustIdentity({ chatId: chat.id });

describe('trusting a contact again', () => {
  test('keeps what is on its way to a device that the trusted list names', async () => {
    const { time, server, alice, bob, bobAccount, chat } = await inConversation();
    const shown = server.account(bob.accountId);
    const phone = new TestDevice(bobAccount, time);
    const two = [...shown.dlcs];
    new TestDevice(bobAccount, time); // its list is kept back
    shown.dlcs = two;
    await phone.start();
    await phone.write(await during(time, phone.chatWith('alice')), 'by a list ahead');
    await time.until(async () => (await alice.texts(chat)).includes('by a list ahead'), 'read');
    for (const device of [phone, bob]) await device.close();
    await time.run(10_000);
    await alice.write(chat, 'for both');
    await time.until(async () => (await onlyChat(alice)).identityWarning, 'warned', 5 * MINUTE);
    server.loseMail(bob.accountId);
    await during(time, trust(alice, chat));
    await time.run(MINUTE);
    await phone.start();
    await time.run(HOUR);
    assert.ok((await phone.texts(chat)).includes('for both'));
  });

  test('by another list of the same version sends its devices what has no receipt', async () => {
    const { time, server, alice, bob, bobAccount, chat } = await inConversation();
    const shown = server.account(bob.accountId);
    const { tokenHash } = shown;
    await bob.close();
    await alice.write(chat, 'is it you?');
    await time.until(async () => (await stateOf(alice, chat, 'is it you?')) === 'sent', 'sent');
    shown.dlcs = [];
    const account = new TestAccount('bob', server);
    Object.assign(account, { aik: bobAccount.aik, deliveryKey: bobAccount.deliveryKey });
    const other = new TestDevice(account, time);
    await other.start();
    Object.assign(shown, { tokenHash });
    await other.write(await during(time, other.chatWith('alice')), 'it is me');
    await time.until(async () => (await onlyChat(alice)).identityWarning, 'warned');
    await during(time, trust(alice, chat));
    await time.run(HOUR);
    assert.ok((await other.texts(chat)).includes('is it you?'));
    assert.equal(await stateOf(alice, chat, 'is it you?'), 'delivered');
  });

  test('by a list with other keys under a known device id ends the sessions of the one before', async () => {
    const { time, server, alice, bob, bobAccount, chat, bobChat } = await inConversation();
    const shown = server.account(bob.accountId);
    const { tokenHash } = shown;
    await bob.close();
    shown.dlcs = [];
    const account = new TestAccount('bob', server);
    Object.assign(account, { aik: bobAccount.aik, deliveryKey: bobAccount.deliveryKey });
    const other = new TestDevice(account, time, { deviceId: bob.deviceId });
    await other.start();
    Object.assign(shown, { tokenHash });
    await other.write(await during(time, other.chatWith('alice')), 'new keys');
    await time.until(async () => (await onlyChat(alice)).identityWarning, 'warned');
    await during(time, trust(alice, chat));
    await time.run(HOUR);
    assert.ok((await alice.texts(chat)).includes('new keys'));
    await alice.write(chat, 'for the new keys');
    await time.until(async () => (await stateOf(alice, chat, 'for the new keys')) === 'delivered', 'read');
    await other.close();

    await bob.start();
    await bob.write(bobChat, 'by the old keys');
    await time.run(HOUR);
    assert.ok(!(await alice.texts(chat)).includes('by the old keys'));
  });

  test('introduces the user to a device that came while the warning stood', async () => {
    const { time, alice, bob, aliceAccount, bobAccount, chat, bobChat } = await inConversation();
    pinList(aliceAccount, { listVersion: 1, hash: randomBytes(32) });
    await alice.close();
    await alice.start();
    await time.until(async () => (await onlyChat(alice)).identityWarning, 'warned');
    await time.run(2 * MINUTE);
    const tablet = new TestDevice(bobAccount, time);
    await bob.close();
    await bob.start();
    await bob.write(bobChat, 'I have a tablet now');
    await time.until(async () => (await alice.texts(chat)).includes('I have a tablet now'), 'told of it');
    await time.run(MINUTE);
    await bob.close();
    bobAccount.pins = []; // all that it knows of Alice comes from her
    await tablet.start();
    await time.run(MINUTE);
    const nameOn = () => tablet.stored('contacts').find(({ accountId }) => accountId)?.username;
    assert.notEqual(nameOn(), 'alice', 'nothing is sent');

    await during(time, trust(alice, chat));
    await time.run(MINUTE);
    assert.equal(nameOn(), 'alice');
  });
});

describe('a session that began by a thief’s list ahead', () => {
  /** The thief's device has written by a third list; Bob's true third list, kept back for now, names its id as well. */
  async function forgedAhead() {
    const scene = await inConversation();
    const { time, server, alice, bob, bobAccount, chat } = scene;
    const shown = server.account(bob.accountId);
    const { tokenHash } = shown;
    const first = [...shown.dlcs];
    await bob.close();
    const account = new TestAccount('bob', server);
    const { aik, deliveryKey, list } = bobAccount;
    Object.assign(account, { aik, deliveryKey, list });
    new TestDevice(account, time);
    const thief = new TestDevice(account, time);
    await thief.start();
    const thiefChat = await during(time, thief.chatWith('alice'));
    shown.dlcs = [...first];
    new TestDevice(bobAccount, time);
    const phone = new TestDevice(bobAccount, time, { deviceId: thief.deviceId });
    Object.assign(shown, { tokenHash });
    const lists = shown.dlcs;
    shown.dlcs = first;
    await thief.write(thiefChat, 'forged');
    await time.until(async () => (await alice.texts(chat)).includes('forged'), 'read by its own list');
    const shows = () => {
      shown.dlcs = lists;
    };
    return { ...scene, shows, thief, thiefChat, phone };
  }

  /** @param {Awaited<ReturnType<typeof forgedAhead>>} scene */
  async function readsThePhoneAlone({ time, alice, chat, thief, thiefChat, phone }) {
    await thief.write(thiefChat, 'forged again');
    await time.run(HOUR);
    assert.ok(!(await alice.texts(chat)).includes('forged again'));
    await thief.close();
    await phone.start();
    await phone.write(await during(time, phone.chatWith('alice')), 'I am Bob');
    await time.until(async () => (await alice.texts(chat)).includes('I am Bob'), 'the phone is read', HOUR);
  }

  test('ends when the list that is adopted names its id with other keys', async () => {
    const scene = await forgedAhead();
    scene.shows();
    await scene.time.run(5 * MINUTE);
    assert.equal((await onlyChat(scene.alice)).identityWarning, false);
    await readsThePhoneAlone(scene);
  });

  test('ends when the list that the user trusts names its id with other keys', async () => {
    const scene = await forgedAhead();
    const { time, alice, chat } = scene;
    await time.until(async () => (await onlyChat(alice)).identityWarning, 'warned', 5 * MINUTE);
    scene.shows();
    await during(time, trust(alice, chat));
    await readsThePhoneAlone(scene);
  });
});
