import { openStage } from '../stage/stage.js';

/**
 * @param {import('./stopwatch.js').Counts} counts
 * @returns {Promise<import('./stopwatch.js').Cost[]>}
 */
export async function costsInChromium(counts) {
  const stage = await openStage(new URL('./cost.worker.js', import.meta.url));
  try {
    const tab = await stage.openTab();
    return await tab.evaluate((params) => globalThis.call('costs', params), counts);
  } finally {
    await stage.close();
  }
}
