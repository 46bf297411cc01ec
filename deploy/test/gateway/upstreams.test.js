import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, openSocket } from '../harness/client.js';
import { startFront } from '../harness/front.js';
import { Service } from '../harness/services.js';

const ORIGIN = { Origin: 'https://localhost' };

/** @type {import('../harness/front.js').Front} */
let front;
before(async () => {
  front = await startFront();
});
after(() => front.remove());

/** Asks until the answer is that status. @param {string} path @param {number} status @returns {Promise<number>} ms */
async function until(path, status) {
  const began = Date.now();
  while ((await ask(path)).status !== status)
    assert.ok(Date.now() - began < 10_000, `${path} is never ${status}`);
  return Date.now() - began;
}

test('says that a service is away, and that it is back', async () => {
  await front.services.mailbox.stop();
  const away = await ask('/api/mailbox/v1/collect');
  await front.services.mailbox.start();
  const back = await until('/api/mailbox/v1/collect', 200);

  assert.equal(away.status, 503);
  assert.equal(away.headers['retry-after'], '2');
  assert.equal(JSON.parse(`${away.body}`).type, 'urn:mp2p:problem:unavailable');
  assert.ok(back < 3_000, `${back} ms`);
});

test('finds a service that is created anew at another address', async (t) => {
  const { auth, names } = front.services;
  await auth.stop();
  t.after(() => auth.start());
  const anew = await new Service('auth', '127.0.3.1', 8081).start();
  t.after(() => anew.stop());
  names.set('auth-service', anew.address);

  const found = await until('/api/auth/v1/jwks', 200);

  assert.ok(found < 5_000, `${found} ms`);
  assert.equal((await ask('/api/auth/v1/jwks')).status, 200);
  names.set('auth-service', auth.address);
});

test('waits for a name that does not exist yet', async (t) => {
  const { names, signaling } = front.services;
  names.set('signaling-service');
  t.after(() => names.set('signaling-service', signaling.address));
  await front.gateway.stop();
  await front.gateway.start();
  await until('/api/signaling/v1/ice', 503);

  names.set('signaling-service', signaling.address);

  const found = await until('/api/signaling/v1/ice', 200);
  assert.ok(found < 5_000, `${found} ms`);
});

test('shares the requests among the replicas of one name', async (t) => {
  const { mailbox, names } = front.services;
  const second = await new Service('mailbox', '127.0.3.3', 8083).start();
  t.after(() => second.stop());
  names.set('mailbox-service', mailbox.address, second.address);
  t.after(() => names.set('mailbox-service', mailbox.address));
  const deadline = Date.now() + 30_000;
  while (second.seen.length === 0) {
    assert.ok(Date.now() < deadline, 'the second replica is never asked');
    await ask('/api/mailbox/v1/collect');
  }
  const before = [mailbox.seen.length, second.seen.length];

  for (let n = 0; n < 20; n++) await ask('/api/mailbox/v1/collect');

  const shares = [mailbox.seen.length - Number(before[0]), second.seen.length - Number(before[1])];
  assert.ok(Math.min(...shares) >= 5, `${shares}`);
});

test('asks the other replica where one does not listen, but repeats no post that one has seen', async (t) => {
  const { mailbox, names } = front.services;
  const second = await new Service('mailbox', '127.0.3.3', 8083).start();
  t.after(() => second.stop());
  names.set('mailbox-service', mailbox.address, second.address, '127.0.3.4');
  t.after(() => names.set('mailbox-service', mailbox.address));
  const deadline = Date.now() + 30_000;
  while (second.seen.length === 0) {
    assert.ok(Date.now() < deadline, 'the second replica is never asked');
    await ask('/api/mailbox/v1/collect');
  }

  for (let n = 0; n < 6; n++)
    assert.equal((await ask('/api/mailbox/v1/messages', { method: 'POST' })).status, 200);
  const before = mailbox.seen.length + second.seen.length;
  const died = await ask('/api/mailbox/v1/dies', { method: 'POST' });

  assert.equal(died.status, 503);
  assert.equal(mailbox.seen.length + second.seen.length, before + 1);
});

test('opens a socket at the other replica where one drains', async (t) => {
  const { signaling, names } = front.services;
  const draining = await new Service('signaling', '127.0.3.5', 8082).start();
  t.after(() => draining.stop());
  draining.draining = true;
  names.set('signaling-service', signaling.address, draining.address);
  t.after(() => names.set('signaling-service', signaling.address));
  const deadline = Date.now() + 30_000;
  while (draining.seen.length === 0) {
    assert.ok(Date.now() < deadline, 'the second replica is never asked');
    await ask('/api/signaling/v1/ice');
  }
  const before = draining.seen.length;

  const statuses = [];
  for (let n = 0; n < 4; n++) {
    const { status, socket } = await openSocket(ORIGIN);
    socket?.destroy();
    statuses.push(status);
  }

  assert.deepEqual(statuses, [101, 101, 101, 101]);
  assert.ok(draining.seen.length > before, 'the replica that drains was asked for a socket');
});

test('says that no replica takes a socket', async (t) => {
  const { signaling } = front.services;
  t.after(() => {
    signaling.draining = false;
  });
  signaling.draining = true;

  const { status } = await openSocket(ORIGIN);

  assert.equal(status, 503);
});
