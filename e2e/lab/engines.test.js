import assert from 'node:assert/strict';
import { test } from 'node:test';
import { negotiated, selectedPairs } from '../harness/rtc.js';
import { becomeContacts, scene } from '../harness/scene.js';
import { chromiumIn, FIREFOX, firefoxIn } from './home.js';
import { makeHomes } from './network.js';

const stage = scene();
const skip =
  !FIREFOX &&
  'no Firefox was found; install one (Debian: apt-get install firefox-esr), or name it in FIREFOX';

/** @typedef {import('../harness/person.js').Person} Person */

test('Firefox and Chromium talk directly, whichever of them offers', { skip }, async () => {
  makeHomes('cone');
  const alice = stage.person('alice');
  const bob = stage.person('bob');
  await Promise.all([
    alice.open(stage.stack.url, firefoxIn('alice')),
    bob.open(stage.stack.url, chromiumIn('bob')),
  ]);
  await Promise.all([alice.register(), bob.register()]);
  await becomeContacts(alice, bob);
  await talkDirectly(alice, bob);
  const aliceOffers = (await negotiated(alice.page)).offered;
  assert.equal((await negotiated(bob.page)).offered, !aliceOffers);
  await Promise.all([alice.close(), bob.close()]);

  // The account decides who offers: it stays, and the two change their browsers.
  const aliceAgain = stage.secondBrowserOf(alice);
  const bobAgain = stage.secondBrowserOf(bob);
  await Promise.all([
    aliceAgain.open(stage.stack.url, chromiumIn('alice')),
    bobAgain.open(stage.stack.url, firefoxIn('bob')),
  ]);
  await Promise.all([aliceAgain.signIn(), bobAgain.signIn()]);
  await becomeContacts(aliceAgain, bobAgain);
  await talkDirectly(aliceAgain, bobAgain);
  assert.equal((await negotiated(aliceAgain.page)).offered, aliceOffers);
  assert.equal((await negotiated(bobAgain.page)).offered, !aliceOffers);
});

/** @param {Person} alice @param {Person} bob */
async function talkDirectly(alice, bob) {
  for (const person of [alice, bob]) {
    await person.seesPath('Direct', 60_000);
    const [pair] = await selectedPairs(person.page);
    for (const end of [pair?.local, pair?.remote]) assert.match(`${end}`, /^(srflx|prflx)$/);
  }
  for (let n = 1; n <= 10; n++) {
    await alice.write(`${n} from Alice.`);
    await bob.sees(`${n} from Alice.`);
    await bob.write(`${n} from Bob.`);
    await alice.sees(`${n} from Bob.`);
  }
  await alice.seesState('10 from Alice.', 'Read');
  await bob.seesState('10 from Bob.', 'Read');
}
