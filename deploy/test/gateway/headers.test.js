import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, openSocket } from '../harness/client.js';
import { startFront } from '../harness/front.js';
import { EVERYWHERE, hasItsHeaders, POLICY } from '../harness/headers.js';
import { releaseFile } from '../harness/release.js';

/** @type {import('../harness/front.js').Front} */
let front;
before(async () => {
  front = await startFront({ GATEWAY_PASSWORD_RATE: '1r/m', GATEWAY_PASSWORD_BURST: '1' });
});
after(() => front.remove());

/** @type {[string, string, import('../harness/client.js').Call, number, string][]} */
const TABLE = [
  ['the page', '/', {}, 200, POLICY.page],
  ['a route of the page', '/c/someone', {}, 200, POLICY.page],
  ['the page to HEAD', '/', { method: 'HEAD' }, 200, POLICY.page],
  ['the worker', releaseFile('core.worker-', '.js'), {}, 200, POLICY.worker],
  ['the style', releaseFile('app-', '.css'), {}, 200, POLICY.page],
  ['the script', releaseFile('app-', '.js'), {}, 200, POLICY.page],
  ['no file', '/nothing', {}, 404, POLICY.answer],
  ['a worker that is not there', '/core.worker-0000000000000000.js', {}, 404, POLICY.answer],
  ['a post to the page', '/', { method: 'POST', body: 'x' }, 405, POLICY.answer],
  ['an answer', '/api/auth/v1/jwks', {}, 200, POLICY.answer],
  ['an answer without content', '/api/mailbox/v1/status/204', {}, 204, POLICY.answer],
  ['an answer with a policy of its own', '/api/keys/v1/own-policy', {}, 200, "default-src 'self'"],
  ['a redirect of a service', '/api/auth/v1/status/307', {}, 307, POLICY.answer],
  ['a refusal of a service', '/api/auth/v1/status/401', {}, 401, POLICY.answer],
  ['a service that is full', '/api/mailbox/v1/status/507', {}, 507, POLICY.answer],
  ['a service that fails', '/api/signaling/v1/status/500', {}, 500, POLICY.answer],
  ['a service that dies', '/api/signaling/v1/dies', { method: 'POST' }, 503, POLICY.answer],
  ['a call that is not there', '/api/nothing', {}, 404, POLICY.answer],
  ['a method that is not there', '/api/auth/v1/jwks', { method: 'PATCH' }, 405, POLICY.answer],
  ['a large body', '/api/auth/v1/refresh', { method: 'POST', body: 'x'.repeat(20_000) }, 413, POLICY.answer],
  ['large headers', '/api/auth/v1/jwks', { headers: { Large: 'x'.repeat(9_000) } }, 400, POLICY.answer],
  ['a socket for another page', '/ws', { headers: { Origin: 'https://evil.example' } }, 403, POLICY.answer],
  ['another host', '/', { headers: { Host: 'evil.example' } }, 421, POLICY.answer],
  ['another host for a call', '/api/x', { headers: { Host: 'evil.example' } }, 421, POLICY.answer],
  ['the plain page', '/', { plain: true }, 301, POLICY.answer],
  ['a plain call', '/api/auth/v1/jwks', { plain: true }, 403, POLICY.answer],
  ['a plain post', '/', { plain: true, method: 'POST' }, 405, POLICY.answer],
];

for (const [kind, path, call, status, policy] of TABLE) {
  test(`carries the set of its kind: ${kind}`, async () => {
    const answer = await ask(path, call);

    assert.equal(answer.status, status);
    hasItsHeaders(answer, policy);
  });
}

test('leaves out the longest where a socket opens, and there alone', async () => {
  const opened = await openSocket({ Origin: 'https://localhost' });
  opened.socket?.destroy();
  front.services.signaling.draining = true;
  const refused = await openSocket({ Origin: 'https://localhost' }).finally(() => {
    front.services.signaling.draining = false;
  });

  assert.deepEqual([opened.status, refused.status], [101, 503]);
  assert.equal(opened.headers['permissions-policy'], undefined);
  assert.equal(opened.headers['x-content-type-options'], 'nosniff');
  assert.equal(refused.headers['permissions-policy'], EVERYWHERE['permissions-policy']);
});

test('carries the set of its kind: what has not changed', async () => {
  const { headers } = await ask('/');

  const answer = await ask('/', { headers: { 'If-None-Match': String(headers.etag) } });

  assert.equal(answer.status, 304);
  hasItsHeaders(answer, POLICY.page);
});

test('carries the set of its kind: too many tries', async () => {
  const login = () => ask('/api/auth/v1/login', { method: 'POST', body: '{}' });
  const [, , answer] = [await login(), await login(), await login()];

  assert.equal(answer?.status, 429);
  hasItsHeaders(answer, POLICY.answer);
});

test('carries the set of its kind: a page that is away', async () => {
  await front.page.stop();

  const answer = await ask('/');

  assert.equal(answer.status, 503);
  hasItsHeaders(answer, POLICY.answer);
});
