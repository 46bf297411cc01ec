import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { holds } from '../harness/needles.js';
import { rowsOf } from '../harness/places.js';
import { negotiated, noConnection, turnNames, usedPair } from '../harness/rtc.js';
import { becomeContacts, scene } from '../harness/scene.js';
import { talk } from '../harness/talk.js';
import { movedAmong, watchWays } from '../harness/ways.js';
import { chromiumIn } from './home.js';
import { cut, makeHomes, mend, OUTSIDE } from './network.js';

const stage = scene();
/** All that took part, whose names no log may hold. @type {Person[]} */
const everybody = [];

/** @typedef {import('../harness/person.js').Person} Person */

/**
 * Two people at home who have just become contacts, and whose browsers have found each other.
 *
 * @param {import('./network.js').Gateway} gateway
 * @returns {Promise<[Person, Person]>}
 */
async function contactsBehind(gateway) {
  for (const before of everybody) await before.close();
  makeHomes(gateway);
  const alice = stage.person('alice');
  const bob = stage.person('bob');
  everybody.push(alice, bob);
  await Promise.all([
    alice.open(stage.stack.url, chromiumIn('alice')),
    bob.open(stage.stack.url, chromiumIn('bob')),
  ]);
  await Promise.all([alice.register(), bob.register()]);
  await becomeContacts(alice, bob);
  return [alice, bob];
}

/** @typedef {import('../harness/rtc.js').Pair} Pair */

/** @param {Pair} pair */
const isRelayed = ({ local, remote }) => local === 'relay' || remote === 'relay';

/**
 * Of ten messages in both directions the server sees none, and each is there once.
 *
 * @param {Person} alice
 * @param {Person} bob
 */
async function talkBesideTheServer(alice, bob) {
  await talk(stage.stack, alice, bob, 'channel', (after, before) =>
    assert.deepEqual(after, before, 'relay and mailbox counters did not move'),
  );
  for (const person of [alice, bob])
    assert.deepEqual(await person.texts(), [...new Set(await person.texts())]);
}

test('behind cone NAT two people talk directly, through the holes that they punch', async () => {
  const [alice, bob] = await contactsBehind('cone');
  await alice.seesPath('Direct');
  await bob.seesPath('Direct');
  for (const person of [alice, bob]) {
    const { local, remote } = await usedPair(person);
    for (const end of [local, remote]) assert.match(end, /^(srflx|prflx)$/, 'an address that a gateway gave');
  }

  await talkBesideTheServer(alice, bob);
});

test('behind symmetric NAT they talk through coturn', async () => {
  const [alice, bob] = await contactsBehind('symmetric');
  for (const person of [alice, bob]) {
    const pair = await usedPair(person);
    assert.ok(isRelayed(pair), `${pair.local} to ${pair.remote}`);
  }
  await alice.seesPath('Relayed');
  await bob.seesPath('Relayed');

  await talkBesideTheServer(alice, bob);
});

test('where no UDP passes they talk through coturn over TCP', async () => {
  const [alice, bob] = await contactsBehind('UDP blocked');
  for (const person of [alice, bob]) {
    const { local, relayProtocol } = await usedPair(person);
    assert.deepEqual({ local, relayProtocol }, { local: 'relay', relayProtocol: 'tcp' });
  }
  await alice.seesPath('Relayed');
  await bob.seesPath('Relayed');

  await talkBesideTheServer(alice, bob);
});

/** ICE notices a dead path after this time. */
const ICE_NOTICES_MS = 5000;
/** What a path that acknowledges within a second as a rule is given at most (docs/protocol.md ACK_WAIT_MOST). */
const ACK_WAIT_MOST_MS = 1500;

test('paths that are cut in use', async (t) => {
  const [alice, bob] = await contactsBehind('cone');
  await alice.seesPath('Direct');
  await bob.seesPath('Direct');
  await alice.seesState('Hello Bob', 'Read');
  await talkBesideTheServer(alice, bob);

  const ways = await watchWays(alice.page);

  /**
   * The next path is taken long before ICE notices, and no message is lost.
   *
   * @param {import('node:test').TestContext} t
   * @param {import('./network.js').Cut} what
   * @returns {Promise<number>} when it was cut
   */
  async function talkOnAfter(t, what) {
    await ways.begin();
    cut(what);
    const began = Date.now();
    await alice.write(`first without ${what}`);
    await bob.sees(`first without ${what}`);
    const took = Date.now() - began;
    t.diagnostic(`the first message after the cut came after ${took} ms`);
    assert.ok(took < ICE_NOTICES_MS, `the next path was taken after ${took} ms`);
    const [first] = movedAmong(await ways.given());
    assert.ok(first, 'the channel was tried, and then the relay');
    t.diagnostic(`the relay was given it ${first.tookMs.toFixed(0)} ms after the channel`);
    assert.ok(first.limitMs <= ACK_WAIT_MOST_MS, `the channel was given ${first.limitMs} ms`);
    // a timer is late on a machine that is busy; one that began anew for no reason takes a whole limit more
    const waitedMs = first.tookMs - first.lateMs;
    assert.ok(waitedMs < first.limitMs + 500, `it waited ${waitedMs} ms, and not ${first.limitMs}`);
    const texts = ['one', 'two', 'three', 'four', 'five'].map((number) => `${number} without ${what}`);
    for (const text of texts) {
      await alice.write(`${text}, Alice`);
      await bob.write(`${text}, Bob`);
    }
    await alice.seesState(`five without ${what}, Alice`, 'Read');
    await bob.seesState(`five without ${what}, Bob`, 'Read');
    for (const person of [alice, bob])
      for (const name of ['Alice', 'Bob']) {
        const received = (await person.texts()).filter((text) => text.endsWith(`without ${what}, ${name}`));
        assert.deepEqual(
          received,
          texts.map((text) => `${text}, ${name}`),
          'once each, in order',
        );
      }
    return began;
  }

  /**
   * The channel goes from one home to the other again.
   *
   * @param {import('node:test').TestContext} t
   * @param {import('./network.js').Cut} what
   */
  async function directAgainAfter(t, what) {
    mend(what);
    const mended = Date.now();
    for (const person of [alice, bob]) await usedPair(person, (pair) => !isRelayed(pair), 120_000);
    await alice.seesPath('Direct', 60_000);
    await bob.seesPath('Direct', 60_000);
    t.diagnostic(`the direct path was back ${Date.now() - mended} ms after it was mended`);
    await talkBesideTheServer(alice, bob);
  }

  await t.test('coturn takes over where the homes do not reach each other', async (t) => {
    const began = await talkOnAfter(t, 'between homes');
    for (const person of [alice, bob]) await usedPair(person, isRelayed);
    t.diagnostic(`coturn carries the channel ${Date.now() - began} ms after the cut, or sooner`);
    await alice.seesPath('Relayed');
    await bob.seesPath('Relayed');
    await talkBesideTheServer(alice, bob);
    await directAgainAfter(t, 'between homes');
  });

  await t.test('the server takes over where nothing else passes, and ICE finds the way back', async (t) => {
    const { fragment } = await negotiated(alice.page);
    await talkOnAfter(t, 'UDP and TURN');
    for (const person of [alice, bob]) await noConnection(person.page);
    await directAgainAfter(t, 'UDP and TURN');
    assert.notEqual((await negotiated(alice.page)).fragment, fragment, 'ICE was restarted');
  });
});

test('the name that a browser shows to coturn is random, its own for an hour, and leads to nobody', async () => {
  const [alice, bob] = await contactsBehind('symmetric');
  await usedPair(alice);
  await usedPair(bob);
  const [alices] = await turnNames(alice.page);
  const [bobs] = await turnNames(bob.page);
  await alice.page.reload();
  await alice.unlock();
  await alice.ready();
  await usedPair(alice);

  assert.deepEqual(await turnNames(alice.page), [alices], 'the same, so that its relays count together');
  const names = [alices, bobs];
  const parts = names.map((name) => /^(\d{10}):([\w-]{22})$/.exec(name ?? '')?.[2] ?? assert.fail(name));
  assert.notEqual(parts[0], parts[1]);
  const log = readFileSync(process.env.MESSENGER_TURN_LOG ?? '');
  assert.match(log.toString(), /ALLOCATE processed, success/);
  for (const secret of [...(await identitiesOf(everybody)), ...names, ...Object.values(OUTSIDE)])
    assert.ok(!holds(log, secret), `coturn's log holds ${secret}`);
});

/**
 * What tells who somebody is: user name, account id, device id as a number.
 *
 * @param {Person[]} people
 */
async function identitiesOf(people) {
  const rows = await rowsOf(
    stage.stack.database('auth'),
    'select a.username, a.account_id, d.device_id from account a join device d using (account_id)',
  );
  const known = rows.filter(({ username }) => people.some((person) => person.username === username));
  assert.equal(known.length, people.length);
  return known.flatMap((row) => [
    row.username,
    row.account_id,
    Buffer.from(row.account_id.replaceAll('-', ''), 'hex'),
    String(row.device_id),
    Number(row.device_id).toString(16),
  ]);
}
