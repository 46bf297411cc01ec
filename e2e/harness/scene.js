import { after, before } from 'node:test';
import { Person } from './person.js';
import { newStack, newStackAsShipped, stackIn } from './stack.js';

let accounts = 0;

/**
 * A stack for the tests of one file, and people who are gone at its end. The stack is the one that all files share
 * (`harness/run.js`), or one of its own where the file asks for other settings or runs alone.
 *
 * @param {Record<string, string> | 'as shipped'} [settings] of the services; `as shipped`: with the limits of a user
 */
export function scene(settings) {
  const shared = settings ? undefined : process.env.MESSENGER_STACK;
  /** @type {import('./stack.js').Stack} */
  let stack;
  /** @type {Person[]} */
  const people = [];
  before(async () => {
    if (shared) stack = await stackIn(shared);
    else if (settings === 'as shipped') stack = await (await newStackAsShipped()).start();
    else stack = await (await newStack(settings)).start();
  });
  after(async () => {
    for (const person of people) await person.remove();
    if (!shared) await stack.remove();
  });
  return {
    get stack() {
      return stack;
    },
    /**
     * A person whose name begins with the given one and is new on this server.
     *
     * @param {string} name
     * @param {ConstructorParameters<typeof Person>[1]} [options]
     */
    person(name, options) {
      accounts += 1;
      const person = new Person(`${name}-${process.pid}-${accounts}`, options);
      people.push(person);
      return person;
    },
    /** The same account at another browser. @param {Person} owner */
    secondBrowserOf(owner) {
      const person = new Person(owner.username, { password: owner.password, profile: `${owner.username}-2` });
      people.push(person);
      return person;
    },
  };
}

/**
 * Two people who have written to each other, both with the thread open.
 *
 * @param {Person} alice
 * @param {Person} bob
 */
export async function becomeContacts(alice, bob) {
  await alice.startChat(bob.username);
  await alice.write('Hello Bob');
  await bob.openChat(alice.username);
  await bob.sees('Hello Bob');
  await bob.write('Hello Alice');
  await alice.sees('Hello Alice');
}
