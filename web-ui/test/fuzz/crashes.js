import { readdirSync, readFileSync } from 'node:fs';
import { folderOf } from './fuzz.js';

export const CRASHES = new URL('./crashes/', import.meta.url);

/**
 * Bytes that once found a bug, for as long as there is a target of that name.
 *
 * @param {string} target
 * @returns {Record<string, Uint8Array>} by file
 */
export function crashesOf(target) {
  const folder = `${folderOf(target)}/`;
  const files = readdirSync(CRASHES, { recursive: true }).map(String);
  return Object.fromEntries(
    files
      .filter((file) => file.startsWith(folder))
      .map((file) => [file, new Uint8Array(readFileSync(new URL(file, CRASHES)))]),
  );
}
