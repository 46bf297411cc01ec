import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, test } from 'node:test';
import { CHECKS } from '../../../test/vector-checks.js';
import { ready } from './sodium.js';

const VECTORS = new URL('../../../test/vectors/mp2p-1.json', import.meta.url);

/** @type {any} */
let vectors;

before(async () => {
  await ready();
  vectors = JSON.parse(await readFile(VECTORS, 'utf8'));
});

for (const [name, check] of Object.entries(CHECKS)) {
  test(`the vector holds: ${name}`, () => {
    const { computed, expected } = check(vectors);
    assert.deepEqual(computed, expected);
  });
}

test('no section of the vectors is left unchecked', () => {
  const checked = [
    'alice',
    'bob',
    'envelope',
    'file',
    'note',
    'password',
    'pqxdh',
    'ratchet',
    'safety',
    'seal',
  ];
  assert.deepEqual(Object.keys(vectors).sort(), checked);
});
