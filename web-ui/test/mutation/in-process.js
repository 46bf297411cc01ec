import { register } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { below, unitOfEnvironment } from './areas.js';
import { collect } from './collected.js';

/**
 * Runs tests for Stryker within one process. A process for each mutant and test file, as Stryker's own runners for
 * `node:test` start it, spends nearly all its time on starting.
 *
 * The modules that are mutated stay loaded, with a switch in them for the mutant; a test file is loaded anew for each
 * mutant, since it may make what it needs while it loads. A mutant of what a module does while it loads gets a process
 * of its own, by Stryker.
 *
 * @typedef {{ id: string, name: string, timeSpentMs: number, status: 0 | 1, failureMessage: string }} Result
 */

/** What the mutated modules read and write. */
const switches = /** @type {any} */ (globalThis).__stryker__ ?? {};
/** @type {any} */ (globalThis).__stryker__ = switches;

const { mutate, tests } = unitOfEnvironment();
const fileUrl = (/** @type {string} */ path) => pathToFileURL(resolve(below(path)));
let loads = 0;

register('./redirect.js', import.meta.url);

class InProcessRunner {
  capabilities() {
    return { reloadEnvironment: false };
  }

  async dryRun() {
    await loadMutated();
    const results = await runTests(tests, () => true, { bail: false, covering: true });
    switches.currentTestId = undefined;
    const mutantCoverage = switches.mutantCoverage ?? { static: {}, perTest: {} };
    return { status: 'complete', tests: results, mutantCoverage };
  }

  /** @param {{ activeMutant: { id: string }, testFilter?: string[], hitLimit?: number, mutantActivation: string }} run */
  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation }) {
    const isStatic = mutantActivation === 'static';
    if (!isStatic) await loadMutated();
    Object.assign(switches, { activeMutant: activeMutant.id, hitCount: hitLimit && 0, hitLimit });
    const wanted = testFilter && new Set(testFilter);
    const files = tests.filter((file) => !wanted || [...wanted].some((id) => id.startsWith(file)));
    const results = await runTests(files, (id, file) => !wanted || wanted.has(id) || wanted.has(file), {
      bail: true,
      covering: false,
    });
    const hits = switches.hitCount;
    Object.assign(switches, { activeMutant: undefined, hitCount: undefined, hitLimit: undefined });
    if (hitLimit && hits > hitLimit) return { status: 'timeout', reason: `passed ${hits} times` };
    const failed = results.find(({ status }) => status === 1);
    if (!failed) return { status: 'survived', nrOfTests: results.length };
    // A mutant may spoil what later ones share. Then this process ends, and the mutant is tried again in a new one.
    if (!isStatic) await assertSound(failed.id);
    const { id, failureMessage } = failed;
    return { status: 'killed', killedBy: [id], failureMessage, nrOfTests: results.length };
  }
}

async function loadMutated() {
  for (const path of mutate) await import(fileUrl(path).href);
}

/**
 * @param {string[]} files
 * @param {(id: string, file: string) => boolean} wanted
 * @param {{ bail: boolean, covering: boolean }} how
 * @returns {Promise<Result[]>} one for each file that it loads, and one for each test
 */
async function runTests(files, wanted, { bail, covering }) {
  /** @type {Result[]} */
  const results = [];
  for (const file of files) {
    /** @type {import('./collected.js').Collected | undefined} */
    let collected;
    const load = async () => {
      collected = await collect(() => import(`${fileUrl(file).href}?load=${++loads}`));
      for (const hook of collected.before) await hook();
    };
    results.push(await outcomeOf(file, covering, load));
    for (const { name, run } of collected?.tests ?? []) {
      if (bail && results.at(-1)?.status === 1) break;
      const id = `${file} ${name}`;
      if (wanted(id, file)) results.push(await outcomeOf(id, covering, run));
    }
    for (const hook of collected?.after ?? []) await hook();
    if (bail && results.at(-1)?.status === 1) break;
  }
  return results;
}

/**
 * @param {string} id
 * @param {boolean} covering
 * @param {() => unknown} run
 * @returns {Promise<Result>}
 */
async function outcomeOf(id, covering, run) {
  if (covering) switches.currentTestId = id;
  const start = performance.now();
  const result = (/** @type {0 | 1} */ status, failureMessage = '') => ({
    id,
    name: id,
    timeSpentMs: performance.now() - start,
    status,
    failureMessage,
  });
  try {
    await run();
    return result(0);
  } catch (error) {
    return result(1, String(error));
  }
}

/** @param {string} id of a test that failed under a mutant: without one it must not */
async function assertSound(id) {
  const files = tests.filter((file) => id.startsWith(file));
  const again = await runTests(files, (other) => other === id, { bail: true, covering: false });
  const failed = again.find(({ status }) => status === 1);
  if (failed) throw new Error(`${id} fails without a mutant too: ${failed.failureMessage}`);
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'in-process', injectableClass: InProcessRunner }];
