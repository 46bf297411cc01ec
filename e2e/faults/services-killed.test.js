import assert from 'node:assert/strict';
import { test } from 'node:test';
import { removeRtc } from '../harness/rtc.js';
import { becomeContacts, scene } from '../harness/scene.js';

const stage = scene();
const { person } = stage;

/** What the messages of this conversation need, and what they do not. */
const CONTAINERS = [
  'signaling-service',
  'mailbox-service',
  'auth-service',
  'postgres',
  'valkey',
  'gateway',
  'web-ui',
  'coturn',
];

const stack = () => /** @type {import('../harness/compose.js').Compose} */ (stage.stack);

test('each container is killed in turn while two people talk, and every message is shown once, in order', async () => {
  const alice = await person('alice').open(stage.stack.url, { prepare: removeRtc });
  const bob = await person('bob').open(stage.stack.url);
  await alice.register();
  await bob.register();
  await becomeContacts(alice, bob);
  await alice.seesPath('Relayed');
  /** @type {string[]} */
  const written = [];
  const write = async (/** @type {string} */ text) => {
    await alice.write(text);
    written.push(text);
  };

  for (const container of CONTAINERS) {
    await write(`before the end of ${container}.`);
    await stack().killService(container);
    await write(`without ${container}.`);
    await stack().startService(container);
    await write(`after the return of ${container}.`);
    await bob.sees(`after the return of ${container}.`, 90_000);
  }

  await alice.seesState('after the return of coturn.', 'Read', 90_000);
  const shown = (await bob.texts()).filter((text) => /^(before|without|after)/.test(text));
  assert.deepEqual(shown, written);
});

test('a service that is made anew at another address is found as soon as it is ready', async () => {
  for (const [service, path] of [
    ['auth-service', '/api/auth/v1/jwks'],
    ['mailbox-service', '/api/mailbox/v1/collect'],
    ['signaling-service', '/api/signaling/v1/ice'],
    ['web-ui', '/'],
  ]) {
    await stack().recreate(/** @type {string} */ (service));
    const ready = Date.now();
    const answers = [];
    while (Date.now() - ready < 12_000) {
      const status = await stack().statusOf(/** @type {string} */ (path));
      if (status < 500) break;
      answers.push(status);
    }
    assert.ok(Date.now() - ready < 10_000, `${service}: ${answers.length} answers of 5xx after it was ready`);
  }
});
