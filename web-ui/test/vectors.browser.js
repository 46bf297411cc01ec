import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { KNOWN_ANSWERS, NOT_RUN } from './known-answers.js';
import { MORE_CHECKS } from './more-vector-checks.js';
import { openStage } from './stage/stage.js';
import { CHECKS } from './vector-checks.js';

const VECTORS = new URL('./vectors/', import.meta.url);

/** @type {import('./stage/stage.js').Stage} */
let stage;
/** @type {import('playwright-core').Page} */
let tab;
/** @type {Record<'base' | 'more', Record<string, import('./vector-checks.js').Answer>>} */
let found;

before(async () => {
  stage = await openStage(new URL('./vectors.worker.js', import.meta.url));
  tab = await stage.openTab();
  const given = { vectors: await read('mp2p-1.json'), more: await read('mp2p-1-more.json') };
  found = await tab.evaluate((params) => globalThis.call('answers', params), given);
});
after(() => stage?.close());

for (const [part, checks] of /** @type {const} */ ([
  ['base', CHECKS],
  ['more', MORE_CHECKS],
])) {
  for (const name of Object.keys(checks)) {
    test(`in Chromium the ${part === 'more' ? 'further ' : ''}vector holds: ${name}`, () => {
      const answer = found[part][name];
      assert.ok(answer && Object.keys(answer.expected).length > 0);
      assert.deepEqual(answer.computed, answer.expected);
    });
  }
}

for (const [name, { file, count }] of Object.entries(KNOWN_ANSWERS)) {
  test(`in Chromium ${count} known answers hold: ${name}`, async () => {
    const given = { name, data: await read(file) };
    const outcome = await tab.evaluate((params) => globalThis.call('knownAnswers', params), given);
    assert.deepEqual(outcome, { executed: count, failed: [] });
  });
}

for (const [name, reason] of Object.entries(NOT_RUN)) test(name, { skip: reason }, () => {});

/** @param {string} file */
async function read(file) {
  return JSON.parse(await readFile(new URL(file, VECTORS), 'utf8'));
}
