import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PAGE_CSP, WORKER_CSP } from './stage/policies.js';
import { openStage } from './stage/stage.js';

/** The worker as it is released, in one file; see docs/adr/0003-worker-csp-and-wasm.md. */
const WORKER = new URL('../src/core/core.worker.js', import.meta.url);

/** Login parameters, and no to every login: the client has then derived its keys. */
const api = (/** @type {any} */ request, /** @type {any} */ response) => {
  const parameters = {
    auth_version: 1,
    m_kib: 65_536,
    t: 3,
    p: 1,
    server_salt: 'AAAAAAAAAAAAAAAAAAAAAA',
    server: { canonical_host: 'localhost', mailbox_ttl_days: 30 },
  };
  const known = request.url.startsWith('/api/auth/v1/login/parameters');
  response.writeHead(known ? 200 : 401, {
    'Content-Type': known ? 'application/json' : 'application/problem+json',
  });
  response.end(JSON.stringify(known ? parameters : { type: 'urn:mp2p:problem:credentials-wrong' }));
};

/** @param {import('playwright-core').Page} tab */
const trySignIn = (tab) =>
  tab.evaluate(async () => {
    await globalThis.call('start', {});
    const password = new TextEncoder().encode('correct horse battery');
    return globalThis.call('signIn', { username: 'alice', password }).catch((error) => error.message);
  });

test('the worker runs WASM and derives in a nested worker under its own policy, the page cannot', async () => {
  const stage = await openStage(WORKER, { api });
  const tab = await stage.openTab();

  assert.equal(await trySignIn(tab), 'credentials-wrong');
  const refused = await tab.evaluate(() =>
    WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)).then(
      () => 'compiled',
      (error) => error.name,
    ),
  );
  assert.equal(refused, 'CompileError');
  await stage.close();
});

test("with the page's policy on its response the worker cannot start libsodium", async () => {
  const stage = await openStage(WORKER, { api, workerCsp: PAGE_CSP });
  const tab = await stage.openTab();

  await assert.rejects(
    tab.evaluate(() => globalThis.call('start', {})),
    /defect/,
  );
  await stage.close();
});

test('Trusted Types hold in the worker too: only the policy `app` can name a script', async () => {
  const without = WORKER_CSP.replace('trusted-types app', "trusted-types 'none'");
  const stage = await openStage(WORKER, { api, workerCsp: without });
  const tab = await stage.openTab();

  assert.equal(await trySignIn(tab), 'defect');
  await stage.close();
});
