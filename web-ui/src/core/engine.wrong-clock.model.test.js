import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { CTYPE, conversationId } from './crypto/content.js';
import { randomBytes } from './crypto/random.js';
import { ready } from './crypto/sodium.js';
import { deliverAuthentic, deliverForged, garbage, sessionsOf } from './model/forged-envelope.js';
import { TestDevice } from './model/test-device.js';
import { aliceAndBob, during, inConversation, onlyChat, stateOf } from './model/two-people.js';

/**
 * A clock that stood ahead and is set right: what was stored meanwhile must not wait for that time to come. To one that
 * stands behind for a moment everything stored looks like that, and must not be cut short.
 */

before(ready);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Starts the browser anew with a clock that is wrong by that much.
 *
 * @param {TestDevice} device
 * @param {number} clockMs
 */
async function restartWith(device, clockMs) {
  await device.close();
  device.clockMs = clockMs;
  await device.start();
}

/**
 * Two envelopes that do not open: one is asked for, the other waits for the next RETRY.
 *
 * @param {Awaited<ReturnType<typeof inConversation>>} scene
 */
async function askedTwice({ time, server, alice, bob }) {
  const sid16 = async () => {
    const live = (await sessionsOf(bob, alice)).sessions.find(({ dead }) => !dead);
    return /** @type {import('./session/session-table.js').Session} */ (live).sid.slice(0, 16);
  };
  deliverForged(server, bob, alice, garbage(await sid16()));
  await time.run(5 * MINUTE);
  deliverForged(server, bob, alice, garbage(await sid16()));
  await time.run(MINUTE);
}

const entries = (/** @type {TestDevice} */ device) =>
  device.stored('retry').flatMap((/** @type {any} */ row) => row.entries).length;

test('what failed while the clock was ahead is asked for when it is right again', async () => {
  const scene = await inConversation();
  const { time, bob } = scene;
  await restartWith(bob, 40 * DAY);
  await askedTwice(scene);
  assert.equal(entries(bob), 1);
  await restartWith(bob, 0);
  await time.run(MINUTE);
  assert.equal(entries(bob), 0);
});

test('a repetition planned while the clock was ahead goes out when it is right again', async () => {
  const { time, server, alice, bob, aliceAccount, chat, bobChat } = await inConversation();
  const tablet = new TestDevice(aliceAccount, time);
  await tablet.start();
  await time.until(async () => (await tablet.chats()).length === 1, 'the contact is known');
  await bob.close();
  await alice.write(chat, 'of the removed device');
  await time.until(async () => (await tablet.texts(chat)).includes('of the removed device'), 'copied', DAY);
  await time.run(MINUTE);
  server.loseMail(bob.accountId);
  tablet.clockMs = 40 * DAY;
  aliceAccount.remove(alice);
  await tablet.engine.network({ online: true });
  await tablet.close();
  await tablet.start();
  await time.until(() => JSON.stringify(tablet.stored('contacts')).includes('repeatMs'), 'planned');
  await restartWith(tablet, 0);
  await bob.start();
  await time.run(HOUR);
  assert.ok((await bob.texts(bobChat)).includes('of the removed device'));
});

test('copies for own devices made while the clock was ahead hold up none that follow', async () => {
  const { time, alice, aliceAccount, chat } = await inConversation();
  const tablet = new TestDevice(aliceAccount, time);
  await tablet.start();
  await time.run(MINUTE);
  await restartWith(alice, 20 * DAY);
  await alice.write(chat, 'by a wrong clock');
  await restartWith(alice, 0);
  await time.run(MINUTE);
  await alice.write(chat, 'by a right clock');
  await time.run(MINUTE);
  const texts = await tablet.texts(chat);
  assert.ok(texts.includes('by a wrong clock') && texts.includes('by a right clock'));
});

test('what was sent while the clock was ahead is sealed again once its device is active', async () => {
  const { time, server, alice, bob, chat, bobChat } = await inConversation();
  await restartWith(alice, 20 * DAY);
  await bob.close();
  await alice.write(chat, 'lost');
  await time.until(async () => (await stateOf(alice, chat, 'lost')) === 'sent', 'sent');
  await alice.close();
  server.loseMail(bob.accountId);
  alice.clockMs = 0;
  await alice.start();
  await bob.start();
  for (let hour = 0; hour < 4; hour++) {
    await bob.write(bobChat, `hour ${hour}`);
    await time.run(HOUR);
  }
  assert.ok((await bob.texts(bobChat)).includes('lost'));
});

test('what waits is given up by a second look a day later, not by a clock that was ahead for a moment', async () => {
  const { time, alice, bob, chat } = await inConversation();
  await bob.close();
  await alice.write(chat, 'waits');
  await time.run(MINUTE);
  for (const days of [70, 0, 72, 0]) {
    alice.clockMs = days * DAY;
    await time.run(11 * MINUTE);
    assert.equal(await stateOf(alice, chat, 'waits'), 'sent', `${days} days ahead`);
  }
  alice.clockMs = 70 * DAY;
  await time.run(DAY + 20 * MINUTE);
  assert.equal(await stateOf(alice, chat, 'waits'), 'failed');
});

test('a number missed while the clock was ahead is told and asked for when it is right again', async () => {
  const { time, server, alice, bob, chat, bobChat } = await inConversation();
  await restartWith(bob, 20 * DAY);
  await bob.close();
  await alice.write(chat, 'lost');
  await time.until(async () => (await stateOf(alice, chat, 'lost')) === 'sent', 'sent');
  server.loseMail(bob.accountId);
  await alice.write(chat, 'next');
  await bob.start();
  await time.until(async () => (await bob.texts(bobChat)).includes('next'), 'Bob reads on');
  await time.run(MINUTE);
  await restartWith(bob, 0);
  await time.run(15 * MINUTE);
  assert.ok((await bob.texts(bobChat)).includes('lost'));
});

test('a device found without prekeys while the clock was ahead is asked again when it is right', async () => {
  const { time, server, alice, bob } = await aliceAndBob();
  const { devices } = server.account(bob.accountId);
  const shelf = devices.get(bob.deviceId);
  assert.ok(shelf);
  devices.delete(bob.deviceId);
  alice.clockMs = 40 * DAY;
  const chat = await during(time, alice.chatWith('bob'));
  await alice.write(chat, 'hello');
  await time.run(MINUTE);
  alice.clockMs = 0;
  devices.set(bob.deviceId, shelf);
  await time.run(2 * HOUR);
  assert.equal(await stateOf(alice, chat, 'hello'), 'sent');
});

test('a list that the server keeps back is warned of though it was noticed while the clock was ahead', async () => {
  const { time, server, alice, bob, bobAccount, chat, bobChat } = await inConversation();
  const shown = server.account(bob.accountId);
  const first = [...shown.dlcs];
  new TestDevice(bobAccount, time);
  shown.dlcs = first;
  alice.clockMs = 40 * DAY;
  await restartWith(bob, 0);
  await bob.write(bobChat, 'I have a tablet now');
  await time.until(async () => (await alice.texts(chat)).length === 3, 'told of it');
  await time.run(5000);
  assert.equal((await onlyChat(alice)).identityWarning, false);
  await restartWith(alice, 0);
  await time.run(13 * HOUR);
  await bob.write(bobChat, 'You know it?');
  await time.run(13 * HOUR);
  assert.equal((await onlyChat(alice)).identityWarning, true);
});

test('prekeys made while the clock was ahead do not keep the stock from being filled', async () => {
  const { time, server, alice, bob } = await aliceAndBob();
  await alice.close();
  bob.keepsStock = true;
  await bob.start();
  await time.run(MINUTE);
  const shelf = server.account(bob.accountId).devices.get(bob.deviceId);
  assert.ok(shelf);
  await restartWith(bob, 40 * DAY);
  await time.run(MINUTE);
  await restartWith(bob, 0);
  await time.run(HOUR);
  shelf.opks.length = 5;
  await time.run(DAY);
  assert.ok(shelf.opks.length >= 40);
});

test('what waits for a receipt is not given up because the clock stood far behind for a moment', async () => {
  const { time, alice, bob, chat } = await inConversation();
  await bob.close();
  await alice.write(chat, 'waits');
  await time.until(async () => (await stateOf(alice, chat, 'waits')) === 'sent', 'sent');
  alice.clockMs = -100 * DAY;
  await time.run(11 * MINUTE);
  alice.clockMs = 0;
  await time.run(DAY + 30 * MINUTE);
  assert.equal(await stateOf(alice, chat, 'waits'), 'sent');
});

test('a message that is missing is asked for though the clock stood far behind for a moment', async () => {
  const { time, server, alice, bob, chat, bobChat } = await inConversation();
  await bob.close();
  await alice.write(chat, 'lost');
  await time.until(async () => (await stateOf(alice, chat, 'lost')) === 'sent', 'sent');
  server.loseMail(bob.accountId);
  await alice.write(chat, 'next');
  await bob.start();
  await time.until(async () => (await bob.texts(bobChat)).includes('next'), 'Bob reads on');
  await restartWith(bob, -40 * DAY);
  await time.run(MINUTE);
  await restartWith(bob, 0);
  await time.run(15 * MINUTE);
  assert.ok((await bob.texts(bobChat)).includes('lost'));
});

test('accepting counts after a block that another own device made with its clock ahead', async () => {
  const { time, server, alice, aliceAccount, chat } = await inConversation();
  const tablet = new TestDevice(aliceAccount, time);
  await tablet.start();
  await time.run(MINUTE);
  const own = conversationId(alice.accountId, alice.accountId);
  const blocked = { ...aliceAccount.pins[0], state: 'blocked', at: time.now() + 40 * DAY };
  aliceAccount.pins = [/** @type {import('./engine-contract.js').Pin} */ (blocked)];
  await deliverAuthentic(server, alice, tablet, [
    {
      ...{ ctype: CTYPE.SYNC, msgId: randomBytes(16), convId: own, sentMs: 0, seq: 0, senderListVersion: 2 },
      body: { kind: 'contact', pin: blocked },
    },
  ]);
  const state = () => alice.stored('contacts').find(({ accountId }) => accountId).state;
  await time.until(() => state() === 'blocked', 'blocked here too');
  await alice.write(chat, 'friends again');
  await time.run(MINUTE);
  assert.deepEqual([state(), aliceAccount.pins[0]?.state], ['accepted', 'accepted']);
});
