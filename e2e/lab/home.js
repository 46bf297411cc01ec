import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FLAGS, findChromium } from '../../web-ui/test/chromium.js';
import { watchRtc } from '../harness/rtc.js';

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
