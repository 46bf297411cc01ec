import { test } from 'node:test';
import { becomeContacts, scene } from '../harness/scene.js';

const stage = scene('as shipped');
const { person } = stage;

test('a household behind one address meets no limit', async () => {
  const people = [person('alice'), person('bob'), person('carol')];
  for (const each of people) {
    await each.open(stage.stack.url);
    await each.register();
  }
  const [alice, bob, carol] = /** @type {[typeof people[0], typeof people[0], typeof people[0]]} */ (people);

  await becomeContacts(alice, bob);
  await becomeContacts(alice, carol);
  for (let n = 1; n <= 20; n++) await alice.write(`number ${n}.`);
  await carol.sees('number 20.');

  // Everybody's page is opened anew at once, as after a power cut.
  await Promise.all(people.map((each) => each.page.reload()));
  for (const each of people) {
    await each.unlock();
    await each.ready();
  }
  await bob.openChat(alice.username);
  await bob.write('here again');
  await alice.openChat(bob.username);
  await alice.sees('here again');
});
