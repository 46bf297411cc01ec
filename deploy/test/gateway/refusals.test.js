import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ask, askOverHttp2, raw } from '../harness/client.js';
import { startFront } from '../harness/front.js';

/** @type {import('../harness/front.js').Front} */
let front;
before(async () => {
  front = await startFront({ GATEWAY_HTTPS_PORT: '8443' });
});
after(() => front.remove());

const seen = () =>
  [front.services.auth, front.services.mailbox, front.services.signaling].flatMap(({ seen }) => seen);

for (const path of [
  '/q/health',
  '//q/health',
  '/q/metrics',
  '/metrics',
  '/api/%2e%2e/q/health',
  '/api/auth/../../q/health',
  '/api/auth/%2e%2e/%2e%2e/q/health',
  '/api/auth/..%2f..%2fq/health',
  '/api/auth/v1/..;/..;/q/health',
  '/api/auth//v1/login',
  '/api/auth/v1/%5c..%5cq/health',
  '/api/auth',
  '/api/signaling',
  '/api/',
  '/internal',
  '/internal/v1/devices/x',
  '/api/internal/v1/devices/x',
  '/api/auth/%2e%2e/internal/v1/devices/x',
  '/api/mailbox/../internal/v1/devices/x',
  '/.gateway/call/503',
  '/API/auth/v1/login',
  '/.refused/404',
]) {
  test(`finds nothing at ${path}`, async () => {
    const before = seen().length;

    const answer = await ask(path);

    assert.equal(answer.status, 404);
    assert.equal(seen().length, before);
  });
}

test('answers a request that is none with a clean 400', async () => {
  for (const start of ['GET /%00 HTTP/1.1', 'GET /../x HTTP/1.1', 'GET http:// HTTP/1.1', 'NONSENSE']) {
    const { status, text } = await raw(`${start}\r\nHost: localhost\r\nConnection: close\r\n\r\n`);

    assert.ok(status === 400 || status === 404, `${start}: ${status}`);
    assert.doesNotMatch(text, /<html>/);
  }
});

for (const method of ['TRACE', 'PATCH', 'OPTIONS', 'PROPFIND', 'FOO', 'CONNECT']) {
  test(`does not know the method ${method}`, async () => {
    const before = seen().length;

    const { status, text } = await raw(
      `${method} /api/auth/v1/jwks HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    );

    assert.equal(status, method === 'CONNECT' ? 400 : 405);
    assert.doesNotMatch(text, /<html>/);
    assert.equal(seen().length, before);
  });
}

test('says which methods it knows', async () => {
  const call = await ask('/api/auth/v1/jwks', { method: 'PATCH' });
  const page = await ask('/', { method: 'PUT' });

  assert.equal(call.headers.allow, 'GET, HEAD, POST, PUT, DELETE');
  assert.equal(page.status, 405);
  assert.equal(page.headers.allow, 'GET, HEAD');
});

test('refuses calls in the form of RFC 9457', async () => {
  const answers = [
    await ask('/api/nothing'),
    await ask('/api/auth/v1/jwks', { method: 'PATCH' }),
    await ask('/api/signaling/v1/ice', { method: 'POST', body: 'x'.repeat(20_000) }),
    await ask('/api/auth/v1/jwks', { headers: { Large: 'x'.repeat(9_000) } }),
  ];

  assert.deepEqual(
    answers.map(({ status, headers, body }) => [status, headers['content-type'], JSON.parse(`${body}`).type]),
    [
      [404, 'application/problem+json', 'urn:mp2p:problem:not-found'],
      [405, 'application/problem+json', 'urn:mp2p:problem:method-not-allowed'],
      [413, 'application/problem+json', 'urn:mp2p:problem:too-large'],
      [400, 'application/problem+json', 'urn:mp2p:problem:malformed'],
    ],
  );
  for (const { status, headers, body } of answers) {
    assert.equal(JSON.parse(`${body}`).status, status);
    assert.equal(headers['cache-control'], 'no-store');
  }
});

test('answers a page that is not there without a body', async () => {
  const answer = await ask('/nothing');

  assert.equal(answer.body.length, 0);
  assert.equal(answer.headers['content-type'], undefined);
});

test('makes no handshake for another name', async () => {
  await assert.rejects(ask('/', { name: 'evil.example' }), /unrecognized name/);
});

test('is not there for another host under a good name', async () => {
  const before = seen().length;

  const answer = await ask('/api/auth/v1/jwks', { headers: { Host: 'evil.example' } });

  assert.equal(answer.status, 421);
  assert.equal(seen().length, before);
});

test('takes the host from where the request line has one', async () => {
  const { status } = await raw(
    'GET https://localhost:8443/api/auth/v1/jwks HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
  );

  assert.equal(status, 200);
  assert.equal(front.services.auth.seen.at(-1)?.headers.host, 'localhost:8443');
});

test('passes a body of the size that the service takes and none above', async () => {
  const put = (/** @type {number} */ size) =>
    ask('/api/mailbox/v1/x', { method: 'PUT', body: Buffer.alloc(size) });

  assert.equal((await put(2 * 1024 * 1024)).status, 200);
  assert.equal(front.services.mailbox.seen.at(-1)?.bytes, 2 * 1024 * 1024);
  assert.equal((await put(2 * 1024 * 1024 + 1)).status, 413);
});

test('refuses over HTTP/2 in the same form', async () => {
  const large = await askOverHttp2('/api/auth/v1/refresh', { method: 'POST', body: Buffer.alloc(20_000) });
  const method = await askOverHttp2('/api/auth/v1/refresh', { method: 'PATCH' });

  assert.deepEqual(
    [large, method].map(({ status, body }) => [status, JSON.parse(`${body}`).type]),
    [
      [413, 'urn:mp2p:problem:too-large'],
      [405, 'urn:mp2p:problem:method-not-allowed'],
    ],
  );
});

test('lets no request hide in another', async () => {
  const smuggled = 'GET /api/auth/v1/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n';
  const start = 'POST /api/auth/v1/refresh HTTP/1.1\r\nHost: localhost\r\n';
  const attempts = [
    `${start}Content-Length: ${smuggled.length + 5}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    `${start}Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n\r\n${smuggled}`,
    `${start}Content-Length: 0\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    `${start}Content-Length: +${smuggled.length}\r\n\r\n${smuggled}`,
  ];

  for (const attempt of attempts) assert.equal((await raw(attempt)).status, 400);
  assert.ok(!seen().some(({ url }) => url?.includes('smuggled')));
});

test('sends a plain page on to the canonical host', async () => {
  for (const host of ['localhost', 'evil.example']) {
    const answer = await ask('/c/someone?x=y', { plain: true, headers: { Host: host } });

    assert.equal(answer.status, 301);
    assert.equal(answer.headers.location, 'https://localhost:8443/c/someone?x=y');
  }
});

test('refuses a plain call without looking at it', async () => {
  const before = seen().length;

  for (const path of ['/api/auth/v1/login', '/ws', '/api/nothing']) {
    const answer = await ask(path, { plain: true, method: path === '/ws' ? 'GET' : 'POST' });

    assert.equal(answer.status, 403);
    assert.equal(JSON.parse(`${answer.body}`).type, 'urn:mp2p:problem:forbidden');
  }
  assert.equal(seen().length, before);
});

test('shows the answers of an ACME client on the plain port', async () => {
  const folder = join(front.volumes.challenges, '.well-known/acme-challenge');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'token'), 'token.thumbprint');

  assert.equal(
    `${(await ask('/.well-known/acme-challenge/token', { plain: true })).body}`,
    'token.thumbprint',
  );
  assert.equal((await ask('/.well-known/acme-challenge/none', { plain: true })).status, 404);
  assert.equal((await ask('/.well-known/acme-challenge/../../key', { plain: true })).status, 301);
});

test('has no door for its own health check on the outside', async () => {
  await assert.rejects(ask('/', { plain: true, port: 8079, to: '2001:db8:1::1' }), { code: 'ECONNREFUSED' });
});
