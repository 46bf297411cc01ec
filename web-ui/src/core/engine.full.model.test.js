import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { ApiError } from './api/errors.js';
import { ready } from './crypto/sodium.js';
import { TestDevice } from './model/test-device.js';
import { inConversation, onlyChat, stateOf } from './model/two-people.js';

before(ready);

/** @typedef {Awaited<ReturnType<typeof inConversation>>} Scene */

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Bob is away and his mailbox takes nothing. @param {Scene} scene */
async function full({ time, server, alice, bob, chat }) {
  await bob.close();
  server.capacity = 0;
  server.trace.length = 0;
  await alice.write(chat, 'squeezed');
  await time.until(async () => (await onlyChat(alice)).delay !== undefined, 'refused');
}

/** @param {Scene} scene */
const tries = ({ server }) => server.trace.filter(({ via }) => via === 'deliver').length;

describe('a full mailbox', () => {
  test('is told at the message and at its chat, with the time of the next try', async () => {
    const scene = await inConversation();
    const { time, server, alice, chat } = scene;
    await full(scene);
    assert.deepEqual((await onlyChat(alice)).delay, {
      why: 'mailbox-full',
      nextTryMs: time.now() + 5 * SECOND,
    });
    const row = (await alice.thread(chat)).at(-1);
    assert.deepEqual([row?.state, row?.mailboxFull], ['sending', true]);

    server.capacity = 100;
    await time.until(async () => (await stateOf(alice, chat, 'squeezed')) === 'sent', 'sent');
    await time.run(SECOND);
    assert.equal((await onlyChat(alice)).delay, undefined);
    assert.equal((await alice.thread(chat)).at(-1)?.mailboxFull, undefined);
    const told = alice.notices.findLast(({ notice }) => notice === 'chats')?.data.at(-1);
    assert.deepEqual([told.lastState, told.delay], ['sent', undefined], 'the window was told so');
  });

  test('is tried after 5 seconds, doubling to a quarter of an hour', async () => {
    const scene = await inConversation();
    const { time } = scene;
    await full(scene);
    let before = 1;
    for (const seconds of [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]) {
      await time.run((seconds - 1) * SECOND);
      assert.equal(tries(scene), before, `not before ${seconds} s`);
      await time.run(SECOND + 100);
      before += 1;
      assert.equal(tries(scene), before, `after ${seconds} s`);
    }
  });

  test('is tried by one message for all that wait, which follow in their order when there is room', async () => {
    const scene = await inConversation();
    const { time, server, alice, bob, chat, bobChat } = scene;
    await full(scene);
    for (let i = 1; i <= 5; i++) await alice.write(chat, `squeezed ${i}`);
    await time.run(MINUTE);
    const before = tries(scene);
    await alice.engine.tryConnectNow({});
    await time.run(100);
    assert.equal(tries(scene), before + 1);

    server.down = true;
    await time.run(2 * MINUTE);
    server.down = false;
    server.capacity = 100;
    const texts = ['squeezed', ...[1, 2, 3, 4, 5].map((i) => `squeezed ${i}`)];
    await time.until(
      async () => (await alice.thread(chat)).slice(-6).every(({ state }) => state === 'sent'),
      'all are sent',
      5 * MINUTE,
    );
    await bob.start();
    await time.until(async () => (await bob.texts(bobChat)).includes('squeezed 5'), 'received');
    assert.deepEqual((await bob.texts(bobChat)).slice(-6), texts);
  });

  test('is tried at once when the user does not want to wait, and soon again', async () => {
    const scene = await inConversation();
    const { time, alice } = scene;
    await full(scene);
    await time.run(10 * MINUTE);
    const before = tries(scene);
    await alice.engine.tryConnectNow({});
    await time.run(100);
    assert.equal(tries(scene), before + 1);
    const { delay } = await onlyChat(alice);
    assert.ok(delay && delay.nextTryMs - time.now() <= 5 * SECOND);
  });

  test('is tried at once when its device says something, for then it collects', async () => {
    const scene = await inConversation();
    const { time, server, alice, bob, chat, bobChat } = scene;
    await full(scene);
    await time.run(10 * MINUTE);
    server.capacity = 100;
    server.relayDown = true;
    for (const socket of server.sockets.values()) socket.shut(1006);
    await bob.start();
    await bob.write(bobChat, 'there is room');
    await time.until(async () => (await alice.texts(chat)).includes('there is room'), 'heard', 2 * MINUTE);
    await time.until(async () => (await stateOf(alice, chat, 'squeezed')) !== 'sending', 'sent', 5 * SECOND);
    await time.run(SECOND);
    assert.equal((await onlyChat(alice)).delay, undefined);
  });

  test('of one device of several is nothing that anybody need know: the message is sent', async () => {
    const scene = await inConversation();
    const { time, server, alice, bob, bobAccount, chat, bobChat } = scene;
    const tablet = new TestDevice(bobAccount, time, { deviceId: 1 });
    await bob.close();
    await bob.start();
    await bob.write(bobChat, 'I have a tablet');
    await time.until(async () => (await alice.texts(chat)).includes('I have a tablet'), 'known');
    await time.run(MINUTE);
    await bob.close();
    const device = server.account(bob.accountId).devices.get(tablet.deviceId);
    assert.ok(device);
    device.isFull = true;
    await alice.write(chat, 'for both');
    await time.run(MINUTE);
    const row = (await alice.thread(chat)).at(-1);
    assert.deepEqual([row?.state, row?.mailboxFull], ['sent', undefined]);
    assert.equal((await onlyChat(alice)).delay, undefined);
  });
});

describe('a server that takes no messages for the moment', () => {
  for (const status of [429, 503, 507])
    test(`by ${status} is told at the chat with the time of the next try, and the message keeps its clock`, async () => {
      const scene = await inConversation();
      const { time, alice, bob, chat } = scene;
      await bob.close();
      await refusing(scene, status, 600);
      await alice.write(chat, 'in ten minutes');
      await time.until(async () => (await onlyChat(alice)).delay !== undefined, 'told');
      assert.deepEqual((await onlyChat(alice)).delay, {
        why: 'server',
        nextTryMs: time.now() + 600 * SECOND,
      });
      assert.equal(await stateOf(alice, chat, 'in ten minutes'), 'sending');

      await time.run(11 * MINUTE);
      assert.equal(await stateOf(alice, chat, 'in ten minutes'), 'sent');
      assert.equal((await onlyChat(alice)).delay, undefined);
      const before = alice.notices.length;
      await alice.write(chat, 'at once');
      await time.until(async () => (await stateOf(alice, chat, 'at once')) === 'sent', 'sent');
      assert.equal(delaysTold(alice, before), 0, 'that is over');
    });

  test('is no matter any more when what waited has gone another way', async () => {
    const scene = await inConversation();
    const { time, alice, bob, chat } = scene;
    await bob.close();
    await refusing(scene, 503, 600);
    await alice.write(chat, 'in ten minutes');
    await time.until(async () => (await onlyChat(alice)).delay !== undefined, 'told');
    await bob.start();
    await time.until(async () => (await stateOf(alice, chat, 'in ten minutes')) === 'delivered', 'by relay');

    await time.run(11 * MINUTE);
    const before = alice.notices.length;
    await alice.write(chat, 'by relay as well');
    await time.until(
      async () => (await stateOf(alice, chat, 'by relay as well')) === 'delivered',
      'delivered',
    );
    assert.equal(delaysTold(alice, before), 0);
  });

  test('but does again in a moment is not told of', async () => {
    const scene = await inConversation();
    const { time, alice, bob, chat } = scene;
    await bob.close();
    await refusing(scene, 503, undefined);
    const before = alice.notices.length;
    await alice.write(chat, 'at once, nearly');
    await time.until(async () => (await stateOf(alice, chat, 'at once, nearly')) === 'sent', 'sent', MINUTE);
    assert.equal(delaysTold(alice, before), 0);
  });
});

/**
 * @param {TestDevice} device
 * @param {number} from of its notices
 */
const delaysTold = (device, from) =>
  device.notices.slice(from).filter(({ notice, data }) => notice === 'chats' && data.at(-1).delay).length;

/**
 * The next request of Alice to store anything is refused, by either call.
 *
 * @param {Scene} scene
 * @param {number} status
 * @param {number | undefined} retryAfter
 */
async function refusing({ time, server, alice }, status, retryAfter) {
  await alice.close();
  const rest = server.rest.bind(server);
  let refused = false;
  let armed = false;
  server.rest = (caller, isAlive) => {
    const calls = rest(caller, isAlive);
    /** @param {'deliver' | 'messages'} call */
    const once =
      (call) =>
      async (/** @type {any[]} */ ...params) => {
        if (!armed || refused) return calls[call](...params);
        // 429 of `deliver` is no refusal: the same goes by `messages` (§6.3)
        if (status !== 429 || call === 'messages') refused = true;
        throw new ApiError(status, 'unavailable', { retryAfter });
      };
    return { ...calls, deliver: once('deliver'), messages: once('messages') };
  };
  await alice.start();
  await time.run(MINUTE);
  armed = true;
}
