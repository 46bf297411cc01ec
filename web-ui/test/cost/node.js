import { ready } from '../../src/core/crypto/sodium.js';
import { MemoryDatabase } from '../../src/core/model/memory-database.js';
import { cryptoCosts } from './crypto.js';
import { drain, mailWaiting } from './drain.js';
import { medians } from './stopwatch.js';

/**
 * @param {import('./stopwatch.js').Counts} counts
 * @returns {Promise<import('./stopwatch.js').Cost[]>}
 */
export async function costsInNode(counts) {
  await ready();
  const waiting = await mailWaiting(counts.waiting);
  const name = `drain ${counts.waiting} messages, database in memory`;
  return [
    ...(await cryptoCosts(counts)),
    ...(await medians({ unit: 'ms', runs: counts.runs }, async () => ({
      [name]: await drain(waiting, new MemoryDatabase(waiting.disk.copy())),
    }))),
  ];
}
