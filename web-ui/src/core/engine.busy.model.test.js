import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { ApiError } from './api/errors.js';
import { ready } from './crypto/sodium.js';
import { inConversation } from './model/two-people.js';

before(ready);

/** @typedef {Awaited<ReturnType<typeof inConversation>>} Scene */

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/**
 * Bob's mailbox refuses one kind of request from now on, until told otherwise.
 *
 * @param {Scene} scene
 * @param {'collect' | 'ack'} call
 * @param {number} status
 * @param {number} [retryAfter]
 */
async function refusing({ time, server, bob }, call, status, retryAfter) {
  const mailbox = { refuses: false, asked: 0 };
  await bob.close();
  const rest = server.rest.bind(server);
  server.rest = (caller, isAlive) => {
    const calls = rest(caller, isAlive);
    if (caller.deviceId !== bob.deviceId) return calls;
    const refused = async (/** @type {any[]} */ ...params) => {
      if (!mailbox.refuses) return calls[call](...params);
      mailbox.asked += 1;
      throw new ApiError(status, 'unavailable', { retryAfter });
    };
    return { ...calls, [call]: refused };
  };
  await bob.start();
  await time.run(MINUTE);
  mailbox.refuses = true;
  return mailbox;
}

/** @param {Scene} scene */
const connection = ({ bob }) => bob.notices.findLast(({ notice }) => notice === 'connection')?.data;

describe('a mailbox that gives out nothing for the moment', () => {
  for (const status of [429, 503, 507])
    test(`by ${status} is left alone as long as it asks, said to be busy, and asked again`, async () => {
      const scene = await inConversation();
      const { time, server, alice, bob, chat, bobChat } = scene;
      const mailbox = await refusing(scene, 'collect', status, 300);
      await time.until(() => mailbox.asked === 1, 'asked', 2 * MINUTE);
      await time.run(100);
      assert.equal(connection(scene).state, 'busy');
      assert.ok(Math.abs(connection(scene).nextTryMs - time.now() - 300 * SECOND) < SECOND);

      server.relayDown = true; // and every message comes with a hint of mail
      server.sockets.get(alice.lane)?.shut(1006);
      await alice.write(chat, 'later');
      await time.run(4 * MINUTE);
      assert.equal(mailbox.asked, 1, 'whatever hints come');

      mailbox.refuses = false;
      await time.until(async () => (await bob.texts(bobChat)).includes('later'), 'collected', 2 * MINUTE);
      await time.run(SECOND);
      assert.equal(connection(scene).state, 'online');
    });

  test('is asked at once when the user does not want to wait', async () => {
    const scene = await inConversation();
    const { time, bob } = scene;
    const mailbox = await refusing(scene, 'collect', 503, 300);
    await time.until(() => mailbox.asked === 1, 'asked', 2 * MINUTE);
    await bob.engine.tryConnectNow({});
    await time.run(SECOND);
    assert.equal(mailbox.asked, 2);
    mailbox.refuses = false;
    await bob.engine.tryConnectNow({});
    await time.run(SECOND);
    assert.equal(connection(scene).state, 'online');
  });

  test('once, without a word of how long, is nobody’s business; twice is', async () => {
    const scene = await inConversation();
    const { time } = scene;
    const mailbox = await refusing(scene, 'collect', 502);
    await time.until(() => mailbox.asked === 1, 'asked', 2 * MINUTE);
    await time.run(SECOND);
    assert.equal(connection(scene).state, 'online');
    await time.until(() => mailbox.asked === 2, 'asked again', 2 * MINUTE);
    await time.run(SECOND);
    assert.equal(connection(scene).state, 'busy');
  });

  test('loses nothing if it takes no acknowledgement: what it gives again is known', async () => {
    const scene = await inConversation();
    const { time, server, alice, bob, chat, bobChat } = scene;
    const mailbox = await refusing(scene, 'ack', 507, 60);
    server.relayDown = true;
    for (const socket of server.sockets.values()) socket.shut(1006);
    await alice.write(chat, 'once');
    await time.until(() => mailbox.asked >= 3, 'refused', 10 * MINUTE);
    assert.equal(connection(scene).state, 'busy');
    assert.deepEqual((await bob.texts(bobChat)).filter((text) => text === 'once').length, 1);
    mailbox.refuses = false;
    await time.run(5 * MINUTE);
    assert.equal(server.account(bob.accountId).devices.get(bob.deviceId)?.mailbox.length, 0);
    assert.deepEqual((await bob.texts(bobChat)).filter((text) => text === 'once').length, 1);
  });
});
