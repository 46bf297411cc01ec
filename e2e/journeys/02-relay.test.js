import assert from 'node:assert/strict';
import { test } from 'node:test';
import { removeRtc } from '../harness/rtc.js';
import { becomeContacts, scene } from '../harness/scene.js';
import { talk } from '../harness/talk.js';

const stage = scene();
const { person } = stage;

test('without WebRTC in one browser the conversation goes through the relay', async () => {
  const alice = await person('alice').open(stage.stack.url, { prepare: removeRtc });
  const bob = await person('bob').open(stage.stack.url);
  await alice.register();
  await bob.register();
  await becomeContacts(alice, bob);
  await alice.seesPath('Relayed');
  await bob.seesPath('Relayed');
  await alice.seesState('Hello Bob', 'Read');

  await talk(stage.stack, alice, bob, 'relay', (after, before) => {
    const moved = (/** @type {string} */ name) => (after[name] ?? 0) - (before[name] ?? 0);
    assert.ok(moved('mp2p_signaling_relayed_total') >= 20, 'each message was relayed');
    assert.equal(moved('mp2p_mailbox_stored_total'), 0, 'none went to the mailbox');
  });
});
