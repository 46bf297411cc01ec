import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, test } from 'node:test';
import { checkKnownAnswers, KNOWN_ANSWERS, NOT_RUN } from '../../../test/known-answers.js';
import { ready } from './sodium.js';

const VECTORS = new URL('../../../test/vectors/', import.meta.url);

before(ready);

for (const [name, { file, count }] of Object.entries(KNOWN_ANSWERS)) {
  test(`${name}: ${count} known answers hold`, async () => {
    const data = JSON.parse(await readFile(new URL(file, VECTORS), 'utf8'));
    assert.deepEqual(checkKnownAnswers(name, data), { executed: count, failed: [] });
  });
}

for (const [name, reason] of Object.entries(NOT_RUN)) test(name, { skip: reason }, () => {});
