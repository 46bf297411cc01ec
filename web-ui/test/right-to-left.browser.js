/**
 * A page that runs from right to left, as a browser that translates makes it: what begins with a number or ends with a
 * colon keeps its own order, and what follows something stands on its other side.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { windows } from './window.js';

const open = windows();
const PHONE = /** @type {const} */ ({
  viewport: { width: 390, height: 800 },
  colorScheme: 'dark',
  reducedMotion: 'reduce', // a place is measured where it stays
});

/** @param {string} scene */
async function openMirrored(scene) {
  const view = await open(scene, PHONE);
  await view.page.evaluate(() => {
    document.documentElement.dir = 'rtl';
  });
  return view;
}

/**
 * Where the first and the last character of an element's text begin, from the left.
 *
 * @param {import('playwright-core').Locator} place
 */
function ends(place) {
  return place.evaluate((element) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const texts = [];
    for (let text = walker.nextNode(); text; text = walker.nextNode())
      if (text.nodeValue) texts.push(/** @type {Text} */ (text));
    const [first, last] = [texts.at(0), texts.at(-1)];
    const left = (/** @type {Text | undefined} */ text, /** @type {number} */ at) => {
      if (!text) throw new Error('there is no text');
      const range = document.createRange();
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      const { left, top } = range.getBoundingClientRect();
      return { left, top };
    };
    return { first: left(first, 0), last: left(last, (last?.length ?? 1) - 1) };
  });
}

/** @param {import('playwright-core').Locator} place */
async function assertOwnOrder(place) {
  const { first, last } = await ends(place);
  const text = await place.textContent();
  assert.ok(last.top > first.top || last.left > first.left, `"${text}": ${JSON.stringify({ first, last })}`);
}

test('the colon of a draft stays with its word, which stands before the draft', async () => {
  const { row } = await openMirrored('talk');
  const label = row('dave').getByText('Draft:');
  await assertOwnOrder(label);
  const [before, after] = await Promise.all([
    label.boundingBox(),
    row('dave').getByText('I will call').boundingBox(),
  ]);
  assert.ok(before && after && before.x > after.x);
});

test('times read as in their own language', async () => {
  const { chat, row, log } = await openMirrored('talk');
  await assertOwnOrder(row('bob').getByText(/[AP]M$/));
  await chat('bob').click();
  await assertOwnOrder(log.locator('time').last());
});

test('the words of a gap read as in their own language, beside their sign', async () => {
  const { chat, log } = await openMirrored('gaps');
  await chat('bob').click();
  for (const words of ['3 messages are lost here', '1 message could not be read'])
    await assertOwnOrder(log.getByRole('note').getByText(words));
  const note = log.getByRole('note').first();
  const [sign, words] = await Promise.all([
    note.locator('svg').boundingBox(),
    note.locator('p').boundingBox(),
  ]);
  assert.ok(sign && words && sign.x >= words.x + words.width);
});

test('the mark of the path that is used stands clear of its name', async () => {
  const { page, chat } = await openMirrored('talk');
  await chat('bob').click();
  await page.getByRole('button', { name: /How messages travel/ }).click();
  const name = page.getByRole('listitem').first().getByRole('heading');
  const { first } = await ends(name);
  const mark = await name.getByText('now').boundingBox();
  assert.ok(mark && first.left - (mark.x + mark.width) >= 6, JSON.stringify({ first, mark }));
});
