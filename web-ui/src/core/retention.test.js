import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retentionMs } from './retention.js';

const DAY = 86_400_000;

test('T follows the mailbox TTL between 30 and 90 days', () => {
  assert.deepEqual([1, 45, 365].map(retentionMs), [30 * DAY, 45 * DAY, 90 * DAY]);
});
