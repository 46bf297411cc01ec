/**
 * Stands for `node:test` while mutants are tried: it notes the tests of a file instead of running them, so that one
 * process can run them again for the next mutant.
 *
 * @typedef {object} Collected
 * @property {Array<() => unknown>} before
 * @property {Array<() => unknown>} after
 * @property {Array<{ name: string, run: () => unknown }>} tests
 */

/** @type {Collected} */
let file = { before: [], after: [], tests: [] };

/**
 * What a test file registers while it loads.
 * @param {() => Promise<unknown>} load
 * @returns {Promise<Collected>}
 */
export async function collect(load) {
  const mine = { before: [], after: [], tests: [] };
  file = mine;
  await load();
  return mine;
}

/** @param {() => unknown} hook */
export function before(hook) {
  file.before.push(hook);
}

/** @param {() => unknown} hook */
export function after(hook) {
  file.after.push(hook);
}

/**
 * @param {string} name
 * @param {unknown[]} rest options, and what to run
 */
export function test(name, ...rest) {
  const [last, options] = rest.toReversed();
  const skipped = /** @type {{ skip?: unknown } | undefined} */ (options)?.skip;
  if (!skipped) file.tests.push({ name, run: /** @type {() => unknown} */ (last) });
}
