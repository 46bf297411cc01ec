import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { ask, openSocket } from '../harness/client.js';
import { startFront } from '../harness/front.js';

const TOKEN = 'mp2p.token.eyJhbGciOiJQUzI1NiJ9.planted-token';

/** @type {import('../harness/front.js').Front} */
let front;
before(async () => {
  front = await startFront({ GATEWAY_ORIGINS: 'https://other.example https://third.example:8443' });
});
after(() => front.remove());

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
