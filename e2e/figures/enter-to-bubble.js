/**
 * Time from Enter in one browser to the bubble in the other, on each of the three paths; both browsers on this
 * machine, so the network costs nothing. Prints p50 and p99 in milliseconds.
 *
 *     npm run figures --prefix e2e
 */

import { Person } from '../harness/person.js';
import { removeRtc } from '../harness/rtc.js';
import { becomeContacts } from '../harness/scene.js';
import { newStack } from '../harness/stack.js';

const MESSAGES = 200;

/** Until the other side answers, everything goes through the mailbox: that is how this path is measured. */
const PATHS = [
  { path: /** @type {const} */ ('Direct'), answered: true },
  { path: /** @type {const} */ ('Relayed'), answered: true, prepare: removeRtc },
  { path: /** @type {const} */ ('Through server'), answered: false },
];

const stack = await (await newStack()).start();
try {
  for (const { path, answered, prepare } of PATHS) {
    const alice = await new Person(`alice-${path.slice(0, 3).toLowerCase()}`).open(stack.url, { prepare });
    const bob = await new Person(`bob-${path.slice(0, 3).toLowerCase()}`).open(stack.url);
    try {
      await alice.register();
      await bob.register();
      if (answered) {
        await becomeContacts(alice, bob);
      } else {
        await alice.startChat(bob.username);
        await alice.write('Hello Bob');
        await bob.openChat(alice.username);
        await bob.sees('Hello Bob');
      }
      await alice.seesPath(path);
      const times = await measure(alice, bob);
      console.log(
        `${path.padEnd(16)} p50 ${percentile(times, 50)} ms  p99 ${percentile(times, 99)} ms  (${times.length} messages)`,
      );
    } finally {
      await alice.remove();
      await bob.remove();
    }
  }
} finally {
  await stack.remove();
}

/**
 * @param {Person} alice
 * @param {Person} bob
 * @returns {Promise<number[]>} milliseconds
 */
async function measure(alice, bob) {
  await alice.page.evaluate(() => {
    /** @type {number[]} */
    const pressed = [];
    Object.assign(window, { pressed });
    document.addEventListener(
      'keydown',
      (event) => event.key === 'Enter' && pressed.push(performance.timeOrigin + performance.now()),
      { capture: true },
    );
  });
  const times = [];
  for (let n = 0; n < MESSAGES; n++) {
    const text = `figure ${n}.`;
    const shown = bob.page.evaluate(
      (text) =>
        new Promise((resolve) => {
          const log = /** @type {HTMLElement} */ (document.querySelector('[role=log]'));
          const look = () => {
            if (!log.textContent?.includes(text)) return;
            observer.disconnect();
            resolve(performance.timeOrigin + performance.now());
          };
          const observer = new MutationObserver(look);
          observer.observe(log, { childList: true, subtree: true, characterData: true });
          look();
        }),
      text,
    );
    await alice.write(text);
    const pressed = await alice.page.evaluate(() => Reflect.get(window, 'pressed').at(-1));
    times.push(/** @type {number} */ (await shown) - pressed);
  }
  return times;
}

/** @param {number[]} values @param {number} percent */
function percentile(values, percent) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1);
  return (sorted[at] ?? Number.NaN).toFixed(1);
}
