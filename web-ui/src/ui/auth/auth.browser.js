import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { complaints, startBrowser } from '../../../test/browser.js';

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let chromium;
before(async () => {
  chromium = await startBrowser();
});
after(() => chromium.close());

/** @param {string} scene @param {string} [prepare] runs in the page before it loads */
async function open(scene, prepare) {
  const page = await chromium.browser.newPage();
  const said = complaints(page);
  if (prepare) await page.addInitScript(prepare);
  await page.goto(chromium.at(scene));
  return {
    page,
    said,
    name: page.getByRole('textbox', { name: 'User name' }),
    password: page.getByRole('textbox', { name: 'Password' }),
    /** @param {string} name */
    button: (name) => page.getByRole('button', { name, exact: true }),
    alert: page.getByRole('alert').filter({ hasText: /./ }),
  };
}

const GOOD = 'drei Zwerge suchen Schrauben';

test('creates an account and shows the empty list', async () => {
  const { page, name, password, button, said } = await open('signedOut');
  await page.evaluate(() => {
    navigator.storage.persist = () => Promise.resolve(Reflect.set(window, 'kept', true));
  });
  await name.fill('Alice ');
  await password.fill(GOOD);
  await button('Create account').click();

  await page.getByRole('heading', { name: 'No chats yet' }).waitFor();
  assert.equal(await page.evaluate(() => Reflect.get(window, 'kept')), true, 'asked to keep the database');

  const call = await page.evaluate(() => fake.calls.find(({ method }) => method === 'createAccount')?.params);
  assert.equal(call?.username, 'alice');
  assert.equal(Buffer.from(Object.values(call?.password ?? {})).toString(), GOOD);
  assert.deepEqual(said, []);
});

test('says what is wrong with a name or a password before anything is sent', async () => {
  const { page, name, password, button } = await open('signedOut');
  await name.fill('Al ice');
  await password.fill('short');
  await button('Create account').click();

  assert.equal(await name.getAttribute('aria-invalid'), 'true');
  await page.getByText('A user name has 3 to 32 characters').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'username');

  await name.fill('alice');
  await password.fill('password1234');
  await button('Create account').click();

  await page.getByText('This password would be guessed soon').waitFor();
  assert.equal(
    await page.evaluate(() => fake.calls.filter(({ method }) => method === 'createAccount').length),
    0,
  );
});

test('judges the password while it is typed, and says that it is an estimate', async () => {
  const { page, password } = await open('signedOut');

  await password.fill('aaaaaaaaaaaaaaa');
  await page.getByText('Strength: Too easy to guess').waitFor();
  await password.fill(GOOD);
  await page.getByText('Strength: Strong').waitFor();

  await page.getByText('A rough estimate, made on this device').waitFor();
});

test('a taken name is told in words, and nothing typed is lost', async () => {
  const { name, password, button, alert } = await open('signedOut');
  await name.fill('bob');
  await password.fill(GOOD);
  await button('Create account').click();

  await alert.getByText('Somebody has that user name already').waitFor();

  assert.equal(await name.inputValue(), 'bob');
  assert.equal(await password.inputValue(), GOOD);
});

test('each fault of signing in has its sentence', async () => {
  const { page, name, password, button, alert } = await open('signedOut');
  await button('Sign in').click();
  await name.fill('alice');
  await password.fill('wrong password');
  await button('Sign in').click();
  await alert.getByText('User name or password is wrong').waitFor();

  await page.evaluate(() => fake.faults.set('signIn', { code: 'server-unreachable' }));
  await button('Sign in').click();
  await alert.getByText('The server cannot be reached').waitFor();

  await page.evaluate(() => fake.faults.set('signIn', { code: 'rate-limited', retryAfter: 30 }));
  await button('Sign in').click();
  await alert.getByText('Try again in 30 seconds').waitFor();
  assert.equal(await password.inputValue(), 'wrong password');
});

test('what was typed for an account stays when looking at sign-in and back', async () => {
  const { name, password, button } = await open('signedOut');
  await name.fill('alice');
  await password.fill(GOOD);

  await button('Sign in').click();
  await button('Create account').click();

  assert.equal(await name.inputValue(), 'alice');
  assert.equal(await password.inputValue(), GOOD);
});

test('unlocks with the right password only', async () => {
  const { page, password, button, alert } = await open('locked');
  await page.getByText('Your messages on this device are locked, alice.').waitFor();
  assert.equal(await page.title(), 'Messenger P2P');
  await password.fill('nope');
  await page.keyboard.press('Enter');
  await alert.getByText('That password does not open this device').waitFor();
  assert.equal(await password.evaluate((element) => element === document.activeElement), true);

  await password.fill('correct horse battery');
  await button('Unlock').click();

  await page.getByRole('heading', { name: 'Chats' }).waitFor();
});

test('shows and hides the password', async () => {
  const { password, button } = await open('locked');
  await password.fill('secret');

  await button('Show').click();
  assert.equal(await password.getAttribute('type'), 'text');
  await button('Hide').click();
  assert.equal(await password.getAttribute('type'), 'password');
});

test('the form stands before the worker has answered, and what is sent meanwhile is done', async () => {
  const { page, name, password, button } = await open('slow');
  assert.equal(await page.evaluate(() => app.session.session.peek().phase), 'starting');
  await name.fill('alice');
  await password.fill(GOOD);
  await button('Create account').click();

  await page.getByRole('heading', { name: 'No chats yet' }).waitFor();
});

test('sends a command once however often the button is pressed', async () => {
  const { page, name, password, button } = await open('signedOut');
  await name.fill('alice');
  await password.fill(GOOD);
  await button('Create account').evaluate((/** @type {HTMLButtonElement} */ element) => {
    element.click();
    element.click();
  });
  await page.getByRole('heading', { name: 'No chats yet' }).waitFor();

  assert.equal(
    await page.evaluate(() => fake.calls.filter(({ method }) => method === 'createAccount').length),
    1,
  );
});
