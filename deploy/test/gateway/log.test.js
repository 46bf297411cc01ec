import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { ask, openSocket, raw } from '../harness/client.js';
import { startFront } from '../harness/front.js';

/** @type {import('../harness/front.js').Front} */
let front;
before(async () => {
  front = await startFront({
    GATEWAY_PASSWORD_RATE: '1r/m',
    GATEWAY_PASSWORD_BURST: '1',
    GATEWAY_REQUESTS: '3',
  });
});
after(() => front.remove());

const lines = () =>
  front.gateway
    .log()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));

/** It is written when the answer has gone. @param {Record<string, unknown>} facts */
async function lineWith(facts) {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const line = lines().find((line) => Object.entries(facts).every(([name, value]) => line[name] === value));
    if (line) return line;
    assert.ok(Date.now() < deadline, `no line with ${JSON.stringify(facts)} in\n${front.gateway.log()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('says of a request what an operator needs', async () => {
  await ask('/api/mailbox/v1/collect?after=x', { method: 'POST', body: '{}' });

  const line = await lineWith({ route: 'mailbox', method: 'POST' });
  const { time, seconds, upstream_seconds, bytes_in, bytes_out, ...rest } = line;
  assert.ok(!Number.isNaN(Date.parse(time)));
  assert.ok(seconds >= 0 && Number(upstream_seconds) >= 0 && bytes_in > 0 && bytes_out > 0);
  assert.deepEqual(rest, {
    route: 'mailbox',
    method: 'POST',
    status: 200,
    upstream_status: '200',
    protocol: 'HTTP/1.1',
    tls: 'TLSv1.3',
    group: 'X25519',
    rate: 'PASSED',
    connections: 'PASSED',
  });
});

test('says that a limit refused', async () => {
  for (let n = 0; n < 3; n++) await ask('/api/auth/v1/login', { method: 'POST', body: '{}' });

  const { rate, upstream_status } = await lineWith({ route: 'auth', status: 429 });
  assert.deepEqual([rate, upstream_status], ['REJECTED', '']);
});

test('says the method that was refused, if it is one', async () => {
  await ask('/api/keys/v1/x', { method: 'PATCH' });
  await ask('/api/signaling/v1/x', { method: 'PROPFIND' });

  assert.equal((await lineWith({ route: 'keys', status: 405 })).method, 'PATCH');
  assert.equal((await lineWith({ route: 'signaling', status: 405 })).method, 'other');
});

test('holds nothing by which a person could be known', async () => {
  const from = '127.0.0.77';
  const planted = 'canary';
  const headers = {
    Authorization: `Bearer ${planted}`,
    Cookie: planted,
    Referer: `https://${planted}.example/`,
    'User-Agent': planted,
    'X-Forwarded-For': planted,
    'Sec-WebSocket-Protocol': planted,
  };
  await ask(`/c/${planted}?${planted}`, { from, headers });
  await ask(`/api/auth/v1/usernames/${planted}?${planted}`, { from, headers });
  await ask(`/api/${planted}`, { from, headers });
  await ask('/', { from, headers: { ...headers, Host: `${planted}.example` } });
  await ask(`/${planted}`, { from, headers, plain: true });
  await openSocket({ ...headers, Origin: `https://${planted}.example` }, { from });
  await raw(`CANARY /${planted} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  await raw(`GET /\u0001${planted} HTTP/1.1\r\nHost: ${planted}\r\n\r\n`);
  await raw(`GET /${planted} HTTP/9.9\r\nHost: ${planted}\r\n\r\n`);
  await ask('/', { from, headers: { Large: planted.repeat(2_000) } });
  await ask('/api/auth/v1/refresh', { from, method: 'POST', body: planted.repeat(5_000) });
  for (let n = 0; n < 3; n++) await ask('/api/auth/v1/login', { from, method: 'POST', body: planted });
  await Promise.all(Array.from({ length: 20 }, () => ask(`/${planted}`, { from })));
  await assert.rejects(ask('/', { from, name: `${planted}.example` }));
  await front.services.mailbox.stop();
  await ask(`/api/mailbox/v1/${planted}`, { from, headers });
  await front.services.mailbox.start();
  await ask(`/api/mailbox/v1/${planted}/dies`, { from, headers });
  await ask('/api/signaling/v1/ice', { method: 'DELETE' });
  await lineWith({ route: 'signaling', method: 'DELETE' });

  const log = front.gateway.log();
  assert.doesNotMatch(log, /canary/i);
  assert.doesNotMatch(log, /127\.0\.0\.\d|::1/);
  assert.ok(lines().length > 40);
});

test('holds nothing of the kind when its disk is full either', async () => {
  const filler = front.gateway.inside('/tmp/filler');
  assert.throws(() => writeFileSync(filler, Buffer.alloc(65 * 1024 * 1024)), { code: 'ENOSPC' });

  const { status } = await ask('/api/mailbox/v1/canary', { method: 'POST', body: Buffer.alloc(1_000_000) });
  rmSync(filler);

  assert.equal(status, 500);
  await lineWith({ route: 'mailbox', status: 500 });
  assert.doesNotMatch(front.gateway.log(), /canary|127\.0\.0\.\d/i);
});
