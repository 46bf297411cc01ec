import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

/** The headless shells first: the same engine without the windows around it, which cost a third of the time. */
const NAMES = [
  'chromium-headless-shell',
  'chrome-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
];

/**
 * The loopback flag and the microphone permission together let ICE use 127.0.0.1 where no other interface is up
 * (docs/adr/0004); neither changes what the page may do otherwise.
 */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--allow-loopback-in-peer-connection',
];

/** @returns {string} path of the first Chromium found: `CHROMIUM`, then `PATH` */
export function findChromium() {
  const given = process.env.CHROMIUM;
  if (given) return given;
  const folders = (process.env.PATH ?? '').split(delimiter);
  for (const name of NAMES) {
    for (const folder of folders) {
      const candidate = join(folder, name);
      if (isExecutable(candidate)) return candidate;
    }
  }
  throw new Error('No Chromium found: install one or name it in CHROMIUM');
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A browser profile on disk, which outlives the browsers that open it. */
export class Profile {
  /** @param {string} name for the folder, so that a left-over tells whose it was */
  constructor(name) {
    this.folder = mkdtempSync(join(tmpdir(), `mp2p-${name}-`));
    /** @type {import('playwright-core').BrowserContext | undefined} */
    this.context = undefined;
  }

  /**
   * @param {{ viewport?: { width: number, height: number }, colorScheme?: 'light' | 'dark' }} [options]
   * @returns {Promise<import('playwright-core').BrowserContext>}
   */
  async open(options = {}) {
    this.context = await chromium.launchPersistentContext(this.folder, {
      executablePath: findChromium(),
      args: FLAGS,
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
