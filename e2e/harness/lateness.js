/** How often it is looked whether a timer comes in time. */
const EVERY_MS = 50;

/**
 * How late timers are in the page's core worker, which is where the waits of paths run: late ones are the sign of a
 * machine that is too busy for them.
 *
 * @param {import('playwright-core').Page} page
 * @returns {Promise<() => Promise<number>>} ends it, and says how late the latest one was, in milliseconds
 */
export async function watchLateness(page) {
  const worker = await coreWorker(page);
  const watch = await worker.evaluateHandle((everyMs) => {
    let dueMs = performance.now() + everyMs;
    let mostMs = 0;
    const timer = setInterval(() => {
      mostMs = Math.max(mostMs, performance.now() - dueMs);
      dueMs = performance.now() + everyMs;
    }, everyMs);
    return {
      end() {
        clearInterval(timer);
        return Math.max(mostMs, performance.now() - dueMs);
      },
    };
  }, EVERY_MS);
  return () => watch.evaluate((it) => it.end());
}

/** @param {import('playwright-core').Page} page */
export async function coreWorker(page) {
  for (const worker of page.workers()) if ((await worker.evaluate(() => self.name)) === 'core') return worker;
  throw new Error('the page has no core worker');
}
