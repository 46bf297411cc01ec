// docker-compose.yml as the tools read it: the old one in Python and the current one.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * @typedef {{type?: string, source?: string, target: string, read_only?: boolean} | string} Mount
 * @typedef {{
 *   image?: string, build?: unknown, user?: string, privileged?: boolean, read_only?: boolean, restart?: string,
 *   cap_drop?: string[], cap_add?: string[], security_opt?: string[], mem_limit?: string, pids_limit?: number,
 *   healthcheck?: {test?: string[]}, logging?: {options?: Record<string, string>}, ports?: unknown[],
 *   networks?: Record<string, unknown>, network_mode?: string, container_name?: string, volumes?: Mount[],
 *   environment?: Record<string, string | null>, depends_on?: Record<string, {condition: string}>,
 *   scale?: number,
 * }} Service
 * @typedef {{services: Record<string, Service>, networks: Record<string, {internal?: boolean}>}} Loaded
 */

const emptyFile = join(mkdtempSync(join(tmpdir(), 'no-env-')), 'empty');
writeFileSync(emptyFile, '');
process.on('exit', () => rmSync(dirname(emptyFile), { recursive: true, force: true }));
const NO_ENV = ['--env-file', emptyFile];

/** @param {string} command @param {string[]} given @param {NodeJS.ProcessEnv} environment */
const run = (command, given, environment = {}) =>
  execFileSync(command, given, {
    cwd: root,
    encoding: 'utf8',
    // Neither this shell's settings nor those of the checkout's .env.
    env: { PATH: process.env.PATH, HOME: process.env.HOME, COMPOSE_PROJECT_NAME: 'rules', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** @param {string} name */
const isInstalled = (name) => {
  try {
    run('sh', ['-c', `command -v ${name}`]);
    return true;
  } catch {
    return false;
  }
};

/** Compose v1.29, installed from Debian where that may be done. */
export const provideV1 = () => {
  if (!isInstalled('docker-compose') && process.getuid?.() === 0 && isInstalled('apt-get')) {
    run('sh', ['-c', 'apt-get -qq update && apt-get -qq -y --no-install-recommends install docker-compose'], {
      DEBIAN_FRONTEND: 'noninteractive',
    });
  }
  return isInstalled('docker-compose') && run('docker-compose', ['version', '--short']).startsWith('1.');
};

/** @param {NodeJS.ProcessEnv} [environment] @param {string[]} [files] @returns {Loaded} */
export const loadByV1 = (environment, files = ['docker-compose.yml']) => {
  const yaml = run(
    'docker-compose',
    [...NO_ENV, ...files.flatMap((file) => ['-f', file]), 'config'],
    environment,
  );
  const json = execFileSync(
    'python3',
    ['-c', 'import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)'],
    {
      input: yaml,
      encoding: 'utf8',
    },
  );
  return JSON.parse(json);
};

/** The command of Compose v2, or nothing where it cannot be had. */
export const findV2 = () => {
  try {
    return run('deploy/test/compose/compose-v2.sh', []).trim().split(' ');
  } catch {
    return undefined;
  }
};

/** @param {string[]} command @param {NodeJS.ProcessEnv} [environment] @param {string[]} [files] @returns {Loaded} */
export const loadByV2 = (command, environment, files = ['docker-compose.yml']) => {
  const [program, ...first] = /** @type {[string, ...string[]]} */ (command);
  const named = files.flatMap((file) => ['-f', file]);
  return JSON.parse(run(program, [...first, ...NO_ENV, ...named, 'config', '--format', 'json'], environment));
};
