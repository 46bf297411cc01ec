import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { holds } from '../harness/needles.js';
import { usedPair } from '../harness/rtc.js';
import { becomeContacts, scene } from '../harness/scene.js';
import { settledCounters } from '../harness/stack.js';
import { chromiumIn } from './home.js';
import { makeHomes, OUTSIDE } from './network.js';

/** @typedef {import('../harness/person.js').Person} Person */

const stage = scene();

/** A Chromium that takes the certificate of coturn as if an authority that it knows had signed it. */
function trustingChromiumIn(/** @type {import('./network.js').Home} */ home) {
  const { publicKey } = new X509Certificate(readFileSync(process.env.MESSENGER_TURN_CERTIFICATE ?? ''));
  const key = createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' }));
  const chromium = chromiumIn(home);
  const args = [...chromium.args, `--ignore-certificate-errors-spki-list=${key.digest('base64')}`];
  return { ...chromium, args };
}

/** The channel is open, by a relay that the person's own browser reaches by TLS. @param {Person} person */
const usesTls = (person) =>
  usedPair(person, ({ local, relayProtocol }) => local === 'relay' && relayProtocol === 'tls', 120_000);

test('where nothing passes but TLS they talk through coturn by TLS', async () => {
  makeHomes('TURN without TLS blocked');
  const alice = stage.person('alice');
  const bob = stage.person('bob');
  await Promise.all([
    alice.open(stage.stack.url, trustingChromiumIn('alice')),
    bob.open(stage.stack.url, trustingChromiumIn('bob')),
  ]);
  await Promise.all([alice.register(), bob.register()]);
  await becomeContacts(alice, bob);

  await Promise.all([usesTls(alice), usesTls(bob)]);
  for (const person of [alice, bob]) await person.seesPath('Relayed');
  const before = await settledCounters(stage.stack);
  for (let n = 1; n <= 10; n++) {
    await alice.write(`${n} from Alice.`);
    await bob.sees(`${n} from Alice.`);
    await bob.write(`${n} from Bob.`);
    await alice.sees(`${n} from Bob.`);
  }
  await alice.seesState('10 from Alice.', 'Read');
  await bob.seesState('10 from Bob.', 'Read');
  assert.deepEqual(await stage.stack.counters(), before, 'relay and mailbox counters did not move');

  const log = readFileSync(process.env.MESSENGER_TURN_LOG ?? '');
  for (const address of Object.values(OUTSIDE))
    assert.ok(!holds(log, address), `coturn's log holds ${address}`);
});
