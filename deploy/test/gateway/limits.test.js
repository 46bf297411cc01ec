import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { ask, openSocket } from '../harness/client.js';
import { startFront } from '../harness/front.js';

const ORIGIN = { Origin: 'https://localhost' };

/** @type {import('../harness/front.js').Front} */
let front;
before(async () => {
  front = await startFront();
});
after(() => front.remove());

/** @param {Partial<import('../harness/client.js').Call>} who @param {string} [path] */
const tryPassword = async (who, path = '/api/auth/v1/login') =>
  (await ask(path, { method: 'POST', body: '{}', ...who })).status;

/** @param {number} count @param {() => Promise<number>} act one after the other @returns {Promise<number[]>} */
async function times(count, act) {
  const results = [];
  for (let n = 0; n < count; n++) results.push(await act());
  return results;
}

/** @param {number[]} statuses @param {number} wanted */
const count = (statuses, wanted) => statuses.filter((status) => status === wanted).length;

test('counts password tries by IPv4 address', async () => {
  await front.restart({ GATEWAY_PASSWORD_RATE: '1r/m', GATEWAY_PASSWORD_BURST: '2' });

  const one = await times(6, () => tryPassword({ from: '127.0.0.2' }));
  const other = await tryPassword({ from: '127.0.0.3' });

  assert.deepEqual(one, [200, 200, 200, 429, 429, 429]);
  assert.equal(other, 200);
});

test('says when to come again', async () => {
  const { headers, body } = await ask('/api/auth/v1/login', {
    method: 'POST',
    body: '{}',
    from: '127.0.0.2',
  });

  assert.match(String(headers['retry-after']), /^\d+$/);
  assert.equal(JSON.parse(`${body}`).type, 'urn:mp2p:problem:rate-limited');
});

test('counts password tries by IPv6 /64, whatever the last half is', async () => {
  const one = await times(3, () => tryPassword({ to: '::1', from: '2001:db8:1::1' }));
  const sameSubscriber = await tryPassword({ to: '::1', from: '2001:db8:1::2' });
  const other = await tryPassword({ to: '::1', from: '2001:db8:2::1' });

  assert.deepEqual(one, [200, 200, 200]);
  assert.equal(sameSubscriber, 429);
  assert.equal(other, 200);
});

test('counts the same call under another spelling', async () => {
  const from = '127.0.0.4';
  await times(3, () => tryPassword({ from }));

  for (const path of [
    '/api/auth/v1/login/',
    '/api/auth/v1/%6cogin',
    '/api/auth/v1/login?x=1',
    '/api/auth/v1/recover',
  ])
    assert.equal(await tryPassword({ from }, path), 429, path);
});

test('counts no forged address', async () => {
  const from = '127.0.0.5';
  await times(3, () => tryPassword({ from }));

  const forged = await tryPassword({ from, headers: { 'X-Forwarded-For': '198.51.100.77' } });

  assert.equal(forged, 429);
});

test('counts an address that another proxy reports in the IPv6 form of IPv4 as IPv4', async () => {
  await front.restart({
    GATEWAY_PASSWORD_RATE: '1r/m',
    GATEWAY_PASSWORD_BURST: '1',
    GATEWAY_TRUSTED_PROXIES: '127.0.0.7',
  });
  const behind = (/** @type {string} */ address) =>
    tryPassword({ from: '127.0.0.7', headers: { 'X-Forwarded-For': address } });

  const one = await times(3, () => behind('::ffff:198.51.100.1'));
  const other = await behind('::ffff:198.51.100.2');
  const same = await behind('198.51.100.1');

  assert.deepEqual(one, [200, 200, 429]);
  assert.equal(other, 200);
  assert.equal(same, 429);
});

test('leaves a refresh out of the password tries', async () => {
  const from = '127.0.0.6';
  await times(3, () => tryPassword({ from }));

  const refreshes = await times(20, () => tryPassword({ from }, '/api/auth/v1/refresh'));

  assert.equal(count(refreshes, 200), 20);
});

test('does not stop a household of twelve devices in normal use', async () => {
  await front.restart();
  const from = '127.0.0.2';
  const device = async () => {
    const calls = [
      () => ask('/', { from }),
      () => tryPassword({ from }),
      ...['challenge', 'refresh', 'challenge', 'refresh'].map(
        (call) => () => tryPassword({ from }, `/api/auth/v1/${call}`),
      ),
      ...[
        '/api/auth/v1/vault',
        '/api/auth/v1/accounts/x/dlc',
        '/api/keys/v1/prekeys/digest',
        '/api/keys/v1/accounts/x/bundle',
        '/api/signaling/v1/ice',
        '/api/mailbox/v1/collect',
      ].map((path) => () => ask(path, { from })),
      () => tryPassword({ from }, '/api/mailbox/v1/ack'),
    ];
    const statuses = [];
    for (const call of calls) {
      const answer = await call();
      statuses.push(typeof answer === 'number' ? answer : answer.status);
    }
    const { status, socket } = await openSocket(ORIGIN, { from });
    socket?.destroy();
    return [...statuses, status];
  };

  const statuses = (await Promise.all(Array.from({ length: 12 }, device))).flat();

  assert.equal(count(statuses, 429), 0);
  assert.equal(count(statuses, 101), 12);
});

test('slows a flood of calls down and then refuses it', async () => {
  await front.restart({ GATEWAY_CALL_RATE: '20r/m', GATEWAY_CALL_BURST: '10', GATEWAY_CALL_DELAY: '9' });
  const from = '127.0.0.3';

  const statuses = await Promise.all(
    Array.from({ length: 30 }, async () => (await ask('/api/mailbox/v1/collect', { from })).status),
  );
  const other = await ask('/api/mailbox/v1/collect', { from: '127.0.0.4' });

  assert.equal(count(statuses, 200), 11);
  assert.equal(count(statuses, 429), 19);
  assert.equal(other.status, 200);
});

test('bounds sockets and how often they are opened, by address', async () => {
  await front.restart({ GATEWAY_SOCKETS: '3', GATEWAY_SOCKET_RATE: '1r/m', GATEWAY_SOCKET_BURST: '5' });
  const from = '127.0.0.2';
  const opened = [];
  for (let n = 0; n < 8; n++) opened.push(await openSocket(ORIGIN, { from }));
  const other = await openSocket(ORIGIN, { from: '127.0.0.3' });

  for (const { socket } of [...opened, other]) socket?.destroy();

  assert.deepEqual(
    opened.map(({ status }) => status),
    [101, 101, 101, 429, 429, 429, 429, 429],
  );
  assert.equal(other.status, 101);
});

test('bounds what one address asks at once', async () => {
  await front.restart({ GATEWAY_REQUESTS: '2', GATEWAY_BODY_TIMEOUT: '2s' });
  const from = '127.0.0.2';
  const slow = await Promise.all([1, 2].map(() => halfARequest(from, 'body')));

  const third = await ask('/', { from });
  const other = await ask('/', { from: '127.0.0.3' });
  await Promise.all(slow.map(({ closed }) => closed));
  const afterwards = await ask('/', { from });

  assert.equal(third.status, 429);
  assert.equal(other.status, 200);
  assert.equal(afterwards.status, 200);
});

test('closes a header that does not end', async () => {
  await front.restart({ GATEWAY_HEADER_TIMEOUT: '1s' });
  const began = Date.now();

  const { closed } = await halfARequest('127.0.0.2', 'header');
  await closed;

  assert.ok(Date.now() - began < 5_000);
});

test('refuses headers above 8 KiB a line and above 32 KiB in all', async () => {
  await front.restart();
  const one = { Large: 'x'.repeat(9_000) };
  const many = Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`Large-${n}`, 'x'.repeat(7_000)]));

  assert.equal((await ask('/', { headers: one })).status, 400);
  assert.equal((await ask('/', { headers: many })).status, 400);
  assert.equal((await ask(`/${'x'.repeat(9_000)}`)).status, 400);
  assert.equal((await ask('/', { headers: { Token: 'x'.repeat(4_000) } })).status, 200);
});

/**
 * A client that stops in the middle.
 *
 * @param {string} from
 * @param {'header' | 'body'} part
 * @returns {Promise<{ closed: Promise<void> }>}
 */
async function halfARequest(from, part) {
  const plain = connect({ host: '127.0.0.1', port: 8443, localAddress: from });
  const socket = connectTls({ socket: plain, servername: 'localhost', rejectUnauthorized: false });
  socket.on('error', () => {});
  /** @type {Promise<void>} */
  const closed = new Promise((resolve) => socket.once('close', () => resolve()));
  const header = 'POST /api/mailbox/v1/ack HTTP/1.1\r\nHost: localhost\r\n';
  await new Promise((resolve) =>
    socket.write(
      part === 'header' ? header : `${header}Content-Length: 10\r\nExpect: 100-continue\r\n\r\n`,
      resolve,
    ),
  );
  // What the gateway says to Expect shows that it counts the request.
  if (part === 'body') await new Promise((resolve) => socket.once('data', resolve));
  else socket.resume();
  socket.resume();
  return { closed };
}
