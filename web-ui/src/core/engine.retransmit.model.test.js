import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { equal, toHex } from './crypto/bytes.js';
import { randomBytes } from './crypto/random.js';
import { ready } from './crypto/sodium.js';
import { TestDevice } from './model/test-device.js';
import { aliceAndBob, during, inConversation, onlyChat, stateOf } from './model/two-people.js';

before(ready);

const DAY = 86_400_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;

describe('a first message that the other side could not read', () => {
  test('goes once more after seven days, in a new session', async () => {
    const { time, server, alice, bob } = await aliceAndBob();
    const chat = await during(time, alice.chatWith('bob'));
    bob.forgetPrekeys(); // a restored profile directory: Bob does not know Alice, so he asks nothing
    await alice.write(chat, 'hello?');
    await time.until(async () => (await stateOf(alice, chat, 'hello?')) === 'sent', 'sent');
    await time.run(HOUR);
    assert.deepEqual(await bob.chats(), []);
    bob.replacePrekeys();
    await Promise.all([alice.close(), bob.close()]);
    server.bundled.length = 0;

    await time.run(6 * DAY);
    await Promise.all([alice.start(), bob.start()]);
    await time.run(HOUR);
    assert.deepEqual(await bob.chats(), []);
    assert.deepEqual(server.bundled, []);

    await Promise.all([alice.close(), bob.close()]);
    await time.run(DAY);
    await Promise.all([alice.start(), bob.start()]);
    await time.until(async () => (await bob.chats()).length === 1, 'Bob sees it', HOUR);
    assert.deepEqual(await bob.texts(await onlyChat(bob)), ['hello?']);

    await time.run(5 * HOUR);
    assert.equal(server.bundled.length, 1, 'once');
  });

  test('that the other side has, and does not answer, costs one new session', async () => {
    const { time, server, alice, bob } = await aliceAndBob();
    const chat = await during(time, alice.chatWith('bob'));
    await alice.write(chat, 'hello');
    await time.until(async () => (await bob.chats()).length === 1, 'Bob sees it');
    for (const days of [8, 1, 7]) {
      await Promise.all([alice.close(), bob.close()]);
      await time.run(days * DAY);
      await Promise.all([alice.start(), bob.start()]);
      await time.run(HOUR);
    }
    assert.equal(server.bundled.length, 2, 'the first and the one after a week');
    assert.deepEqual(await bob.texts(await onlyChat(bob)), ['hello']);
  });
});

describe('a message for a device without prekeys', () => {
  test('is given up when its time has passed, and is delivered to the others', async () => {
    const { time, server, alice, bob, bobAccount, chat, bobChat } = await inConversation();
    const tablet = new TestDevice(bobAccount, time); // listed, and lost before it offered anything
    server.account(bob.accountId).devices.delete(tablet.deviceId);
    await bob.close();
    await bob.start();
    await time.run(1000);
    await bob.write(bobChat, 'I had a tablet');
    await time.until(async () => (await alice.texts(chat)).includes('I had a tablet'), 'the list is known');
    await time.run(60_000);
    await alice.write(chat, 'to both');
    await time.until(async () => (await stateOf(alice, chat, 'to both')) === 'delivered', 'delivered');
    const waiting = () => alice.stored('outbox').filter((item) => item.device === tablet.deviceId);
    assert.notEqual(waiting().length, 0);
    for (const days of [59, 2, 1]) {
      await alice.close();
      await time.run(days * DAY);
      await alice.start();
      await time.run(HOUR);
    }
    assert.deepEqual(waiting(), []);
    assert.equal(await stateOf(alice, chat, 'to both'), 'delivered');
  });

  test('counts one try for one new session, however long that is waited for', async () => {
    const { time, server, alice, bob } = await aliceAndBob();
    const chat = await during(time, alice.chatWith('bob'));
    await bob.close();
    await alice.write(chat, 'hello?');
    await time.until(async () => (await stateOf(alice, chat, 'hello?')) === 'sent', 'sent');
    server.account(bob.accountId).devices.delete(bob.deviceId);
    await alice.close();
    await time.run(8 * DAY);
    await alice.start();
    await time.run(6 * HOUR);
    const [item] = alice.stored('outbox').filter(({ receipted }) => receipted);
    assert.deepEqual([item.envelope, item.tries], [null, 1]);
  });
});

describe('a message that nobody receipts', () => {
  test('goes once more at MAILBOX_TTL and has failed a day after that copy’s time has ended', async () => {
    const { time, server, alice, bob, chat } = await inConversation();
    await bob.close();
    await alice.write(chat, 'to nobody');
    await time.until(async () => (await stateOf(alice, chat, 'to nobody')) === 'sent', 'sent');
    const delivered = () => server.stored.filter(({ device }) => device === bob.deviceId).length;
    const before = delivered();
    const states = [];
    for (const days of [29, 2, 10, 17, 2, 1]) {
      await alice.close();
      await time.run(days * DAY);
      await alice.start();
      await time.run(HOUR);
      states.push([delivered() - before, await stateOf(alice, chat, 'to nobody')]);
    }
    assert.deepEqual(states, [
      [0, 'sent'],
      [1, 'sent'],
      [1, 'sent'],
      [1, 'sent'],
      [1, 'sent'],
      [1, 'failed'],
    ]);
  });

  test('is sealed again after a start if its device had said something before', async () => {
    const { time, server, alice, bob, chat, bobChat } = await inConversation();
    const { sealings, lose } = losing(server, alice);
    lose(true);
    await alice.write(chat, 'lost');
    await time.until(async () => (await stateOf(alice, chat, 'lost')) === 'sent', 'sent');
    await time.run(MINUTE);
    await bob.write(bobChat, 'I have not heard of you');
    await time.until(
      async () => (await stateOf(bob, bobChat, 'I have not heard of you')) === 'delivered',
      'heard',
    );
    for (const device of [alice, bob]) await device.close();
    lose(false);
    assert.equal(sealings(), 1);

    await time.run(2 * HOUR);
    await alice.start();
    await time.run(15 * MINUTE);
    await bob.start();
    await time.until(async () => (await stateOf(alice, chat, 'lost')) === 'delivered', 'and read');
  });

  test('though its device is active is sealed again eight times, later and later', async () => {
    const { time, server, alice, bob, chat, bobChat } = await inConversation();
    const { sealings, lose } = losing(server, alice);
    lose(true);
    await alice.write(chat, 'never to be receipted');
    const hours = [];
    for (let hour = 0; hour < 8 * 24; hour++) {
      const before = sealings();
      await bob.write(bobChat, `in hour ${hour}`);
      await time.run(HOUR);
      if (sealings() > before) hours.push(hour);
    }
    assert.equal(sealings(), 1 + 8);
    assert.ok(Number(hours.at(-1)) > 4 * 24, hours.join());
    const items = alice.stored('outbox').filter(({ content }) => content === null);
    assert.deepEqual(
      items.map(({ state, tries }) => [state, tries]),
      [['sent', 8]],
      'it waits on',
    );
  });
});

/**
 * While it is told to lose, the server makes garbage of Alice's newest message, so that nobody receipts it.
 *
 * @param {import('./model/server-double.js').ServerDouble} server
 * @param {import('./model/test-device.js').TestDevice} alice
 */
function losing(server, alice) {
  /** @type {Set<string>} */
  const lost = new Set();
  let loses = false;
  server.tamper = (envelope) => {
    const isMessage = (/** @type {any} */ item) =>
      item.envelope && item.content === null && equal(item.envelope, envelope);
    if (!loses || !alice.stored('outbox').some(isMessage)) return envelope;
    lost.add(toHex(envelope));
    return randomBytes(64);
  };
  const lose = (/** @type {boolean} */ now) => {
    loses = now;
  };
  return { lose, sealings: () => lost.size };
}
