import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { NetworkError } from './api/errors.js';
import { ready } from './crypto/sodium.js';
import { inConversation } from './model/two-people.js';

before(ready);

/** @typedef {Awaited<ReturnType<typeof inConversation>>} Scene */

const MINUTE = 60_000;

/**
 * Bob is away, and what Alice writes to him waits in his mailbox until its time is over.
 *
 * @param {Scene} scene
 * @param {number} count
 */
async function expireFor({ time, server, alice, bob, chat }, count) {
  await bob.close();
  for (let i = 0; i < count; i++) await alice.write(chat, `too late ${i}`);
  await time.run(MINUTE);
  server.expireMail(bob.accountId, bob.deviceId);
}

/** What the window of Bob has been told, in order. @param {Scene} scene */
const told = ({ bob }) => bob.notices.flatMap(({ notice, data }) => (notice === 'expired' ? data.count : []));

/** What a window that opens now is told. @param {Scene} scene */
async function toldAtStart(scene) {
  const before = told(scene).length;
  await scene.bob.start();
  return told(scene).slice(before);
}

/**
 * From the next start on the answers of Bob's mailbox are lost, until `left` is 0.
 *
 * @param {Scene} scene
 */
function losingAnswers({ server, bob }) {
  const rest = server.rest.bind(server);
  const losing = { left: 0, lost: 0 };
  server.rest = (caller, isAlive) => {
    const calls = rest(caller, isAlive);
    if (caller.deviceId !== bob.deviceId) return calls;
    const collect = async (/** @type {any[]} */ ...params) => {
      const answer = await calls.collect(...params);
      if (losing.left === 0) return answer;
      losing.left -= 1;
      losing.lost += 1;
      throw new NetworkError(new Error('answer lost'));
    };
    return { ...calls, collect };
  };
  return losing;
}

describe('what expired in the mailbox', () => {
  test('is told when the device is back, at each start until it is dismissed', async () => {
    const scene = await inConversation();
    await expireFor(scene, 3);
    await scene.bob.start();
    await scene.time.run(5 * MINUTE);
    assert.deepEqual(told(scene), [3]);

    assert.deepEqual(await toldAtStart(scene), [3]);
    await scene.bob.engine.dismissExpired({ count: 3 });
    assert.deepEqual(told(scene).at(-1), 0);
    assert.deepEqual(await toldAtStart(scene), []);
    await scene.time.run(5 * MINUTE);
    assert.equal(told(scene).at(-1), 0, 'the same total is no news');

    await expireFor(scene, 2);
    await scene.bob.start();
    await scene.time.run(MINUTE);
    assert.equal(told(scene).at(-1), 2);
  });

  test('is told by a device that finds mail beside it', async () => {
    const scene = await inConversation();
    const { time, alice, bob, chat, bobChat } = scene;
    await expireFor(scene, 1);
    await alice.write(chat, 'in time');
    await time.run(MINUTE);
    await bob.start();
    await time.until(async () => (await bob.texts(bobChat)).includes('in time'), 'Bob has the rest');
    assert.deepEqual(told(scene), [1]);
  });

  test('is neither lost nor told twice though answers are lost', async () => {
    const scene = await inConversation();
    await expireFor(scene, 3);
    const losing = losingAnswers(scene);
    losing.left = 4;
    await scene.bob.start();
    await scene.time.run(10 * MINUTE);
    assert.equal(losing.lost, 4);
    assert.deepEqual(told(scene), [3]);
  });

  for (const when of /** @type {const} */ (['before', 'after']))
    test(`is neither lost nor told twice though the tab dies ${when} it is on disk`, async () => {
      const scene = await inConversation();
      await expireFor(scene, 3);
      await scene.bob.start();
      scene.bob.database.onCommit = (at, stores) => {
        if (at === when && stores.has('seen')) scene.bob.kill();
      };
      await scene.time.run(MINUTE);
      assert.equal(scene.bob.database.dead, true);
      assert.deepEqual(told(scene), [], 'the window died with it');

      await scene.bob.start();
      await scene.time.run(5 * MINUTE);
      assert.deepEqual(told(scene), [3]);
    });

  test('is told once there is room on the disk to remember it', async () => {
    const scene = await inConversation();
    await expireFor(scene, 2);
    await scene.bob.start();
    scene.bob.database.full = true;
    await scene.time.run(2 * MINUTE);
    assert.deepEqual(told(scene), []);
    scene.bob.database.full = false;
    await scene.time.run(2 * MINUTE);
    assert.deepEqual(told(scene), [2]);
  });

  test('is added to what is not dismissed yet, and not dismissed with it', async () => {
    const scene = await inConversation();
    await expireFor(scene, 2);
    await scene.bob.start();
    await scene.time.run(MINUTE);
    await expireFor(scene, 3);
    await scene.bob.start();
    await scene.time.run(MINUTE);
    assert.equal(told(scene).at(-1), 5);
    await scene.bob.engine.dismissExpired({ count: 2 });
    assert.equal(told(scene).at(-1), 3);
  });

  test('is no news of a server that counts less than before, but counts on from there', async () => {
    const scene = await inConversation();
    const { time, server, bob } = scene;
    await expireFor(scene, 4);
    await bob.start();
    await time.run(MINUTE);
    await bob.engine.dismissExpired({ count: 4 });

    const device = server.account(bob.accountId).devices.get(bob.deviceId);
    assert.ok(device);
    device.expired = 1;
    await time.run(2 * MINUTE);
    assert.equal(told(scene).at(-1), 0);
    device.expired = 2;
    await time.run(2 * MINUTE);
    assert.equal(told(scene).at(-1), 1);
  });

  test('is told again on a disk that was put back to before it was told', async () => {
    const scene = await inConversation();
    const snapshot = scene.bob.snapshot();
    await expireFor(scene, 3);
    await scene.bob.start();
    await scene.time.run(MINUTE);
    await scene.bob.engine.dismissExpired({ count: 3 });

    scene.bob.kill();
    scene.bob.restore(snapshot);
    await scene.bob.start();
    await scene.time.run(MINUTE);
    assert.equal(told(scene).at(-1), 3);
  });

  test('is counted anew by a device that signed in again, which tells what the earlier one lost', async () => {
    const scene = await inConversation();
    const { time, server, bob } = scene;
    await expireFor(scene, 3);
    await bob.start();
    await time.run(MINUTE);
    bob.signInAgain();
    const device = server.account(bob.accountId).devices.get(bob.deviceId);
    assert.ok(device);
    device.expired = 5;

    assert.deepEqual(await toldAtStart(scene), [3]);
    await time.run(MINUTE);
    assert.equal(told(scene).at(-1), 8, 'all five, not those above the three of the other');
  });
});
