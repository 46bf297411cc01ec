import assert from 'node:assert/strict';
import { test } from 'node:test';
import { removeRtc } from '../harness/rtc.js';
import { becomeContacts, scene } from '../harness/scene.js';
import { settledCounters } from '../harness/stack.js';

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

  const before = await settledCounters(stage.stack);
  for (let n = 1; n <= 10; n++) {
    await alice.write(`relayed ${n} from Alice`);
    await bob.sees(`relayed ${n} from Alice`);
    await bob.write(`relayed ${n} from Bob`);
    await alice.sees(`relayed ${n} from Bob`);
  }
  await alice.seesState('relayed 10 from Alice', 'Read');
  const after = await stage.stack.counters();
  const moved = (/** @type {string} */ name) => (after[name] ?? 0) - (before[name] ?? 0);
  assert.ok(moved('mp2p_signaling_relayed_total') >= 20, 'each message was relayed');
  assert.equal(moved('mp2p_mailbox_stored_total'), 0, 'none went to the mailbox');
});
