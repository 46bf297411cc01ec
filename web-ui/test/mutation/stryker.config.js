import { below, unitOfEnvironment } from './areas.js';

/** Stryker's settings for the unit that the environment names. `run.js` starts it, in the folder web-ui. */

const { MUTATION_UNIT, MUTATION_CONCURRENCY = '2' } = process.env;
const plugin = (/** @type {string} */ file) => new URL(file, import.meta.url).href;

export default {
  mutate: unitOfEnvironment().mutate.map(below),
  testRunner: 'in-process',
  coverageAnalysis: 'perTest',
  plugins: [plugin('./in-process.js'), plugin('./error-words.js')],
  ignorers: ['error-words'],
  ignorePatterns: [
    '/*',
    '!/package.json',
    '!/src',
    '/src/*',
    '!/src/core',
    '!/test',
    '/test/mutation',
    '/test/stage',
  ],
  // Outside of web-ui, whose checks would read the copies.
  tempDirName: '../target/mutation/sandbox',
  reporters: ['json', 'html', 'progress-append-only'],
  jsonReporter: { fileName: `../target/mutation/${MUTATION_UNIT}.json` },
  htmlReporter: { fileName: `../target/mutation/${MUTATION_UNIT}.html` },
  concurrency: Number(MUTATION_CONCURRENCY),
  maxTestRunnerReuse: 200,
  timeoutMS: 10_000,
  timeoutFactor: 4,
};
