import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { ready } from '../../src/core/crypto/sodium.js';
import { seedKeys } from '../../src/core/model/chance.js';
import { CRASHES, crashesOf } from './crashes.js';
import { folderOf, fuzz, judgeAll } from './fuzz.js';
import { KEYS_SEED, seedOf } from './seed.js';
import { targets } from './targets.js';

const DECODES = 100_000;

await ready();
seedKeys(KEYS_SEED);
const all = targets();

test('each target reads its own samples', async () => {
  for (const [name, target] of Object.entries(all)) {
    const strict = { ...target, refuses: () => false };
    for (const { error } of await judgeAll(strict, target.samples)) assert.fail(`${name}: ${error}`);
  }
});

test('what once found a bug finds none', async () => {
  for (const [name, target] of Object.entries(all))
    for (const [file, bytes] of Object.entries(crashesOf(name)))
      for (const { error } of await judgeAll(target, [bytes])) assert.fail(`${file}: ${error}`);
});

test('every file below crashes/ is read', () => {
  const folders = readdirSync(CRASHES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const known = Object.keys(all).map(folderOf);
  for (const { name } of folders) assert.ok(known.includes(name), `crashes/${name} is of no target`);
});

test(`${DECODES} changed inputs: each is read or refused, and nothing else happens`, async (t) => {
  const seed = seedOf(process.env);
  const { findings } = await fuzz(all, { seed, until: (decodes) => decodes >= DECODES });
  for (const { target, bytes, error } of findings) {
    t.diagnostic(`FUZZ_SEED=${seed}, ${target}: ${Buffer.from(bytes).toString('base64')}`);
    t.diagnostic(error instanceof Error ? String(error.stack) : String(error));
  }
  assert.equal(findings.length, 0, `FUZZ_SEED=${seed}`);
});

/** What must be found in the bytes 9, and in no others. @type {Record<string, (byte: number) => unknown>} */
const FAULTS = {
  'an error of another kind': (byte) => byte !== 9 || fail(),
  'an error of another kind, later': async (byte) => byte !== 9 || fail(),
  'a loop without end'(byte) {
    while (byte === 9);
  },
  'a value out of proportion': (byte) => byte !== 9 || new Uint8Array(1_000_000),
};

for (const [fault, decode] of Object.entries(FAULTS)) {
  test(`${fault} is found, and ends nothing`, async () => {
    /** @type {import('./fuzz.js').Target} */
    const target = { samples: [], decode: (bytes) => decode(Number(bytes[0])), refuses: () => false };
    const inputs = [1, 9, 2, 9].map((byte) => Uint8Array.of(byte));
    const found = await judgeAll(target, inputs, 100);
    assert.deepEqual(
      found.map(({ bytes }) => bytes),
      [inputs[1], inputs[3]],
    );
  });
}

/** @returns {never} */
function fail() {
  throw new TypeError('nine');
}
