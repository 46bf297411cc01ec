import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { FLAGS, findChromium } from '../../web-ui/test/chromium.js';

/**
 * The loopback flag and the microphone permission together let ICE use 127.0.0.1 where no other interface is up
 * (docs/adr/0004); neither changes what the page may do otherwise.
 */
const JOURNEY_FLAGS = [...FLAGS, '--allow-loopback-in-peer-connection'];

/**
 * What is not as the harness has it.
 *
 * @typedef {Parameters<typeof chromium.launchPersistentContext>[1] & { engine?: typeof chromium }} BrowserOptions
 */

/** A browser profile on disk, which outlives the browsers that open it. */
export class Profile {
  /** @param {string} name for the folder, so that a left-over tells whose it was */
  constructor(name) {
    this.folder = mkdtempSync(join(tmpdir(), `mp2p-${name}-`));
    /** @type {import('playwright-core').BrowserContext | undefined} */
    this.context = undefined;
  }

  /**
   * @param {BrowserOptions} [options]
   * @returns {Promise<import('playwright-core').BrowserContext>}
   */
  async open({ engine = chromium, ...options } = {}) {
    this.context = await engine.launchPersistentContext(this.folder, {
      executablePath: findChromium(),
      args: JOURNEY_FLAGS,
      ignoreHTTPSErrors: true,
      permissions: ['microphone'],
      locale: 'en-GB',
      viewport: { width: 1280, height: 800 },
      ...options,
    });
    return this.context;
  }

  async close() {
    await this.context?.close();
    this.context = undefined;
  }

  async remove() {
    await this.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
