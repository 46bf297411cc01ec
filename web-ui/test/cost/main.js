/** `npm run cost`: what messages, sessions and a drain cost, in Node and in the Chromium of the system. */
import { cpus } from 'node:os';
import { costsInChromium } from './chromium.js';
import { costsInNode } from './node.js';
import { FULL } from './stopwatch.js';

print(`Node ${process.version}`, await costsInNode(FULL));
print('Chromium, core worker', await costsInChromium(FULL));
process.stdout.write(`${cpus()[0]?.model}, ${cpus().length} cores\n`);

/**
 * @param {string} where
 * @param {import('./stopwatch.js').Cost[]} costs
 */
function print(where, costs) {
  const rows = costs.map(({ name, unit, median, least, most }) => [
    name,
    `${figure(median)} ${unit}`,
    `${figure(least)} to ${figure(most)}`,
  ]);
  const lines = [[where, 'median', `of ${FULL.runs} runs`], ['---', '---', '---'], ...rows];
  process.stdout.write(`${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n\n`);
}

/** @param {number} value */
function figure(value) {
  return value < 10 ? value.toFixed(2) : value.toFixed(0);
}
