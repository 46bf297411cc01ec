import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { ask } from '../harness/client.js';
import { startFront } from '../harness/front.js';

const FORGED = '203.0.113.66';

/** @type {import('../harness/front.js').Front} */
let front;
before(async () => {
  front = await startFront();
});
after(() => front.remove());

/** @type {[string, 'auth' | 'mailbox' | 'signaling'][]} */
const ROUTES = [
  ['/api/auth/v1/accounts/x/dlc?from=3', 'auth'],
  ['/api/keys/v1/accounts/x/bundle?device=1&device=2', 'auth'],
  ['/api/mailbox/v1/collect?after=a%2Bb&limit=50', 'mailbox'],
  ['/api/signaling/v1/ice', 'signaling'],
  ['/api/auth/v1/usernames/%C3%A5sa', 'auth'],
];
for (const [path, service] of ROUTES) {
  test(`hands ${path} to ${service}-service as it came`, async () => {
    const answer = await ask(path);

    const seen = JSON.parse(`${answer.body}`);
    assert.equal(seen.service, service);
    assert.equal(seen.url, path);
  });
}

test('tells the services the address of the peer and nothing that the client says of itself', async () => {
  const forged = {
    'X-Forwarded-For': FORGED,
    X_Forwarded_For: FORGED,
    Forwarded: `for=${FORGED}`,
    'X-Real-IP': FORGED,
    'X-Forwarded-Host': FORGED,
    'X-Forwarded-Port': '66',
    'X-Forwarded-Proto': 'http',
    'X-Forwarded-Prefix': `/${FORGED}`,
    'X-Forwarded-Server': FORGED,
    'X-Forwarded-Trusted-Proxy': 'true',
    'X-HTTP-Method-Override': 'DELETE',
    Cookie: `a=${FORGED}`,
  };

  const { body } = await ask('/api/auth/v1/login', {
    method: 'POST',
    body: '{}',
    from: '127.0.0.9',
    headers: { ...forged, Authorization: 'Bearer token' },
  });

  const { headers } = JSON.parse(`${body}`);
  assert.deepEqual(headers, {
    host: 'localhost',
    'x-forwarded-for': '127.0.0.9',
    'x-forwarded-proto': 'https',
    'content-length': '2',
    authorization: 'Bearer token',
  });
});

test('tells an IPv6 address whole', async () => {
  const { body } = await ask('/api/auth/v1/jwks', { from: '2001:db8:1::2', to: '::1' });

  assert.equal(JSON.parse(`${body}`).headers['x-forwarded-for'], '2001:db8:1::2');
});

test('passes the port of Host on, for the origin rule of the service', async () => {
  const { body } = await ask('/api/auth/v1/jwks', { headers: { Host: 'localhost:8443' } });

  const { headers } = JSON.parse(`${body}`);
  assert.equal(headers.host, 'localhost:8443');
  assert.equal(headers['x-forwarded-port'], '8443');
});

test('opens no tunnel beside /ws', async () => {
  const { status, body } = await ask('/api/signaling/v1/ice', {
    headers: {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Key': 'x',
      'Sec-WebSocket-Version': '13',
    },
  });

  assert.equal(status, 200);
  assert.equal(JSON.parse(`${body}`).headers.upgrade, undefined);
});

test('believes another proxy that is trusted, and that one alone', async () => {
  await front.restart({ GATEWAY_TRUSTED_PROXIES: '127.0.0.7 2001:db8:2::/48' });
  const address = async (/** @type {string} */ from, /** @type {string} */ forwarded) => {
    const { body } = await ask('/api/auth/v1/jwks', { from, headers: { 'X-Forwarded-For': forwarded } });
    return JSON.parse(`${body}`).headers['x-forwarded-for'];
  };

  assert.equal(await address('127.0.0.7', '198.51.100.5'), '198.51.100.5');
  assert.equal(await address('127.0.0.7', `${FORGED}, 198.51.100.5`), '198.51.100.5');
  assert.equal(await address('127.0.0.8', FORGED), '127.0.0.8');
});

test('takes the address from the PROXY protocol of a trusted proxy', async () => {
  await front.gateway.stop();
  await front.gateway.start({ GATEWAY_PROXY_PROTOCOL: 'on', GATEWAY_TRUSTED_PROXIES: '127.0.0.7' });
  const address = async (/** @type {string} */ from) => {
    const plain = connect({ host: '127.0.0.1', port: 8443, localAddress: from });
    await once(plain, 'connect');
    plain.write(`PROXY TCP4 198.51.100.5 127.0.0.1 1234 8443\r\n`);
    const socket = connectTls({ socket: plain, servername: 'localhost', rejectUnauthorized: false });
    socket.write('GET /api/auth/v1/jwks HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    let text = '';
    for await (const part of socket) text += part;
    return /"x-forwarded-for":"([^"]*)"/.exec(text)?.[1];
  };
  const deadline = Date.now() + 30_000;
  while ((await address('127.0.0.7')) === undefined)
    assert.ok(Date.now() < deadline, 'auth-service is not found');

  assert.equal(await address('127.0.0.7'), '198.51.100.5');
  assert.equal(await address('127.0.0.8'), '127.0.0.8');
});

test('refuses to start where anybody could name an address', async () => {
  await front.gateway.stop();

  await assert.rejects(
    front.gateway.start({ GATEWAY_PROXY_PROTOCOL: 'on' }),
    /GATEWAY_PROXY_PROTOCOL needs GATEWAY_TRUSTED_PROXIES/,
  );
});
