/**
 * The pictures of the documentation: a conversation at the widths that the window is made for, light and dark.
 *
 *     npm run pictures --prefix e2e -- [folder]
 */

import { join } from 'node:path';
import { Person } from '../harness/person.js';
import { newStack } from '../harness/stack.js';

const FOLDER = process.argv[2] ?? new URL('../../docs/pictures', import.meta.url).pathname;
const TALK = /** @type {const} */ ([
  ['alice', 'Hi Bob! Does this really run on the little box under your desk?'],
  ['bob', 'It does. Nobody else has it.'],
  ['alice', 'And the messages?'],
  ['bob', 'From your browser to mine, directly. Look at the chip at the top.'],
  ['alice', 'Lovely. Lunch on Thursday?'],
  ['bob', 'Thursday it is 🥣'],
]);

const stack = await (await newStack()).start();
const people = { alice: new Person('alice'), bob: new Person('bob') };
try {
  for (const person of Object.values(people)) {
    await person.open(stack.url);
    await person.register();
  }
  await people.alice.startChat('bob');
  let first = true;
  for (const [name, text] of TALK) {
    await people[name].write(text);
    if (first) await people.bob.openChat('alice');
    first = false;
    for (const person of Object.values(people)) await person.sees(text);
  }
  await people.alice.seesPath('Direct');
  await people.alice.seesState('Lovely. Lunch on Thursday?', 'Read');
  await picturesOf(people.alice.page, 'conversation');
  await people.alice.page.goBack();
  await picturesOf(people.alice.page, 'chats');
} finally {
  for (const person of Object.values(people)) await person.remove();
  await stack.remove();
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} name
 */
async function picturesOf(page, name) {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    await page.emulateMedia({ colorScheme });
    for (const [width, height] of /** @type {const} */ ([
      [1280, 800],
      [390, 844],
      [320, 640],
    ])) {
      await page.setViewportSize({ width, height });
      await page.screenshot({ path: join(FOLDER, `${name}-${width}-${colorScheme}.png`) });
    }
  }
}
