import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';

/** Comments cite the specification by section, and by the words in *italics* with which a passage begins there. */

const CORE = new URL('./', import.meta.url);
const DOCS = new URL('../../../docs/', import.meta.url);

const pages = [
  'protocol.md',
  ...(await readdir(new URL('protocol/', DOCS))).map((name) => `protocol/${name}`),
];
const text = (await Promise.all(pages.map((page) => readFile(new URL(page, DOCS), 'utf8')))).join('\n');
const sections = new Set(
  [...text.matchAll(/^(?:#+ |\*\*|# MP2P\/1 §)(\d+(?:\.\d+)?)\b/gm)].map(([, number]) => number),
);

/** Source texts by name, each comment on one line. @type {Map<string, string>} */
const sources = new Map();
for (const name of await readdir(CORE, { recursive: true }))
  if (/(?<!\.test)\.(js|d\.ts)$/.test(name))
    sources.set(name, (await readFile(new URL(name, CORE), 'utf8')).replaceAll(/\n\s*\* /g, ' '));

/**
 * What the sources cite and the specification does not have.
 *
 * @param {RegExp} citation
 * @param {(cited: string) => boolean} exists
 */
function missing(citation, exists) {
  /** @type {string[]} */
  const found = [];
  let count = 0;
  for (const [name, source] of sources)
    for (const [all, cited = ''] of source.matchAll(citation)) {
      count += 1;
      if (!exists(cited)) found.push(`${name}: ${all}`);
    }
  assert.ok(count >= 3, `${count} citations`);
  return found;
}

test('every section that a comment cites is there', () => {
  assert.deepEqual(
    missing(/(?<!RFC \d+ )§(\d+(?:\.\d+)?)/g, (number) => sections.has(number)),
    [],
  );
});

test('every passage that a comment cites by its first words is there', () => {
  const begins = (/** @type {string} */ words) =>
    text.includes(`*${words}`) || new RegExp(`^#+ ${words}$`, 'm').test(text);
  assert.deepEqual(missing(/§[\d.]*\d:? [*"]([^*"/\n]+)[*"]/g, begins), []);
});

test('every constant that a comment cites is there', () => {
  const isNamed = (/** @type {string} */ name) =>
    text.includes(`| ${name} |`) || text.includes(`| ${name}, `);
  assert.deepEqual(missing(/§1\.3 ([A-Z_]{3,})/g, isNamed), []);
});
