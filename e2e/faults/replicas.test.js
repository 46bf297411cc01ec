import assert from 'node:assert/strict';
import { test } from 'node:test';
import { samplesIn } from '../harness/metrics.js';
import { removeRtc } from '../harness/rtc.js';
import { becomeContacts, scene } from '../harness/scene.js';
import { talk } from '../harness/talk.js';

const stage = scene();
const { person } = stage;
const CONNECTIONS = 'mp2p_signaling_connections';

const stack = () => /** @type {import('../harness/compose.js').Compose} */ (stage.stack);

/** Open sockets of each replica, fewest first. */
async function sockets() {
  const pages = await stack().metricsOf('signaling-service');
  return pages.map((page) => samplesIn([page])[CONNECTIONS] ?? 0).sort();
}

test('two people whose sockets are at different replicas talk through the relay', async () => {
  const alice = await person('alice').open(stage.stack.url, { prepare: removeRtc });
  const bob = await person('bob').open(stage.stack.url);
  await alice.register();
  await bob.register();
  await becomeContacts(alice, bob);
  for (let tries = 0; tries < 10 && (await sockets())[0] === 0; tries++) {
    await bob.page.reload();
    await bob.unlock();
    await bob.ready();
    await bob.openChat(alice.username);
  }
  assert.deepEqual(await sockets(), [1, 1], 'each replica holds one of the two');

  await alice.seesPath('Relayed');
  await talk(stage.stack, alice, bob, 'relay', (after, before) =>
    assert.equal(
      after.mp2p_mailbox_stored_total,
      before.mp2p_mailbox_stored_total,
      'none went to the mailbox',
    ),
  );
});

test('without Valkey messages arrive by polling', async () => {
  const alice = await person('alice').open(stage.stack.url, { prepare: removeRtc });
  const bob = await person('bob').open(stage.stack.url);
  await alice.register();
  await bob.register();
  await alice.startChat(bob.username);
  await alice.write('hello');
  await bob.openChat(alice.username);
  await bob.sees('hello');

  await stack().killService('valkey');
  // Bob has not answered, so this goes through the mailbox alone, and no hint of it can reach him.
  await alice.write('no hint of this one');
  await alice.seesState('no hint of this one', 'Sent');
  await bob.sees('no hint of this one', 60_000);

  await stack().startService('valkey');
  await alice.write('and a hint again');
  await bob.sees('and a hint again', 60_000);
});
