import { Script } from 'node:vm';
import { toHex } from '../../src/core/crypto/bytes.js';
import { sha256 } from '../../src/core/crypto/hash.js';
import { chanceOf, pick } from '../../src/core/model/chance.js';
import { mutate } from './mutate.js';
import { mutateJson } from './mutate-json.js';
import { sizeOf } from './size.js';

/**
 * Every decoder gives a value or refuses in its own way, whatever the bytes: it throws nothing else, comes to an end,
 * and makes no more of them than their size allows.
 *
 * @typedef {object} Target
 * @property {Uint8Array[]} samples that are valid
 * @property {(bytes: Uint8Array) => unknown} decode may give a promise
 * @property {(error: unknown) => boolean} refuses whether that is its way to refuse
 * @property {number} [json] where JSON begins in the samples, up to the end
 * @property {boolean} [dear] it takes long and gets fewer turns
 *
 * @typedef {{ target: string, bytes: Uint8Array, error: unknown }} Finding
 */

const TURN = 200;
const DEAR_TURN = 10;
/** For a turn on a machine that is busy. */
const PATIENCE_MS = 20_000;
/** Times the input: the worst is a list of nulls in a row, a byte each there and a word each here. */
const GROWTH = 64;
/** What a value has of its own: keys, sessions. */
const OWN = 65_536;

/**
 * Each target has a stream of chance of its own, so a seed makes the same inputs however long it runs.
 *
 * @param {Record<string, Target>} targets
 * @param {{ seed: number, until: (decodes: number) => boolean, patienceMs?: number }} limits `until`: asked after
 *   each turn; `patienceMs`: what takes longer does not end
 * @returns {Promise<{ decodes: number, findings: Finding[] }>} one finding for each target and place in the code
 */
export async function fuzz(targets, { seed, until, patienceMs }) {
  /** @type {Map<string, Finding>} */
  const findings = new Map();
  const streams = Object.entries(targets).map(([name, target]) => ({
    name,
    target,
    chance: chanceOf(seed ^ new DataView(sha256(new TextEncoder().encode(name)).buffer).getInt32(0)),
  }));
  let decodes = 0;
  while (!until(decodes)) {
    for (const { name, target, chance } of streams) {
      const inputs = Array.from({ length: target.dear ? DEAR_TURN : TURN }, () => change(chance, target));
      for (const { bytes, error } of await judgeAll(target, inputs, patienceMs)) {
        const key = `${name} ${placeOf(error)}`;
        if (!findings.has(key)) findings.set(key, { target: name, bytes, error });
      }
      decodes += inputs.length;
      if (until(decodes)) break;
    }
  }
  return { decodes, findings: [...findings.values()] };
}

/**
 * @param {Target} target
 * @param {Uint8Array[]} inputs
 * @param {number} [patienceMs]
 * @returns {Promise<{ bytes: Uint8Array, error: unknown }[]>} those that found something
 */
export async function judgeAll(target, inputs, patienceMs = PATIENCE_MS) {
  /** @type {{ bytes: Uint8Array, error: unknown }[]} */
  const found = [];
  let at = 0;
  /** @type {Promise<void> | undefined} */
  let underWay;
  const goOn = () => {
    while (at < inputs.length && !underWay) {
      const bytes = /** @type {Uint8Array} */ (inputs[at]);
      underWay = judge(target, bytes, (error) => found.push({ bytes, error }));
      at += 1;
    }
  };
  while (at < inputs.length) {
    try {
      interruptible(goOn, patienceMs);
    } catch (error) {
      found.push({ bytes: /** @type {Uint8Array} */ (inputs[at]), error }); // it did not come to an end
      at += 1;
    }
    await underWay;
    underWay = undefined;
  }
  return found;
}

/**
 * @param {Target} target
 * @param {Uint8Array} bytes
 * @param {(error: unknown) => void} tell
 * @returns {Promise<void> | undefined}
 */
function judge({ decode, refuses }, bytes, tell) {
  const weigh = (/** @type {unknown} */ value) => {
    const size = sizeOf(value);
    if (size > GROWTH * bytes.length + OWN) tell(new RangeError(`${bytes.length} bytes became ${size}`));
  };
  const refuse = (/** @type {unknown} */ error) => {
    if (isInterruption(error)) throw error;
    if (!refuses(error)) tell(error);
  };
  try {
    const value = decode(bytes);
    if (value instanceof Promise) return value.then(weigh, refuse);
    weigh(value);
  } catch (error) {
    refuse(error);
  }
}

const script = new Script('globalThis.workToInterrupt()');

/**
 * What runs for too long is broken off, a loop as well.
 *
 * @param {() => void} work
 * @param {number} patienceMs
 */
function interruptible(work, patienceMs) {
  Object.assign(globalThis, { workToInterrupt: work });
  script.runInThisContext({ timeout: patienceMs });
}

/** @param {unknown} error */
const isInterruption = (error) =>
  error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/**
 * @param {import('./mutate.js').Chance} chance
 * @param {Target} target
 */
function change(chance, { samples, json }) {
  const sample = pick(chance, samples);
  if (json === undefined) return mutate(chance, sample, pick(chance, samples));
  const changed = mutateJson(chance, sample, json);
  return chance() < 0.5 ? changed : mutate(chance, chance() < 0.5 ? sample : changed, pick(chance, samples));
}

/** @param {unknown} error */
function placeOf(error) {
  if (!(error instanceof Error)) return String(error);
  const [, place = ''] = /at .*?((?:src|test)\/[^)]*)/.exec(error.stack ?? '') ?? [];
  return `${error.name} ${place}`;
}

/**
 * The file of a finding below crashes/: the folder says which target it is for.
 *
 * @param {Finding} finding
 */
export const fileOf = ({ target, bytes }) => `${folderOf(target)}/${toHex(sha256(bytes).slice(0, 4))}.bin`;

/** @param {string} target */
export const folderOf = (target) => target.replace(/[^a-zA-Z0-9]+/g, '-');
