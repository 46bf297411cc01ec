/** What the component tests of the window share: a page of the harness and the places in it. */
import { after, before } from 'node:test';
import { complaints, startBrowser } from './browser.js';

/** One browser for the tests of a file; `open(scene)` gives each test a page of its own. */
export function windows() {
  /** @type {Awaited<ReturnType<typeof startBrowser>>} */
  let chromium;
  before(async () => {
    chromium = await startBrowser();
  });
  after(() => chromium.close());

  /**
   * @param {string} scene
   * @param {import('playwright-core').BrowserContextOptions} [options]
   */
  return async (scene, options = {}) => {
    const context = await chromium.browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    await context.addInitScript(startAt, new Date().setHours(15, 0, 0, 0) - Date.now());
    const page = await context.newPage();
    const said = complaints(page);
    await page.goto(chromium.at(scene));
    const log = page.getByRole('log');
    return {
      page,
      said,
      log,
      rows: log.getByRole('article'),
      message: page.getByRole('textbox', { name: 'Message' }),
      /** @param {string} name */
      button: (name) => page.getByRole('button', { name, exact: true }),
      /** @param {string} name */
      chat: (name) => page.getByRole('navigation').getByRole('button', { name }),
      /** @param {string} name */
      row: (name) =>
        page
          .getByRole('navigation')
          .getByRole('listitem')
          .filter({ has: page.getByRole('button', { name }) }),
      /** @param {string} method */
      calls: (method) =>
        page.evaluate(
          (wanted) => fake.calls.filter((call) => call.method === wanted).map(({ params }) => params),
          method,
        ),
      announced: async () => (await page.locator('#announcer').textContent()) ?? '',
    };
  };
}

/**
 * Shifts the page's clock, which goes on from there: scenes have rows of today, which just after midnight there are not.
 *
 * @param {number} offset milliseconds
 */
function startAt(offset) {
  const Real = Date;
  class Shifted extends Real {
    /** @param {any[]} parts */
    constructor(...parts) {
      // @ts-expect-error: passed on as they came
      super(...(parts.length > 0 ? parts : [Shifted.now()]));
    }

    static now() {
      return Real.now() + offset;
    }
  }
  Object.assign(globalThis, { Date: Shifted });
}
