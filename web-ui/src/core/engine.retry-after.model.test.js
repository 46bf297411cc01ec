import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { ApiError } from './api/errors.js';
import { ready } from './crypto/sodium.js';
import { TestDevice } from './model/test-device.js';
import { inConversation, stateOf } from './model/two-people.js';

before(ready);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * What Alice asks for in this way is refused once, to be asked for again in so many seconds.
 *
 * @param {Awaited<ReturnType<typeof inConversation>>} scene
 * @param {'deliver' | 'bundle'} call
 * @param {number} retryAfter
 */
async function refusedOnce({ time, server, alice }, call, retryAfter) {
  await alice.close();
  let left = 0;
  const rest = server.rest.bind(server);
  server.rest = (caller, isAlive) => {
    const calls = rest(caller, isAlive);
    const refusing = async (/** @type {any[]} */ ...params) => {
      if (left === 0) return calls[call](...params);
      left -= 1;
      throw new ApiError(503, 'unavailable', { retryAfter });
    };
    return { ...calls, [call]: refusing };
  };
  await alice.start();
  await time.run(MINUTE);
  left = 1;
}

describe('a server that says how long to wait', () => {
  test('is asked to deliver no sooner', async () => {
    const scene = await inConversation();
    const { time, bob, alice, chat } = scene;
    await bob.close();
    await refusedOnce(scene, 'deliver', 600);
    await alice.write(chat, 'in ten minutes');
    await time.run(9 * MINUTE);
    assert.equal(await stateOf(alice, chat, 'in ten minutes'), 'sending');
    await time.run(2 * MINUTE);
    assert.equal(await stateOf(alice, chat, 'in ten minutes'), 'sent');
  });

  test('is asked to deliver within the hour though it says days', async () => {
    const scene = await inConversation();
    const { time, bob, alice, chat } = scene;
    await bob.close();
    await refusedOnce(scene, 'deliver', 999_999);
    await alice.write(chat, 'not in eleven days');
    await time.run(HOUR + MINUTE);
    assert.equal(await stateOf(alice, chat, 'not in eleven days'), 'sent');
  });

  test('is asked for prekeys within the hour though it says days', async () => {
    const scene = await inConversation();
    const { time, server, bob, bobAccount, alice, chat } = scene;
    await bob.close();
    const tablet = new TestDevice(bobAccount, time);
    await refusedOnce(scene, 'bundle', 999_999);
    await alice.write(chat, 'for both');
    await time.run(HOUR + MINUTE);
    assert.ok(server.stored.some(({ device }) => device === tablet.deviceId));
  });
});
