/**
 * A loopback origin that serves one page and one bundled worker with the policies of the release, and a Chromium
 * with a profile on disk to open it in. What the page offers to tests stands in page.js.
 *
 * @typedef {import('playwright-core').BrowserContext} BrowserContext
 * @typedef {import('playwright-core').Page} Page
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { FLAGS, findChromium } from '../chromium.js';
import { PAGE_CSP, WORKER_CSP } from './policies.js';

const HTML =
  '<!doctype html><html lang="en"><title>stage</title><script type="module" src="/page.js"></script></html>';

/**
 * @param {string | URL} entry module that is bundled as the worker
 * @param {{ workerCsp?: string, pageCsp?: string, api?: import('node:http').RequestListener,
 *   plugins?: import('esbuild').Plugin[] }} [options] `api` answers what begins with /api/
 */
export async function openStage(entry, { workerCsp = WORKER_CSP, pageCsp = PAGE_CSP, api, plugins } = {}) {
  const worker = await bundle(fileURLToPath(entry), plugins);
  const page = await bundle(fileURLToPath(new URL('./page.js', import.meta.url)));
  const profile = await mkdtemp(join(tmpdir(), 'mp2p-stage-'));
  // Before the server listens: a listening server keeps a failed test file from ending.
  let context = await launch(profile);
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (path.startsWith('/api/') && api) api(request, response);
    else if (path === '/worker.js') answer(response, worker, 'text/javascript', workerCsp);
    else if (path === '/page.js') answer(response, page, 'text/javascript', pageCsp);
    else answer(response, HTML, 'text/html', pageCsp);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const origin = `http://localhost:${port}`;

  return {
    origin,
    profile,
    /** A tab with its worker, named `name` in the worker's own realm. */
    async openTab(name = 'core') {
      const tab = await context.newPage();
      await tab.goto(origin);
      await tab.evaluate((workerName) => globalThis.startWorker(workerName), name);
      return tab;
    },
    /** Ends the browser and starts it again with the same profile. */
    async restart() {
      await context.close();
      context = await launch(profile);
    },
    /** @param {Page} tab */
    async crash(tab) {
      const crashed = tab.waitForEvent('crash');
      const session = await context.newCDPSession(tab);
      session.send('Page.crash').catch(() => {}); // nobody is left to answer
      await crashed;
    },
    /** @param {Page} tab @param {number} bytes */
    async setQuota(tab, bytes) {
      const session = await context.newCDPSession(tab);
      await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: bytes });
    },
    /** @param {Page} tab */
    async liftQuota(tab) {
      const session = await context.newCDPSession(tab);
      await session.send('Storage.overrideQuotaForOrigin', { origin });
    },
    /** Closes every tab and deletes what the origin has stored. */
    async forget() {
      await Promise.all(context.pages().map((open) => open.close()));
      const blank = await context.newPage();
      const session = await context.newCDPSession(blank);
      await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
      await blank.close();
    },
    async close() {
      await context.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** @typedef {Awaited<ReturnType<typeof openStage>>} Stage */

/**
 * As the release does it: one self-contained file, nothing lowered below es2023.
 *
 * @param {string} entry
 * @param {import('esbuild').Plugin[]} [plugins]
 */
async function bundle(entry, plugins) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    target: 'es2023',
    platform: 'browser',
    minify: true,
    write: false,
    logLevel: 'error',
    plugins,
  });
  return /** @type {import('esbuild').OutputFile} */ (outputFiles[0]).text;
}

/** @param {string} profile @returns {Promise<BrowserContext>} */
function launch(profile) {
  return chromium.launchPersistentContext(profile, { executablePath: findChromium(), args: FLAGS });
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {string} body
 * @param {string} type
 * @param {string} csp
 */
function answer(response, body, type, csp) {
  response.writeHead(200, {
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Security-Policy': csp,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(body);
}
