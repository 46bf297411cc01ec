/**
 * Runs the journeys given on one stack, which is started before the first and removed after the last.
 *
 *   node harness/run.js journeys/*.test.js
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { newStack } from './stack.js';

const stack = await newStack();
try {
  await stack.start();
  const tests = spawn(process.execPath, ['--test', '--test-concurrency=1', ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, MESSENGER_STACK: stack.folder },
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
    process.on(signal, () => tests.kill(signal));
  [process.exitCode] = await once(tests, 'exit');
} finally {
  await stack.remove();
}
