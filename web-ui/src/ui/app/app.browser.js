import assert from 'node:assert/strict';
import { test } from 'node:test';
import { windows } from '../../../test/window.js';

const open = windows();

test('another tab: one button takes over, and what was typed before is still there', async () => {
  const { page, chat, message, button } = await open('talk');
  await chat('bob').click();
  await message.fill('unfinished');
  await page.evaluate(() => fake.changeSession({ phase: 'elsewhere' }));
  await page.getByRole('heading', { name: 'Open in another tab' }).waitFor();
  await button('Use here').click();

  await message.waitFor();
  assert.equal(await message.inputValue(), 'unfinished');
});

test('a wrong address names the right one as a link', async () => {
  const { page } = await open('wrongHost');
  const link = page.getByRole('link', { name: 'https://chat.example.org:8443/' });

  assert.equal(await link.getAttribute('href'), 'https://chat.example.org:8443/');
});

test('an address that is none is not made a link', async () => {
  const { page } = await open('signedOut');
  await page.evaluate(() => fake.changeSession({ phase: 'wrong-host', canonicalUrl: 'javascript:alert(1)' }));
  await page.getByText('javascript:alert(1)').waitFor();

  assert.equal(await page.locator('a[href]').count(), 0);
});

test('signed out by the server is said with what can be done', async () => {
  const { page, button } = await open('signedOutByServer');
  await page.getByText('The server no longer accepts this device of alice').waitFor();
  await button('Try again').waitFor();
});

test('the banner comes after two seconds, moves nothing, and counts down', async () => {
  const { page, chat, button, calls, announced } = await open('talk');
  await chat('bob').click();
  const place = () => page.getByRole('textbox', { name: 'Message' }).boundingBox();
  const before = await place();
  await page.evaluate(() => {
    const watcher = new MutationObserver(() => {
      if (!document.querySelector('.banner[hidden]')) Object.assign(window, { shownAt: performance.now() });
    });
    watcher.observe(/** @type {Element} */ (document.querySelector('.banner')), { attributes: true });
    fake.connection({ state: 'unreachable', nextTryMs: Date.now() + 60_000 });
    Object.assign(window, { lostAt: performance.now() });
  });
  await page
    .locator('.banner')
    .getByText(/Can’t reach the server. Next try in \d\d s./)
    .waitFor();

  const waited = await page.evaluate(() => Reflect.get(window, 'shownAt') - Reflect.get(window, 'lostAt'));
  assert.ok(waited >= 1950, `${waited} ms`);
  assert.deepEqual(await place(), before);
  assert.match(await announced(), /^Can’t reach the server\.$/);
  await button('Try now').click();
  await page.waitForFunction(() => fake.calls.some(({ method }) => method === 'tryConnectNow'));
  assert.equal((await calls('tryConnectNow')).length, 1);
  await page.evaluate(() => fake.connection({ state: 'online' }));
  await page.locator('.banner').waitFor({ state: 'hidden' });
});

test('a server that gives out no messages is told of with the next try, and can be asked at once', async () => {
  const { page, button, calls, announced } = await open('talk');
  await page.evaluate(() => fake.connection({ state: 'busy', nextTryMs: Date.now() + 300_000 }));
  await page
    .locator('.banner')
    .getByText(/The server gives out no messages at the moment. Next try in [23]\d\d s./)
    .waitFor();
  assert.match(await announced(), /^The server gives out no messages at the moment\.$/);
  await button('Try now').click();
  await page.waitForFunction(() => fake.calls.some(({ method }) => method === 'tryConnectNow'));
  assert.equal((await calls('tryConnectNow')).length, 1);
});

test('a break of less than two seconds is not shown', async () => {
  const { page, chat } = await open('talk');
  await chat('bob').click();
  const shown = await page.evaluate(async () => {
    let seen = false;
    const banner = /** @type {HTMLElement} */ (document.querySelector('.banner'));
    new MutationObserver(() => {
      seen ||= !banner.hidden;
    }).observe(banner, { attributes: true });
    fake.connection({ state: 'connecting' });
    await new Promise((done) => setTimeout(done, 1000));
    fake.connection({ state: 'online' });
    await new Promise((done) => setTimeout(done, 1500));
    return seen;
  });

  assert.equal(shown, false);
});

test('a fault that belongs to no form is shown until dismissed', async () => {
  const { page, button } = await open('talk');
  await page.evaluate(() => fake.fault({ code: 'storage-full' }));
  await page.getByRole('alert').getByText('This browser’s storage is full.').waitFor();
  await button('Dismiss').click();

  await page.getByText('This browser’s storage is full.').waitFor({ state: 'detached' });
});

test('what expired while the device was away is told until it is dismissed', async () => {
  const { page, button, calls, announced, said } = await open('expired');
  const notice = page.getByRole('main').getByRole('status').filter({ hasText: 'expired' });
  await notice.getByText('3 messages and receipts for this device expired').waitFor();
  assert.match(await announced(), /^3 messages and receipts for this device expired/);

  await page.evaluate(() => app.lock());
  await notice.waitFor({ state: 'detached' });
  await page.getByRole('textbox', { name: 'Password' }).fill('correct horse battery');
  await page.keyboard.press('Enter');
  await notice.getByText('3 messages and receipts').waitFor();

  await button('Dismiss').click();
  await page.getByRole('main').getByText('expired on the server').waitFor({ state: 'detached' });
  assert.deepEqual(await calls('dismissExpired'), [{ count: 3 }]);
  await page.evaluate(() => fake.expire(1));
  await notice.getByText('1 message or receipt for this device expired').waitFor();
  assert.deepEqual(said, []);
});

test('what expired is told above an open thread too, where there is little room', async () => {
  const { page, chat, message } = await open('expired', { viewport: { width: 320, height: 640 } });
  await chat('bob').click();
  await page.getByRole('main').getByText('3 messages and receipts for this device expired').waitFor();
  await message.fill('and the composer is there');
  const box = await message.boundingBox();
  assert.ok(box && box.y + box.height <= 640);
});

test('the skip link leads to the message box', async () => {
  const { page, chat, message } = await open('talk');
  await chat('bob').click();
  const first = page.locator('button, a, input, textarea').first();
  await first.focus();
  assert.equal(await first.textContent(), 'Skip to the conversation');
  await page.keyboard.press('Enter');

  assert.equal(await message.evaluate((element) => element === document.activeElement), true);
});
