import assert from 'node:assert/strict';
import { test } from 'node:test';
import { becomeContacts, scene } from '../harness/scene.js';

const TOKEN_LIFE_SECONDS = 10;
const stage = scene({ 'mp2p.auth.access-token.life': `PT${TOKEN_LIFE_SECONDS}S` });
const { person } = stage;

/** @param {import('../harness/person.js').Person} person */
const alert = (person) => person.page.getByRole('alert');

test('a wrong password is told in words, and the right one still works', async () => {
  const alice = await person('alice').open(stage.stack.url);
  await alice.register();
  await alice.page.reload();

  await alice.unlock('not the right password');
  await alert(alice)
    .filter({ hasText: /password/i })
    .waitFor();

  await alice.unlock();
  await alice.ready();
});

test('a wrong password at sign-in names neither the box that is wrong nor loses the name', async () => {
  const alice = await person('alice').open(stage.stack.url);
  await alice.register();
  const stranger = await person('stranger').open(stage.stack.url);
  stranger.username = alice.username;
  stranger.password = 'a guess of mine, wrong';

  await stranger.submit('Sign in');

  await alert(stranger)
    .filter({ hasText: /name or password/i })
    .waitFor();
  assert.equal(
    await stranger.page.getByRole('textbox', { name: 'User name', exact: true }).inputValue(),
    alice.username,
  );
});

test('a taken user name is told in words, and what was typed stays', async () => {
  const alice = await person('alice').open(stage.stack.url);
  await alice.register();
  const other = await person('other').open(stage.stack.url);
  other.username = alice.username;

  await other.submit('Create account');

  await alert(other)
    .filter({ hasText: /has that user name already/i })
    .waitFor();
  assert.equal(
    await other.page.getByRole('textbox', { name: 'User name', exact: true }).inputValue(),
    alice.username,
  );
  assert.equal(
    await other.page.getByRole('textbox', { name: 'Password', exact: true }).inputValue(),
    other.password,
  );
});

test('an unknown contact is told in words, and the name stays for correction', async () => {
  const alice = await person('alice').open(stage.stack.url);
  await alice.register();

  await alice.page.getByRole('button', { name: 'New chat', exact: true }).click();
  const box = alice.page.getByRole('textbox', { name: 'User name', exact: true });
  await box.fill('nobody-of-this-name');
  await alice.page.getByRole('button', { name: 'Start chat', exact: true }).click();

  await alert(alice)
    .filter({ hasText: /nobody here has that user name/i })
    .waitFor();
  assert.equal(await box.inputValue(), 'nobody-of-this-name');
});

test('an access token that expired while the network was away is renewed without a word', async () => {
  const alice = await person('alice').open(stage.stack.url);
  const bob = await person('bob').open(stage.stack.url);
  await alice.register();
  await bob.register();
  await becomeContacts(alice, bob);

  await alice.page.context().setOffline(true);
  await alice.write('typed while offline');
  await alice.seesState('typed while offline', 'Sending');
  await new Promise((resolve) => setTimeout(resolve, TOKEN_LIFE_SECONDS * 1000 + 1000));
  await alice.page.context().setOffline(false);

  await bob.sees('typed while offline', 60_000);
  await alice.seesState('typed while offline', 'Read', 60_000);
});

test('a server that is down is told in words, and nothing typed is lost', async () => {
  const alice = await person('alice').open(stage.stack.url);
  const bob = await person('bob').open(stage.stack.url);
  await alice.register();
  await bob.register();
  await alice.startChat(bob.username);
  await alice.write('before');
  await alice.seesState('before', 'Sent');

  await stage.stack.stop();
  await alice.page
    .getByRole('status')
    .filter({ hasText: /server/i })
    .first()
    .waitFor({ timeout: 60_000 });
  await alice.write('while the server is down');
  await alice.seesState('while the server is down', 'Sending');
  await alice.composer.fill('half a sent');
  await stage.stack.start();

  await alice.seesState('while the server is down', 'Sent', 90_000);
  assert.equal(await alice.composer.inputValue(), 'half a sent');
  await bob.openChat(alice.username);
  await bob.sees('while the server is down', 90_000);
});
