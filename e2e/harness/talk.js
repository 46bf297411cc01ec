import { settledCounters } from './stack.js';

/** @typedef {import('./person.js').Person} Person */
/** @typedef {Awaited<ReturnType<import('./stack.js').Stack['counters']>>} Counters */

const ROUNDS = 3;
let rounds = 0;

/**
 * Ten messages in both directions, and what the server has counted meanwhile. Where a machine is so busy that an
 * acknowledgement takes longer than its path is given (docs/adr/0043) a message goes by the next path too: then they
 * talk again, three times at most.
 *
 * @param {import('./stack.js').Stack} stack
 * @param {Person} alice
 * @param {Person} bob
 * @param {(after: Counters, before: Counters) => void} assertCounted
 */
export async function talk(stack, alice, bob, assertCounted) {
  for (let tries = 1; ; tries++) {
    const round = ++rounds;
    const before = await settledCounters(stack);
    for (let n = 1; n <= 10; n++) {
      await alice.write(`${round}.${n} from Alice.`);
      await bob.sees(`${round}.${n} from Alice.`);
      await bob.write(`${round}.${n} from Bob.`);
      await alice.sees(`${round}.${n} from Bob.`);
    }
    await alice.seesState(`${round}.10 from Alice.`, 'Read');
    await bob.seesState(`${round}.10 from Bob.`, 'Read');
    const after = await stack.counters();
    try {
      return assertCounted(after, before);
    } catch (error) {
      if (tries === ROUNDS) throw error;
    }
  }
}
