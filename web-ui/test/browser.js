/** Starts the Chromium of the system for component tests, and serves the source form to it. */
import { chromium } from 'playwright-core';
import { serve } from '../tools/serve.mjs';
import { FLAGS, findChromium } from './chromium.js';

/** @param {string[]} [flags] */
export async function startBrowser(flags = []) {
  const browser = await chromium.launch({ executablePath: findChromium(), args: [...FLAGS, ...flags] });
  const server = await serve({ bundleOnce: true });
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
