import assert from 'node:assert/strict';
import { changesOf } from './rtc.js';
import { settledCounters } from './stack.js';
import { movedAmong, watchWays } from './ways.js';

/** @typedef {import('./person.js').Person} Person */
/** @typedef {import('./ways.js').Way} Way */
/** @typedef {import('./ways.js').Given} Given */
/** @typedef {Awaited<ReturnType<import('./stack.js').Stack['counters']>>} Counters */

const ROUNDS = 3;
const SETTLES_MS = 60_000;
/** Candidates are told by the relay until four seconds after the description; then that has to come through. */
const NEGOTIATED_MS = 10_000;
const LOST = new Set(['disconnected', 'failed', 'closed']);
/** A path is doubted, and all that is under way there moved, a moment before or after the envelope that was late. */
const TOGETHER_MS = 50;
let rounds = 0;

/**
 * Ten messages in both directions, all of whose envelopes go by one way alone, and what the server has counted
 * meanwhile. They talk again, three times at most, where the path itself was to blame: an envelope that was moved had
 * waited its whole time without an acknowledgement (docs/adr/0043), as on a machine that is busy, or the connection was
 * lost. What goes a second way for no such reason fails at once, and so does what goes another way at first, unless it
 * may be of a negotiation.
 *
 * @param {import('./stack.js').Stack} stack
 * @param {Person} alice
 * @param {Person} bob
 * @param {Way} way
 * @param {(after: Counters, before: Counters) => void} assertCounted
 */
export async function talk(stack, alice, bob, way, assertCounted) {
  const people = [alice, bob];
  await settlesOn(way, alice, bob);
  for (let tries = 1; ; tries++) {
    const watched = await Promise.all(people.map(({ page }) => watchFrom(page)));
    const before = await settledCounters(stack);
    await converse(alice, bob, 10);
    const after = await stack.counters();
    const apart = (await Promise.all(watched.map((since) => since()))).map((seen) => apartFrom(way, seen));
    const unexplained = apart.flatMap((of) => of.unexplained);
    assert.deepEqual(unexplained.map(told), [], `all goes by the ${way} alone`);
    const aside = apart.flatMap((of) => of.aside);
    if (aside.length === 0) return assertCounted(after, before);
    assert.ok(tries < ROUNDS, `${ROUNDS} times the ${way} was too slow, or lost: ${aside.map(told)}`);
  }
}

/**
 * @param {Person} alice
 * @param {Person} bob
 * @param {number} count
 */
async function converse(alice, bob, count) {
  const round = ++rounds;
  for (let n = 1; n <= count; n++) {
    await alice.write(`${round}.${n} from Alice.`);
    await bob.sees(`${round}.${n} from Alice.`);
    await bob.write(`${round}.${n} from Bob.`);
    await alice.sees(`${round}.${n} from Bob.`);
  }
  await alice.seesState(`${round}.${count} from Alice.`, 'Read');
  await bob.seesState(`${round}.${count} from Bob.`, 'Read');
}

/**
 * A window says "Relayed" of the server's relay and of coturn, and a channel whose way has just changed is doubted until
 * something comes by it. So they talk until what they write goes by the way alone.
 *
 * @param {Way} way
 * @param {Person} alice
 * @param {Person} bob
 */
async function settlesOn(way, alice, bob) {
  const watched = await Promise.all([alice, bob].map(({ page }) => watchWays(page)));
  const deadline = Date.now() + SETTLES_MS;
  for (;;) {
    const before = await Promise.all(watched.map(async (ways) => (await ways.given()).length));
    await converse(alice, bob, 1);
    const all = await Promise.all(watched.map((ways) => ways.given()));
    const given = all.flatMap((of, at) => of.slice(before[at]));
    if (given.every((one) => one.way === way)) return;
    assert.ok(Date.now() < deadline, `nothing goes by the ${way} alone: ${given.map(told)}`);
  }
}

/**
 * @typedef {{ given: Given[], from: number, isLost: boolean, isNegotiated: boolean }} Seen of `given` those count that
 *   come at `from`; what is before says which of them went by another way first. `isNegotiated`: lately
 */

/**
 * @param {import('playwright-core').Page} page
 * @returns {Promise<() => Promise<Seen>>} what was seen since
 */
async function watchFrom(page) {
  const ways = await watchWays(page);
  const { length: from } = await ways.given();
  const beganMs = Date.now();
  return async () => {
    const changes = await changesOf(page);
    return {
      given: await ways.given(),
      from,
      isLost: changes.some(({ state, atMs }) => LOST.has(state) && atMs >= beganMs),
      isNegotiated: changes.some(({ atMs }) => atMs >= beganMs - NEGOTIATED_MS),
    };
  };
}

/**
 * What went another way, or a second time, and whether the path is to blame.
 *
 * @param {Way} way
 * @param {Seen} seen
 */
function apartFrom(way, { given, from, isLost, isNegotiated }) {
  const moved = movedAmong(given);
  const late = moved.filter(({ isLate }) => isLate).map(({ to }) => to.atMs);
  const isMoved = (/** @type {Given} */ one) => moved.some(({ to }) => to === one);
  const isBlamed = (/** @type {Given} */ one) =>
    isLost || late.some((at) => at - TOGETHER_MS <= one.atMs) || (isNegotiated && !isMoved(one));
  const aside = given.slice(from).filter((one) => one.way !== way || isMoved(one));
  return { aside, unexplained: aside.filter((one) => !isBlamed(one)) };
}

/** @param {Given} given */
const told = ({ way, atMs, limitMs, answeredMs, envelope }) =>
  `${envelope.slice(-8)} by ${way} at ${atMs.toFixed(0)}, given ${limitMs} ms, acknowledged at ${answeredMs?.toFixed(0)}`;
