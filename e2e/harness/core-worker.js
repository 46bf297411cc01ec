/**
 * The page's worker that holds keys, database and plaintext, and in which the waits of paths run.
 *
 * @param {import('playwright-core').Page} page
 */
export async function coreWorker(page) {
  for (const worker of page.workers()) if ((await worker.evaluate(() => self.name)) === 'core') return worker;
  throw new Error('the page has no core worker');
}
