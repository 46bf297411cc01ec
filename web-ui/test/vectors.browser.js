import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { openStage } from './stage/stage.js';
import { CHECKS } from './vector-checks.js';

const VECTORS = new URL('./vectors/mp2p-1.json', import.meta.url);

/** @type {import('./stage/stage.js').Stage} */
let stage;
/** @type {Record<string, import('./vector-checks.js').Answer>} */
let found;

before(async () => {
  stage = await openStage(new URL('./vectors.worker.js', import.meta.url));
  const tab = await stage.openTab();
  const vectors = JSON.parse(await readFile(VECTORS, 'utf8'));
  found = await tab.evaluate((given) => globalThis.call('answers', { vectors: given }), vectors);
});
after(() => stage?.close());

for (const name of Object.keys(CHECKS)) {
  test(`in Chromium the vector holds: ${name}`, () => {
    const answer = found[name];
    assert.ok(answer && Object.keys(answer.expected).length > 0);
    assert.deepEqual(answer.computed, answer.expected);
  });
}
