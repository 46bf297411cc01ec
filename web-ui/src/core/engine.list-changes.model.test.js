import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { CTYPE, conversationId } from './crypto/content.js';
import { randomBytes, randomU32 } from './crypto/random.js';
import { ready } from './crypto/sodium.js';
import { encodeValue } from './db/codec.js';
import { deliverAuthentic } from './model/forged-envelope.js';
import { TestDevice } from './model/test-device.js';
import { during, inConversation, onlyChat, stateOf } from './model/two-people.js';

before(ready);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** @param {TestDevice} device */
const itemsOf = (device) => device.stored('outbox').filter((row) => row.number);

/** @param {TestDevice} device that its items are for */
const devicesOf = (device) => itemsOf(device).map((item) => item.device);

/**
 * Alice wrote to Bob while the server was down. Beside what is on its way lies an item for a device that no list names,
 * as a crash or an earlier version may have left it.
 *
 * @param {Partial<import('./outbox/item.js').Item>} change
 */
async function withStray(change) {
  const scene = await inConversation();
  const { time, server, alice, bob, chat } = scene;
  await bob.close();
  server.down = true;
  await alice.write(chat, 'to Bob');
  await time.run(MINUTE);
  alice.kill();
  const disk = alice.snapshot();
  const [item] = itemsOf(alice);
  const stray = { ...item, number: item.number + 1, device: randomU32(), ...change };
  disk.write('outbox', ['item', stray.number], encodeValue(stray));
  alice.restore(disk);
  server.down = false;
  return scene;
}

describe('an item for a device that is listed no more', () => {
  test('is dropped when the device came and was replaced within one page of the mailbox', async () => {
    const { time, server, alice, bob, bobAccount, chat } = await inConversation();
    await bob.close();
    await alice.write(chat, 'not received yet');
    await time.run(MINUTE);
    await alice.close();
    const tablet = new TestDevice(bobAccount, time);
    await tablet.start();
    await time.run(MINUTE);
    await tablet.write(await during(time, tablet.chatWith('alice')), 'from the tablet');
    await time.run(MINUTE);
    const former = tablet.deviceId;
    tablet.signInAgain();
    await tablet.start();
    await time.run(MINUTE);
    await tablet.write(await onlyChat(tablet), 'from the tablet again');
    await time.run(MINUTE);
    await tablet.close();

    server.deliveryMs = 10 * MINUTE; // no refusal of the mailbox tells her
    await alice.start();
    await time.run(MINUTE);
    assert.ok((await alice.texts(chat)).includes('from the tablet again'));
    assert.equal(devicesOf(alice).includes(former), false);
    server.deliveryMs = 5;
    await time.run(10 * MINUTE);
    await alice.write(chat, 'to all');
    await time.until(async () => (await stateOf(alice, chat, 'to all')) === 'sent', 'it goes out', MINUTE);
  });

  test('is dropped when the mailbox refuses the list version that both know, and the others go out', async () => {
    const { time, alice, bob, chat } = await withStray({});
    await alice.start();
    await time.until(async () => (await stateOf(alice, chat, 'to Bob')) === 'sent', 'it goes out', MINUTE);
    await time.run(HOUR);
    assert.deepEqual(devicesOf(alice), [bob.deviceId]);
  });

  test('is dropped with the first bundle, when it is a RETRY that waits for a session', async () => {
    const { time, server, alice, bob } = await withStray({ envelope: null, newSession: true });
    server.bundled.length = 0;
    await alice.start();
    await time.run(5 * HOUR);
    assert.deepEqual(devicesOf(alice), [bob.deviceId]);
    assert.equal(server.bundled.length, 1);
  });
});

describe('a device list that is under way while an earlier one comes with a message', () => {
  test('is asked for again at once, and nobody needs to speak of it a second time', async () => {
    const { time, server, alice, bob, bobAccount, chat } = await inConversation();
    await alice.close();
    await bob.close();
    const tablet = new TestDevice(bobAccount, time);
    await tablet.start();
    const tabletChat = await during(time, tablet.chatWith('alice'));
    new TestDevice(bobAccount, time);
    let give = () => {};
    /** @type {Promise<void>} */
    const held = new Promise((resolve) => {
      give = resolve;
    });
    const rest = server.rest.bind(server);
    server.rest = (caller, isAlive) => {
      const calls = rest(caller, isAlive);
      const deviceLists = async (/** @type {any[]} */ ...params) => {
        const answer = await calls.deviceLists(...params);
        await held;
        return answer;
      };
      return { ...calls, deviceLists };
    };
    await alice.start();
    const known = () => alice.stored('contacts').find(({ accountId }) => accountId).listVersion;

    await deliverAuthentic(server, alice, bob, [
      {
        ...{ ctype: CTYPE.TEXT, msgId: randomBytes(16), sentMs: 0, seq: 9, senderListVersion: 3 },
        ...{ convId: conversationId(alice.accountId, bob.accountId), body: { text: 'I have two more' } },
      },
    ]);
    await time.run(1000);
    await tablet.write(tabletChat, 'I am the second');
    await time.until(async () => (await alice.texts(chat)).includes('I am the second'), 'read by its list');
    assert.equal(known(), 2);
    give();
    await time.until(() => known() === 3, 'the newest list is adopted', 50);
  });
});
