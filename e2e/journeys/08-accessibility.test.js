import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { becomeContacts, scene } from '../harness/scene.js';

const stage = scene();
const { person } = stage;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WIDTHS = [320, 390, 1280];

/**
 * axe-core in an isolated world, so that the page's content security policy stays as it is.
 *
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>} violations in words
 */
async function violations(page) {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send('Page.getFrameTree');
  const { executionContextId } = await session.send('Page.createIsolatedWorld', {
    frameId: frameTree.frame.id,
    worldName: 'axe',
  });
  await session.send('Runtime.evaluate', { expression: AXE, contextId: executionContextId });
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
    expression: `axe.run().then((found) => JSON.stringify(found.violations.map(
      (violation) => violation.id + ': ' + violation.nodes.map((node) => node.html).join(' | '))))`,
    contextId: executionContextId,
    awaitPromise: true,
    returnByValue: true,
  });
  assert.equal(exceptionDetails, undefined);
  await session.detach();
  return JSON.parse(result.value);
}

/** A colour half way between two is no colour of the design. @param {import('playwright-core').Page} page */
function settled(page) {
  return page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter((animation) => animation.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
    await Promise.allSettled(ending.map((animation) => animation.finished));
  });
}

/** @param {import('playwright-core').Page} page @param {string} screen */
async function check(page, screen) {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 780 });
    const [content, visible] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    assert.ok(Number(content) <= Number(visible), `${screen} scrolls sideways at ${width} px`);
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await settled(page);
      assert.deepEqual(await violations(page), [], `${screen} at ${width} px, ${colorScheme}`);
    }
  }
}

test('no screen has an accessibility violation or scrolls sideways', async () => {
  const alice = await person('alice').open(stage.stack.url);
  await alice.page.getByRole('button', { name: 'Create account' }).first().waitFor();
  await check(alice.page, 'first screen');
  await alice.register();
  await check(alice.page, 'no chats yet');
  await alice.page.getByRole('button', { name: 'New chat', exact: true }).click();
  await check(alice.page, 'new chat');
  await alice.page.keyboard.press('Escape');

  const bob = await person('bob').open(stage.stack.url);
  await bob.register();
  await alice.page.setViewportSize({ width: 1280, height: 800 });
  await becomeContacts(alice, bob);
  await check(alice.page, 'thread');

  const tab = await alice.page.context().newPage();
  await tab.goto(stage.stack.url);
  await tab.getByRole('button', { name: 'Use here' }).waitFor();
  await check(tab, 'open in another tab');
  await tab.close();

  await alice.page.reload();
  await alice.page.getByRole('button', { name: 'Unlock', exact: true }).waitFor();
  await check(alice.page, 'unlock');
});
