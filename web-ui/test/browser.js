/** Starts the Chromium of the system for component tests, and serves the source form to it. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import { serve } from '../tools/serve.mjs';

/** The headless shells first: they draw no windows around the pages, which halves the time of these tests. */
const NAMES = [
  'chromium-headless-shell',
  'chrome-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function executable() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin'];
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) =>
    existsSync(path),
  );
  if (!found) throw new Error('No Chromium found: install one, or name it in CHROMIUM');
  return found;
}

/** @param {string[]} [flags] */
export async function startBrowser(flags = []) {
  const server = await serve({ bundleOnce: true });
  const browser = await chromium.launch({ executablePath: executable(), args: [...FLAGS, ...flags] });
  return {
    browser,
    url: server.url,
    /** @param {string} scene */
    at: (scene) => `${server.url}/test/harness.html?scene=${scene}`,
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** Collects what the page should never say. @param {import('playwright-core').Page} page */
export function complaints(page) {
  /** @type {string[]} */
  const said = [];
  page.on('pageerror', (error) => said.push(error.stack ?? error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') said.push(message.text());
  });
  return said;
}
