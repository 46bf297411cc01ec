import assert from 'node:assert/strict';
import { test } from 'node:test';
import { becomeContacts, scene } from '../harness/scene.js';

const stage = scene();
const { person } = stage;
const FIVE = ['one', 'two', 'three', 'four', 'five'].map((word) => `while you were away: ${word}`);

test('what was sent to an absent friend survives the death of everything', async () => {
  const alice = await person('alice').open(stage.stack.url);
  const bob = await person('bob').open(stage.stack.url);
  await alice.register();
  await bob.register();
  await becomeContacts(alice, bob);
  await alice.seesState('Hello Bob', 'Read');

  await bob.close();
  for (const text of FIVE) await alice.write(text);
  for (const text of FIVE) await alice.seesState(text, 'Sent');
  await stage.stack.kill();
  await stage.stack.start();

  await bob.open(stage.stack.url);
  await bob.unlock();
  await bob.ready();
  await bob.chatRow(alice.username).filter({ hasText: '5 unread messages' }).waitFor();
  await bob.openChat(alice.username);
  await bob.sees('while you were away: five');
  const received = (await bob.texts()).filter((text) => text.startsWith('while you were away'));
  assert.deepEqual(received, FIVE, 'five messages once each, in order');
  await bob.thread.getByRole('separator').filter({ hasText: 'Today' }).waitFor();
  await bob.thread.getByRole('heading', { name: /5 unread messages/ }).waitFor();

  for (const text of FIVE) await alice.seesState(text, 'Read', 60_000);
});

test('ticks go to delivered before they go to read', async () => {
  const alice = await person('alice').open(stage.stack.url);
  const bob = await person('bob').open(stage.stack.url);
  await alice.register();
  await bob.register();
  await becomeContacts(alice, bob);
  await bob.close();
  await bob.open(stage.stack.url);
  await bob.unlock();
  await bob.ready();

  await alice.write('have you got this?');
  await alice.seesState('have you got this?', 'Delivered');
  await bob.openChat(alice.username);
  await alice.seesState('have you got this?', 'Read');
});
