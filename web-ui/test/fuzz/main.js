/**
 * `npm run fuzz`: FUZZ_SECONDS of it, 60 by default. FUZZ_SEED makes the same inputs again, FUZZ_TARGET takes the
 * targets whose name it is part of. What is found lies below crashes/, which fuzz.test.js reads from then on.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { ready } from '../../src/core/crypto/sodium.js';
import { seedKeys } from '../../src/core/model/chance.js';
import { CRASHES } from './crashes.js';
import { fileOf, fuzz } from './fuzz.js';
import { KEYS_SEED, seedOf } from './seed.js';
import { targets } from './targets.js';

const { FUZZ_SECONDS = '60', FUZZ_TARGET = '' } = process.env;
const seed = seedOf(process.env);
await ready();
seedKeys(KEYS_SEED);
const chosen = Object.entries(targets()).filter(([name]) => name.includes(FUZZ_TARGET));
const endsAt = performance.now() + Number(FUZZ_SECONDS) * 1000;
process.stdout.write(`FUZZ_SEED=${seed}, ${chosen.length} targets, ${FUZZ_SECONDS} s\n`);
const { decodes, findings } = await fuzz(Object.fromEntries(chosen), {
  seed,
  until: () => performance.now() >= endsAt,
});
for (const finding of findings) {
  const file = new URL(fileOf(finding), CRASHES);
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, finding.bytes);
  process.stdout.write(`${finding.target}: ${file.pathname}\n`);
  console.error(finding.error);
}
process.stdout.write(`${decodes} inputs, ${findings.length} findings\n`);
process.exitCode = findings.length > 0 ? 1 : 0;
