import assert from 'node:assert/strict';
import { accessSync, chmodSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { firefox } from 'playwright-core';
import { FLAGS, findChromium } from '../../web-ui/test/chromium.js';
import { watchRtc } from '../harness/rtc.js';

const BETWEEN = new URL('firefox.js', import.meta.url).pathname;

/**
 * How a person's Chromium is opened in one of the homes, as it is: no flag and no permission that changes what
 * WebRTC does.
 *
 * @param {import('./network.js').Home} home
 */
export function chromiumIn(home) {
  const executablePath = launcher(['ip', 'netns', 'exec', home, findChromium()]);
  return { executablePath, args: FLAGS, permissions: [], prepare: watchRtc };
}

/** Firefox as the machine has it: `FIREFOX`, then the first one of `PATH`. */
export const FIREFOX = process.env.FIREFOX ?? findFirefox();

/**
 * The same with Firefox.
 *
 * @param {import('./network.js').Home} home
 */
export function firefoxIn(home) {
  assert.ok(FIREFOX, 'there is a Firefox');
  return {
    engine: firefox,
    channel: 'moz-firefox',
    executablePath: launcher([process.execPath, BETWEEN, home, FIREFOX]),
    args: [],
    permissions: [],
    locale: undefined,
    prepare: watchRtc,
  };
}

function findFirefox() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return ['firefox-esr', 'firefox']
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find(isExecutable);
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

/** @type {string | undefined} */
let folder;
let launchers = 0;

/** A program that is the command given. @param {string[]} command */
function launcher(command) {
  if (!folder) {
    const made = mkdtempSync(join(tmpdir(), 'mp2p-launchers-'));
    process.on('exit', () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  const file = join(folder, `${++launchers}`);
  const words = command.map((word) => `'${word}'`).join(' ');
  writeFileSync(file, `#!/bin/sh\nexec ${words} "$@"\n`);
  chmodSync(file, 0o700);
  return file;
}
