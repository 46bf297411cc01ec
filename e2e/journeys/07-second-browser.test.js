import { test } from 'node:test';
import { becomeContacts, scene } from '../harness/scene.js';

const stage = scene();
const { person, secondBrowserOf } = stage;

test('a second browser becomes a second device, and both show the same from then on', async () => {
  const alice = await person('alice').open(stage.stack.url);
  const bob = await person('bob').open(stage.stack.url);
  await alice.register();
  await bob.register();
  await becomeContacts(alice, bob);

  const second = await secondBrowserOf(bob).open(stage.stack.url);
  await second.signIn();
  await second.page
    .getByText(/older ones stay on your first device/i)
    .first()
    .waitFor();

  await alice.write('for both of your browsers');
  await bob.sees('for both of your browsers');
  await second.openChat(alice.username);
  await second.sees('for both of your browsers', 60_000);
  await second.page.getByText('Older messages stay on the first device for now.').waitFor();

  await second.write('written on the second');
  await alice.sees('written on the second');
  await bob.sees('written on the second', 60_000);

  await bob.write('written on the first');
  await alice.sees('written on the first');
  await second.sees('written on the first', 60_000);
});
