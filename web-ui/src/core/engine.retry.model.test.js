import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { toHex } from './crypto/bytes.js';
import { randomBytes } from './crypto/random.js';
import { ready } from './crypto/sodium.js';
import { deliverForged, garbage, sessionsOf } from './model/forged-envelope.js';
import { inConversation, stateOf } from './model/two-people.js';

before(ready);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** @typedef {Awaited<ReturnType<typeof inConversation>>} Scene */

/** Of Alice's device Bob may ask nothing now: for an hour on strong evidence, for six on weak. */
async function afterOneOfEach() {
  const scene = await inConversation();
  const { time, server, alice, bob } = scene;
  deliverForged(server, bob, alice, garbage(await liveSid16(scene)));
  deliverForged(server, bob, alice, garbage(randomBytes(16)));
  await time.run(5 * MINUTE);
  assert.deepEqual(entriesOf(scene), []);
  return scene;
}

/** @param {Scene} scene */
async function liveSid16({ alice, bob }) {
  const session = (await sessionsOf(bob, alice)).sessions.find(({ dead }) => !dead);
  assert.ok(session);
  return session.sid.slice(0, 16);
}

/** @param {Scene} scene */
const entriesOf = ({ bob }) =>
  bob.stored('retry').flatMap((/** @type {import('./inbox/failures.js').RetryRow} */ { entries }) => entries);

/** @param {Scene} scene */
const strengths = (scene) => entriesOf(scene).map(({ strong }) => strong);

describe('what is to be asked of a device that sends what does not open', () => {
  test('is not pushed out by what anybody can send in its name', async () => {
    const scene = await afterOneOfEach();
    const { time, server, alice, bob } = scene;
    const broken = await liveSid16(scene);
    deliverForged(server, bob, alice, garbage(broken));
    await time.run(MINUTE);
    assert.deepEqual(strengths(scene), [true]);
    for (let i = 0; i < 70; i++) deliverForged(server, bob, alice, garbage(randomBytes(16)));
    await time.run(MINUTE);
    assert.equal(strengths(scene).length, 64);
    assert.equal(strengths(scene).filter(Boolean).length, 1, 'the one with cause is kept');

    await time.run(HOUR);
    const { sessions } = await sessionsOf(bob, alice);
    const session = sessions.find(({ sid }) => toHex(sid.slice(0, 16)) === toHex(broken));
    assert.equal(session?.dead ?? true, true, 'and asked about after an hour');
    assert.deepEqual(entriesOf(scene), []);
  });

  test('is asked within the hour again if something readable came in the same page of the mailbox', async () => {
    const scene = await inConversation();
    const { time, server, alice, bob, chat } = scene;
    const broken = garbage(await liveSid16(scene));
    await bob.close();
    deliverForged(server, bob, alice, broken);
    await alice.write(chat, 'here I am');
    await time.until(async () => (await stateOf(alice, chat, 'here I am')) === 'sent', 'sent');
    await alice.close();
    server.bundled.length = 0;
    const start = time.now();
    await bob.start();
    for (let i = 0; i < 8; i++) {
      await time.run(20 * MINUTE);
      deliverForged(server, bob, alice, garbage(broken.slice(2, 18)));
    }
    const asked = server.bundled.map(({ atMs }) => Math.round((atMs - start) / HOUR));
    assert.deepEqual(asked, [0, 1, 2]);
  });
});
