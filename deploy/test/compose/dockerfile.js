// Enough of a Dockerfile to hold it to rules and to run its build stage without containers.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './loaded.js';

/**
 * @typedef {{word: string, rest: string}} Instruction
 * @typedef {{from: string, name: string, instructions: Instruction[]}} Stage
 * @typedef {{path: string, arguments: Record<string, string>, stages: Stage[], text: string}} Dockerfile
 */

/** @param {string} path @returns {Dockerfile} */
export const parse = (path) => {
  const text = readFileSync(join(root, path), 'utf8');
  const lines = text
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n');
  /** @type {Dockerfile} */
  const file = { path, arguments: {}, stages: [], text };
  for (const line of lines.filter((each) => each.trim())) {
    const [, word = '', rest = ''] = line.trim().match(/^(\S+)\s+(.*)$/) ?? [];
    const stage = file.stages.at(-1);
    if (word === 'FROM') {
      const [from = '', , name = ''] = rest.split(/\s+/);
      file.stages.push({ from, name, instructions: [] });
    } else if (stage) {
      stage.instructions.push({ word, rest });
    } else if (word === 'ARG') {
      const [name = '', value = ''] = rest.split('=');
      file.arguments[name] = value;
    }
  }
  return file;
};

/** Every Dockerfile below deploy/. */
export const dockerfiles = () =>
  readdirSync(join(root, 'deploy'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(^|\.)Dockerfile$/.test(entry.name))
    .map((entry) => join(relative(root, entry.parentPath), entry.name))
    .filter((path) => !path.includes('node_modules'))
    .sort()
    .map(parse);

/**
 * Whether a file goes into the build, by the patterns of a .dockerignore; the last one that fits decides.
 * @param {string[]} patterns @param {string} path
 */
export const isSent = (patterns, path) => {
  let sent = true;
  for (const pattern of patterns) {
    const excludes = !pattern.startsWith('!');
    const name = pattern.replace(/^!/, '').replace(/\/$/, '');
    if (name === '*' || name === '**' || path === name || path.startsWith(`${name}/`)) {
      sent = !excludes;
    }
  }
  return sent;
};

/** @param {string} path */
export const patternsOf = (path) =>
  readFileSync(join(root, path), 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));
