/**
 * Runs the journeys of the lab on one stack and one coturn, in the namespaces that `lab/run` has made.
 *
 *     npm run lab --prefix e2e [-- options of node --test]
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newStack } from '../harness/stack.js';
import { makeInternet, SERVER } from './network.js';
import { STUN_URI, TURN_URIS, Turn } from './turn.js';

const JOURNEYS = ['nat.test.js', 'engines.test.js', 'turns.test.js'].map(
  (name) => new URL(name, import.meta.url).pathname,
);

/** @type {import('node:child_process').ChildProcess | undefined} */
let tests;
// Nothing ends the first process of a namespace that has not said what a signal does.
const interrupted = new Promise((_, reject) => {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
    process.on(signal, () => (tests ? tests.kill(signal) : reject(new Error(`ended by ${signal}`))));
});

const folder = mkdtempSync(join(tmpdir(), 'mp2p-lab-'));
const secret = randomBytes(24).toString('hex');
writeFileSync(join(folder, 'turn-secret'), secret, { mode: 0o600 });
const turn = new Turn(secret);
Object.assign(process.env, {
  MESSENGER_FORM: 'one-process',
  MESSENGER_HOST: SERVER,
  MESSENGER_LISTEN: SERVER,
  MESSENGER_TURN_LOG: turn.logFile,
  MESSENGER_TURN_CERTIFICATE: turn.certificateFile,
});
const stack = await newStack({
  'mp2p.signaling.ice.stun-uris': STUN_URI,
  'mp2p.signaling.ice.turn-uris': TURN_URIS.join(','),
  'mp2p.signaling.ice.turn-secret-file': join(folder, 'turn-secret'),
});
try {
  makeInternet();
  await Promise.race([Promise.all([turn.start(), stack.start()]), interrupted]);
  const options = ['--test', '--test-concurrency=1', ...process.argv.slice(2)];
  tests = spawn(process.execPath, [...options, ...JOURNEYS], {
    stdio: 'inherit',
    env: { ...process.env, MESSENGER_STACK: stack.folder },
  });
  [process.exitCode] = await once(tests, 'exit');
} finally {
  await turn.remove();
  await stack.remove();
  rmSync(folder, { recursive: true, force: true });
}
