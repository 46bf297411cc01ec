import assert from 'node:assert/strict';
import { test } from 'node:test';
import { candidatesOf, selectedPairs, watchRtc } from '../harness/rtc.js';
import { scene } from '../harness/scene.js';
import { talk } from '../harness/talk.js';

const stage = scene();
const { person } = stage;

test('two people talk directly, and the server sees none of it', async () => {
  const alice = await person('alice').open(stage.stack.url, { prepare: watchRtc });
  const bob = await person('bob').open(stage.stack.url, { prepare: watchRtc });
  await alice.register();
  await bob.register();

  await alice.startChat(bob.username);
  await alice.write('Are you there?');
  await alice.seesState('Are you there?', 'Sent');
  await bob.openChat(alice.username);
  await bob.sees('Are you there?');
  assert.equal(await candidatesOf(alice.page), 0, 'no candidate before Bob answers');
  assert.equal(await candidatesOf(bob.page), 0, 'no candidate before Bob answers');

  await bob.write('Yes, here I am');
  await alice.sees('Yes, here I am');
  await alice.seesPath('Direct');
  await bob.seesPath('Direct');
  for (const page of [alice.page, bob.page]) {
    const pairs = await selectedPairs(page);
    assert.equal(pairs.length, 1);
    assert.equal(pairs[0]?.state, 'succeeded');
    assert.notEqual(pairs[0]?.local, 'relay');
    assert.notEqual(pairs[0]?.remote, 'relay');
  }

  await alice.seesState('Are you there?', 'Read');
  await talk(stage.stack, alice, bob, 'channel', (after, before) =>
    assert.deepEqual(after, before, 'relay and mailbox counters did not move'),
  );
});
