import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { AREAS, BAR, UNITS } from './areas.js';
import { judge } from './survivors.js';

/**
 * `npm run mutation [area …]`: breaks the core's code in each small way that Stryker knows, and fails if in an area
 * fewer than BAR percent of that is noticed by a test, or if something goes unnoticed that survivors.json does not give
 * a reason for.
 */

const WEB_UI = new URL('../../', import.meta.url);
const STRYKER = new URL('./node_modules/@stryker-mutator/core/bin/stryker.js', import.meta.url);
const SETTINGS = 'test/mutation/stryker.config.js';
// The same cases of every property each time, so that a mutant does not live or die by chance.
const PROPERTY_SEED = '1';

const names = process.argv.slice(2);
for (const name of names) {
  if (!AREAS[name]) throw new RangeError(`areas are ${Object.keys(AREAS).join(', ')}`);
}

const known = JSON.parse(await readFile(new URL('./survivors.json', import.meta.url), 'utf8'));
const rows = [];
let failed = false;
for (const area of names.length > 0 ? names : Object.keys(AREAS)) {
  const verdicts = [];
  for (const unit of Object.keys(UNITS).filter((name) => name.startsWith(`${area}-`))) {
    await mutate(unit);
    const report = await readFile(new URL(`../target/mutation/${unit}.json`, WEB_UI), 'utf8');
    verdicts.push(judge(JSON.parse(report), known));
  }
  for (const { file, line, code, mutant } of verdicts.flatMap(({ unknown }) => unknown)) {
    console.error(`${area}: not noticed and not listed: ${file}:${line}\n  ${code}\n  ${mutant}`);
  }
  for (const entry of verdicts.flatMap(({ gone }) => gone)) {
    console.log(`${area}: listed, but noticed this time: ${entry}`);
  }
  const mutants = sum(verdicts, 'mutants');
  const percent = Math.floor((1000 * sum(verdicts, 'noticed')) / mutants) / 10;
  const unlisted = verdicts.flatMap(({ unknown }) => unknown).length;
  rows.push({ area, mutants, survivors: mutants - sum(verdicts, 'noticed'), unlisted, percent });
  failed ||= percent < BAR || unlisted > 0;
}
console.table(rows);
if (failed) {
  console.error(
    `Each area needs ${BAR} %, and each survivor a test or a reason in test/mutation/survivors.json.`,
  );
  process.exitCode = 1;
}

/** @param {string} unit */
async function mutate(unit) {
  const env = { PROPERTY_SEED, ...process.env, MUTATION_UNIT: unit };
  const args = [fileURLToPath(STRYKER), 'run', SETTINGS];
  const stryker = spawn(process.execPath, args, { cwd: WEB_UI, env, stdio: 'inherit' });
  const [code] = await once(stryker, 'exit');
  if (code !== 0) throw new Error(`Stryker ended with ${code}`);
}

/**
 * @param {import('./survivors.js').Verdict[]} verdicts
 * @param {'noticed' | 'mutants'} count
 */
function sum(verdicts, count) {
  return verdicts.reduce((total, verdict) => total + verdict[count], 0);
}
