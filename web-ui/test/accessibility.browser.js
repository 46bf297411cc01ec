/**
 * Every screen, light and dark: axe-core finds nothing in either layout, nothing scrolls sideways at 320, 390 and
 * 1280 px, and the console stays silent (so neither CSP nor Trusted Types had to stop anything). axe runs by the debugger, in a world of
 * its own: the page's policy needs no hole for it.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { complaints, startBrowser } from './browser.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WIDTHS = [320, 390, 1280];
/** The two layouts: one pane and two. */
const LAYOUTS = [320, 1280];

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let chromium;
before(async () => {
  chromium = await startBrowser();
});
after(() => chromium.close());

/** @typedef {import('playwright-core').Page} Page */
/** @param {Page} page @param {string | RegExp} name */
const press = (page, name) => page.getByRole('button', { name }).first().click();
/** @param {string} who */
const chat = (who) => (/** @type {Page} */ page) =>
  page.getByRole('navigation').getByRole('button', { name: who }).click();

/** @type {Record<string, [scene: string, act?: (page: Page) => Promise<unknown>]>} */
const SCREENS = {
  'create account': ['signedOut'],
  'create account, refused': [
    'signedOut',
    async (page) => {
      await page.getByRole('textbox', { name: 'Password' }).fill('aaaaaaaaaaaaa');
      await press(page, 'Create account');
      await page.getByText('This password would be guessed soon').waitFor();
    },
  ],
  'sign in': ['signedOut', (page) => press(page, 'Sign in')],
  'unlock, refused': [
    'locked',
    async (page) => {
      await page.getByRole('textbox', { name: 'Password' }).fill('nope');
      await press(page, 'Unlock');
      await page.getByText('That password does not open this device').waitFor();
    },
  ],
  'open in another tab': ['elsewhere'],
  'wrong host': ['wrongHost'],
  'signed out by the server': ['signedOutByServer'],
  'no chats': ['empty'],
  'chat list': ['talk'],
  menu: ['talk', (page) => press(page, 'Menu')],
  settings: [
    'talk',
    async (page) => {
      await press(page, 'Menu');
      await press(page, 'Settings');
      await page.getByRole('switch', { name: 'Relay only' }).check();
    },
  ],
  'identity warning, whether to trust': [
    'talk',
    async (page) => {
      await chat('eve')(page);
      await press(page, 'Trust again…');
    },
  ],
  'new chat, refused': [
    'talk',
    async (page) => {
      await press(page, 'New chat');
      await page.getByRole('textbox', { name: 'User name' }).fill('nobody');
      await press(page, 'Start chat');
      await page.getByText('Nobody here has that user name').waitFor();
    },
  ],
  thread: ['talk', chat('bob')],
  'missing messages': ['gaps', chat('bob')],
  'full mailbox': ['delays', chat('bob')],
  'server that takes nothing': ['delays', chat('carol')],
  'uncollected for long': ['delays', chat('dave')],
  'given up': ['delays', chat('frank')],
  'expired messages': ['expired'],
  'expired messages above a thread': ['expired', chat('bob')],
  'unread thread': ['talk', chat('carol')],
  'unanswered request': ['talk', chat('maximiliana')],
  'identity warning': ['talk', chat('eve')],
  'fresh chat': ['fresh', chat('bob')],
  'joined device': ['secondDevice', chat('bob')],
  paths: [
    'talk',
    async (page) => {
      await chat('bob')(page);
      await press(page, /^Direct/);
      await page.getByRole('dialog').waitFor();
    },
  ],
  'failed row, banner and toast': [
    'talk',
    async (page) => {
      await chat('bob')(page);
      await page.evaluate(() => {
        fake.faults.set('sendText', { code: 'storage-full' });
        fake.connection({ state: 'unreachable', nextTryMs: Date.now() + 60_000 });
        fake.fault({ code: 'server-unavailable' });
      });
      await page
        .getByRole('textbox', { name: 'Message' })
        .fill('A message with aVeryLongWordThatMustBreak'.repeat(4));
      await press(page, 'Send');
      await page.getByText('Next try in').waitFor();
    },
  ],
};

for (const [screen, [scene, act]] of Object.entries(SCREENS)) {
  test(`${screen} is accessible, fits, and raises no complaint`, async () => {
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      const context = await chromium.browser.newContext({ colorScheme, reducedMotion: 'reduce' });
      const page = await context.newPage();
      const said = complaints(page);
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.goto(chromium.at(scene));
      await page.locator('h1').first().waitFor();
      await act?.(page);
      assert.deepEqual(said, [], `${screen}, ${colorScheme}`);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 720 });
        const where = `${screen}, ${colorScheme}, ${width} px`;
        if (LAYOUTS.includes(width)) assert.deepEqual(await violations(page), [], where);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `${where}: ${overflow} px too wide`);
      }
      await context.close();
    }
  });
}

/** @param {Page} page */
async function violations(page) {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send('Page.getFrameTree');
  const { executionContextId } = await session.send('Page.createIsolatedWorld', {
    frameId: frameTree.frame.id,
  });
  const run = async (/** @type {string} */ expression) => {
    const answer = await session.send('Runtime.evaluate', {
      expression,
      contextId: executionContextId,
      awaitPromise: true,
      returnByValue: true,
    });
    if (answer.exceptionDetails) throw new Error(JSON.stringify(answer.exceptionDetails));
    return answer.result.value;
  };
  await run(`${AXE}; undefined`);
  const found = await run(
    `axe.run(document, { resultTypes: ['violations'], preload: false }).then(({ violations }) => violations.map(({ id, nodes }) =>
      id + ': ' + nodes.map(({ target, failureSummary }) => target + ' ' + failureSummary).join(' | ')))`,
  );
  await session.detach();
  return /** @type {string[]} */ (found);
}
