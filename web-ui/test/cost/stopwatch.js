/**
 * @typedef {object} Counts how much is measured
 * @property {number} runs of which the median counts
 * @property {number} messages in a run
 * @property {number} sessions in a run
 * @property {number} draws of random bytes in a run
 * @property {number} waiting messages in the mailbox that is drained
 *
 * @typedef {'µs' | 'ms'} Unit
 * @typedef {{ name: string, unit: Unit, median: number, least: number, most: number }} Cost
 */

/** @type {Counts} for the figures */
export const FULL = { runs: 7, messages: 500, sessions: 40, draws: 20_000, waiting: 1000 };
/** @type {Counts} to see that it runs */
export const FEW = { runs: 1, messages: 4, sessions: 1, draws: 50, waiting: 60 };

/**
 * Medians over some runs, after one that is not counted.
 *
 * @param {{ unit: Unit, runs: number, each?: number }} what `each`: pieces of work in a run
 * @param {() => Record<string, number> | Promise<Record<string, number>>} run gives the milliseconds of each thing
 * @returns {Promise<Cost[]>} one for each thing
 */
export async function medians({ unit, runs, each = 1 }, run) {
  const names = Object.keys(await run());
  /** @type {Record<string, number>[]} */
  const taken = [];
  for (let left = runs; left > 0; left--) taken.push(await run());
  return names.map((name) => {
    const scale = (unit === 'µs' ? 1000 : 1) / each;
    const sorted = taken.map((times) => Number(times[name]) * scale).sort((a, b) => a - b);
    const at = (/** @type {number} */ index) => Number(sorted[index]);
    return { name, unit, median: at(Math.floor(runs / 2)), least: at(0), most: at(runs - 1) };
  });
}

/**
 * @param {() => void} work
 * @returns {number} its milliseconds
 */
export function timed(work) {
  const from = performance.now();
  work();
  return performance.now() - from;
}
