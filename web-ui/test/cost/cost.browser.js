import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costsInChromium } from './chromium.js';
import { costsInNode } from './node.js';
import { FEW } from './stopwatch.js';

/** That `npm run cost` runs; its figures are no matter of a build. */
for (const [where, costs] of Object.entries({ Node: costsInNode, Chromium: costsInChromium })) {
  test(`what messages and sessions cost can be measured in ${where}`, async () => {
    const measured = await costs(FEW);

    assert.deepEqual(
      measured.map(({ name }) => name.replace(/, database in memory|, IndexedDB, strict/, '')),
      [
        'encrypt and envelope, short text',
        'open and decrypt, short text',
        'encrypt and envelope, text of 1 KiB',
        'open and decrypt, text of 1 KiB',
        'initiate a session, first envelope',
        'respond to it',
        '24 random bytes, crypto.getRandomValues',
        '24 random bytes, sodium.randombytes_buf',
        'drain 60 messages',
      ],
    );
    for (const { name, median } of measured) assert.ok(median >= 0, name);
  });
}
