import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, test } from 'node:test';
import { MORE_CHECKS } from '../../../test/more-vector-checks.js';
import { CHECKS } from '../../../test/vector-checks.js';
import { ready } from './sodium.js';

const VECTORS = new URL('../../../test/vectors/', import.meta.url);

/** @type {any} */
let vectors;
/** @type {any} */
let more;

before(async () => {
  await ready();
  vectors = JSON.parse(await readFile(new URL('mp2p-1.json', VECTORS), 'utf8'));
  more = JSON.parse(await readFile(new URL('mp2p-1-more.json', VECTORS), 'utf8'));
});

for (const [name, check] of Object.entries(CHECKS)) {
  test(`the vector holds: ${name}`, () => {
    const { computed, expected } = check(vectors);
    assert.deepEqual(computed, expected);
  });
}

for (const [name, check] of Object.entries(MORE_CHECKS)) {
  test(`the further vector holds: ${name}`, () => {
    const { computed, expected } = check(more, vectors);
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
  const checkedToo = [
    'contents',
    'conversations',
    'delivery',
    'envelope',
    'list',
    'localKey',
    'login',
    'note',
    'padme',
    'pqxdh',
    'prekeys',
    'qr',
    'ratchet',
    'relay',
    'vault',
    'vaultWithRecovery',
  ];
  assert.deepEqual(Object.keys(more).sort(), checkedToo);
});
