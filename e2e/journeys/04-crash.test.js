import assert from 'node:assert/strict';
import { test } from 'node:test';
import { becomeContacts, scene } from '../harness/scene.js';

const stage = scene();
const { person } = stage;
const FIFTY = Array.from({ length: 50 }, (_, n) => `number ${String(n + 1).padStart(2, '0')}`);

async function aliceAndBob() {
  const alice = await person('alice').open(stage.stack.url);
  const bob = await person('bob').open(stage.stack.url);
  await alice.register();
  await bob.register();
  await becomeContacts(alice, bob);
  return { alice, bob };
}

/** @param {import('../harness/person.js').Person} bob @param {import('../harness/person.js').Person} alice */
async function reopen(bob, alice) {
  await bob.open(stage.stack.url);
  await bob.unlock();
  await bob.ready();
  await bob.openChat(alice.username);
}

test('a browser that dies in the middle shows each of fifty messages once', async () => {
  const { alice, bob } = await aliceAndBob();
  for (const [n, text] of FIFTY.entries()) {
    await alice.write(text);
    if ([1, 10, 25, 49].includes(n + 1)) {
      await bob.sees(text, 60_000);
      await bob.crash();
      await reopen(bob, alice);
    }
  }

  await bob.sees('number 50', 60_000);
  const shown = (await bob.texts()).filter((text) => text.startsWith('number'));
  assert.deepEqual([...shown].sort(), FIFTY, 'all fifty, none twice');
  assert.deepEqual(shown, FIFTY, 'in order');
  await alice.seesState('number 50', 'Read', 60_000);
});

test('a browser that dies between commit and acknowledgement shows the message once', async () => {
  const { alice, bob } = await aliceAndBob();
  await bob.close();
  await alice.write('committed, not acknowledged');
  await alice.seesState('committed, not acknowledged', 'Sent');

  let acknowledging = () => {};
  /** @type {Promise<void>} */
  const acknowledged = new Promise((resolve) => {
    acknowledging = resolve;
  });
  await bob.open(stage.stack.url, {
    prepare: async (context) => {
      await context.route('**/api/mailbox/v1/ack', () => acknowledging());
    },
  });
  await bob.unlock();
  await acknowledged;
  await bob.crash();

  await reopen(bob, alice);
  await bob.sees('committed, not acknowledged');
  await alice.seesState('committed, not acknowledged', 'Read', 60_000);
  await alice.write('and one more');
  await bob.sees('and one more');
  const shown = (await bob.texts()).filter((text) => text === 'committed, not acknowledged');
  assert.equal(shown.length, 1);
});
