import assert from 'node:assert/strict';
import { test } from 'node:test';
import { windows } from '../../../test/window.js';

const open = windows();

test('lists chats by last activity, with unread counts, in the title too', async () => {
  const { page, said } = await open('talk');
  const names = page.getByRole('navigation').getByRole('button');
  await names.first().waitFor();

  assert.deepEqual(
    (await names.evaluateAll((all) => all.map((one) => one.querySelector('bdi')?.textContent))).slice(0, 3),
    ['carol', 'bob', 'dave'],
  );
  await page.getByRole('button', { name: 'carol 12 unread messages' }).waitFor();
  assert.equal(await page.title(), '(13) Messenger P2P');
  assert.deepEqual(said, []);
});

test('finds chats by name, and says when there is none', async () => {
  const { page, chat, announced } = await open('talk');
  await chat('bob').waitFor();
  await page.getByRole('textbox', { name: 'Search' }).fill('CAR');
  await chat('bob').waitFor({ state: 'detached' });
  assert.equal(await announced(), '1 result');

  await page.getByRole('textbox', { name: 'Search' }).fill('nobody');
  await page.getByText('No results for “nobody”').first().waitFor();
  await page.getByRole('button', { name: 'Clear', exact: true }).click();

  await chat('bob').waitFor();
});

test('a new chat: unknown names are told, what was typed stays, a known one opens', async () => {
  const { page, button, message } = await open('empty');
  await button('Find someone').click();
  const name = page.getByRole('textbox', { name: 'User name' });
  await name.fill('Zed');
  await button('Start chat').click();
  await page.getByText('Nobody here has that user name').waitFor();
  assert.equal(await name.inputValue(), 'Zed');

  await name.fill('alice');
  await button('Start chat').click();
  await page.getByText('That is your own user name').waitFor();
  await name.fill('Bob');
  await button('Start chat').click();

  await page.getByRole('heading', { name: 'bob' }).waitFor();
  await page.getByText('Messages are end-to-end encrypted').waitFor();
  assert.equal(await message.evaluate((element) => element === document.activeElement), true);
  assert.equal(await page.title(), 'bob · Messenger P2P');
});

test('closing the dialog gives the focus back', async () => {
  const { page, button } = await open('talk');
  await button('New chat').click();
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');

  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await button('New chat').evaluate((element) => element === document.activeElement), true);
});

test('the order stands still while the pointer is over the list', async () => {
  const { page, chat } = await open('talk');
  const names = () => page.getByRole('navigation').locator('.chat-name bdi').allTextContents();
  await chat('dave').hover();
  const before = await names();

  await page.evaluate(() => fake.receive('chat-eve', 'now'));
  await page.getByRole('button', { name: 'eve 1 unread message' }).waitFor();
  assert.deepEqual(await names(), before);
  await page.mouse.move(900, 400);

  await page.waitForFunction(() => document.querySelector('.chat-name bdi')?.textContent === 'eve');
});

test('a message in another chat is counted and announced by name', async () => {
  const { page, chat, announced } = await open('talk');
  await chat('bob').click();
  await page.evaluate(() => fake.receive('chat-dave', 'a secret'));

  await page.getByRole('button', { name: 'dave 1 unread message' }).waitFor();
  assert.equal(await announced(), 'New message from dave');
});

test('locks from the menu: drafts are saved first, and nothing readable stays', async () => {
  const { page, button, chat, message, calls } = await open('talk');
  await chat('bob').click();
  await message.fill('half a thought');
  await button('Menu').click();
  await page.getByText('Signed in as').waitFor();
  await button('Lock').click();

  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  assert.deepEqual(await calls('saveDraft'), [{ chatId: 'chat-bob', text: 'half a thought' }]);
  assert.equal(await page.title(), 'Messenger P2P');
  assert.doesNotMatch(await page.content(), /half a thought|carol|see you soon/);
});
