import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { ask, openSocket } from '../harness/client.js';
import { startFront } from '../harness/front.js';

const PATIENCE_MS = 30_000;
const TOKEN = 'mp2p.token.eyJhbGciOiJQUzI1NiJ9.planted-token';

/** @type {import('../harness/front.js').Front} */
let front;
before(async () => {
  front = await startFront({ GATEWAY_ORIGINS: 'https://other.example https://third.example:8443' });
});
after(() => front.remove());

/** The pieces in which it comes back. @param {import('node:stream').Duplex} socket @param {Buffer} message */
async function echoed(socket, message) {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  /** @type {Buffer[]} */
  const back = [];
  socket.write(message);
  while (Buffer.concat(back).length < message.length) back.push((await once(socket, 'data', { signal }))[0]);
  return back;
}

test('carries a socket with its credential to signaling-service', async () => {
  const { status, headers, socket } = await openSocket({
    Origin: 'https://localhost',
    'Sec-WebSocket-Protocol': `mp2p, ${TOKEN}`,
  });
  socket?.write('there and back');
  const [echo] = await once(/** @type {import('node:stream').Duplex} */ (socket), 'data');
  socket?.destroy();

  assert.equal(status, 101);
  assert.equal(headers['sec-websocket-protocol'], 'mp2p');
  assert.equal(`${echo}`, 'there and back');
  const seen = front.services.signaling.seen.at(-1);
  assert.equal(seen?.headers['sec-websocket-protocol'], `mp2p, ${TOKEN}`);
  assert.equal(seen?.headers.origin, 'https://localhost');
  assert.equal(seen?.headers.host, 'localhost');
});

test('hands on what the service reads of the handshake, and no more', async () => {
  const from = '127.0.0.9';
  const forged = {
    'X-Forwarded-For': '203.0.113.66',
    Forwarded: 'for=203.0.113.66',
    'X-Real-IP': '203.0.113.66',
  };
  const headers = {
    'User-Agent': 'a browser',
    Cookie: 'a=b',
    Pragma: 'no-cache',
    Authorization: 'Bearer token',
  };

  const { status, socket } = await openSocket(
    {
      ...forged,
      ...headers,
      Host: 'localhost:8443',
      Origin: 'https://localhost:8443',
      'Sec-WebSocket-Protocol': 'mp2p',
    },
    { from },
  );
  socket?.destroy();

  assert.equal(status, 101);
  assert.deepEqual(front.services.signaling.seen.at(-1)?.headers, {
    host: 'localhost:8443',
    connection: 'upgrade',
    upgrade: 'websocket',
    'x-forwarded-for': from,
    'x-forwarded-proto': 'https',
    'x-forwarded-port': '8443',
    origin: 'https://localhost:8443',
    authorization: 'Bearer token',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-protocol': 'mp2p',
  });
});

test('carries a token of several KiB, and a message of 64 KiB both ways', async () => {
  const token = `mp2p.token.${'t'.repeat(7_000)}`;
  const { status, socket } = await openSocket({
    Origin: 'https://localhost',
    'Sec-WebSocket-Protocol': `mp2p, ${token}`,
  });
  assert.ok(socket);
  const message = randomBytes(65_536);
  const back = await echoed(socket, message);
  socket.destroy();

  assert.equal(status, 101);
  assert.equal(front.services.signaling.seen.at(-1)?.headers['sec-websocket-protocol'], `mp2p, ${token}`);
  assert.ok(Buffer.concat(back).equals(message));
});

test('passes a message of 1,400 bytes in one piece both ways', async () => {
  const { socket } = await openSocket({ Origin: 'https://localhost' });
  assert.ok(socket);

  // The first one shares its buffer with the service's 101.
  await echoed(socket, randomBytes(1));
  const back = await echoed(socket, randomBytes(1_400));
  socket.destroy();

  assert.deepEqual(
    back.map(({ length }) => length),
    [1_400],
  );
});

test('never logs the credential', () => {
  assert.doesNotMatch(front.gateway.log(), /planted-token/);
});

/** @type {[string, string, number][]} */
const ORIGINS = [
  ['localhost', 'https://localhost', 101],
  ['localhost:8443', 'https://localhost:8443', 101],
  ['localhost', 'https://other.example', 101],
  ['localhost', 'https://third.example:8443', 101],
  ['localhost', 'https://third.example', 403],
  ['localhost', 'http://localhost', 403],
  ['localhost', 'https://localhost:8443', 403],
  ['localhost:8443', 'https://localhost', 403],
  ['localhost', 'https://localhost.evil.example', 403],
  ['localhost', 'https://evil.example', 403],
  ['localhost', 'https://evil.example https://localhost', 403],
  ['localhost', 'null', 403],
];
for (const [host, origin, status] of ORIGINS) {
  test(`answers a page of ${origin} at ${host} with ${status}`, async () => {
    const before = front.services.signaling.seen.length;

    const answer = await openSocket({ Host: host, Origin: origin });
    answer.socket?.destroy();

    assert.equal(answer.status, status);
    assert.equal(front.services.signaling.seen.length - before, status === 101 ? 1 : 0);
  });
}

test('leaves a client that is no browser to the setting of the service', async () => {
  const { status, socket } = await openSocket({});
  socket?.destroy();

  assert.equal(status, 101);
});

test('opens no socket by another method or path', async () => {
  const post = await ask('/ws', { method: 'POST', headers: { Origin: 'https://localhost' } });
  const below = await openSocket({ Origin: 'https://localhost' }, { path: '/ws/x' });
  const page = await openSocket({ Origin: 'https://localhost' }, { path: '/' });

  assert.equal(post.status, 405);
  assert.equal(post.headers.allow, 'GET');
  assert.equal(below.status, 404);
  assert.equal(page.status, 200);
});
