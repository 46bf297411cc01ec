import assert from 'node:assert/strict';
import { test } from 'node:test';
import { windows } from '../../../test/window.js';

const open = windows();

/** @param {Awaited<ReturnType<typeof open>>} view */
async function openSheet({ page, button }) {
  await button('Menu').click();
  await button('Settings').click();
  const sheet = page.getByRole('dialog', { name: 'Settings' });
  await sheet.waitFor();
  return { sheet, relayOnly: page.getByRole('switch', { name: 'Relay only' }) };
}

test('each setting says what it does and costs, and is handed to the core', async () => {
  const view = await open('talk');
  const { sheet, relayOnly } = await openSheet(view);
  const mailboxOnly = view.page.getByRole('switch', { name: 'Mailbox only' });
  assert.equal(await relayOnly.isChecked(), false);
  await relayOnly.check();
  await mailboxOnly.check();
  await mailboxOnly.uncheck();
  await view.page.waitForFunction(
    () => fake.calls.filter(({ method }) => method === 'changeSettings').length === 3,
  );

  assert.deepEqual(await view.calls('changeSettings'), [
    { relayOnly: true },
    { mailboxOnly: true },
    { mailboxOnly: false },
  ]);
  for (const input of [relayOnly, mailboxOnly]) {
    const id = await input.getAttribute('aria-describedby');
    assert.match((await sheet.locator(`#${id}`).textContent()) ?? '', /^[A-Z].{60,}\.$/);
  }
  assert.deepEqual(view.said, []);
});

test('what is set stands when the sheet is opened again, also by another device', async () => {
  const view = await open('talk');
  const { sheet, relayOnly } = await openSheet(view);
  await relayOnly.check();
  await view.button('Close').click();
  await sheet.waitFor({ state: 'detached' });
  await view.page.evaluate(() => fake.changeSettings({ mailboxOnly: true }));
  const again = await openSheet(view);

  assert.equal(await again.relayOnly.isChecked(), true);
  const mailboxOnly = view.page.getByRole('switch', { name: 'Mailbox only' });
  assert.equal(await mailboxOnly.isChecked(), true);
  await view.page.evaluate(() => fake.changeSettings({ mailboxOnly: false }));
  await view.page.waitForFunction(
    () => document.querySelectorAll('settings-sheet input:checked').length === 1,
  );
});

test('a change that was not kept is taken back and said', async () => {
  const view = await open('talk');
  const { sheet, relayOnly } = await openSheet(view);
  await view.page.evaluate(() => fake.faults.set('changeSettings', { code: 'storage-full' }));
  await relayOnly.click();
  await sheet.getByRole('alert').getByText('This browser’s storage is full').waitFor();

  assert.equal(await relayOnly.isChecked(), false);
  await relayOnly.check();
  assert.equal(await sheet.getByRole('alert').textContent(), '');
});

test('the keyboard opens it, switches, and comes back to the menu button', async () => {
  const view = await open('talk');
  const focused = () =>
    view.page.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.id,
    );
  await view.button('Menu').focus();
  await view.page.keyboard.press('Enter');
  await view.page.waitForFunction(() => document.activeElement?.textContent === 'Settings');
  await view.page.keyboard.press('Enter');
  const relayOnly = view.page.getByRole('switch', { name: 'Relay only' });
  await relayOnly.waitFor();
  for (let presses = 0; presses < 3; presses++) {
    if (await relayOnly.evaluate((input) => input === document.activeElement)) break;
    await view.page.keyboard.press('Tab');
  }
  await view.page.keyboard.press('Space');
  assert.equal(await relayOnly.isChecked(), true);
  await view.page.keyboard.press('Escape');
  await view.page.getByRole('dialog').waitFor({ state: 'detached' });

  assert.equal(await focused(), 'Menu');
});
