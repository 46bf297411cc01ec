import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from './survivors.js';

const source = 'if (a > b) {\n  call();\n}\n';
const CONDITION = { start: { line: 1, column: 5 }, end: { line: 1, column: 10 } };
const BLOCK = { start: { line: 1, column: 12 }, end: { line: 3, column: 2 } };

/** @param {...(readonly [typeof CONDITION, string, string])} mutants */
function reportOf(...mutants) {
  const all = mutants.map(([location, replacement, status]) => ({ location, replacement, status }));
  return { files: { 'src/core/crypto/x.js': { source, mutants: all } } };
}

/** @param {...string} mutants */
const known = (...mutants) => [{ file: 'crypto/x.js', code: 'if (a > b) {', mutants, reason: 'none' }];

test('killed and hanging mutants are noticed, what nothing covers or breaks the runner is not, words do not count', () => {
  const statuses = ['Killed', 'Timeout', 'Survived', 'NoCoverage', 'RuntimeError', 'Ignored'];
  const { noticed, mutants } = judge(
    reportOf(...statuses.map((status) => /** @type {const} */ ([CONDITION, status, status]))),
    [],
  );
  assert.deepEqual([noticed, mutants], [2, 5]);
});

test('a survivor is known by its line, what stood there and what the mutant put there', () => {
  const report = reportOf([CONDITION, 'true', 'Survived'], [BLOCK, '{}', 'NoCoverage']);
  assert.deepEqual(judge(report, known('a > b → true', '{ call(); } → {}')).unknown, []);
  const [unknown, ...others] = judge(report, known('a > b → true', 'a > b → {}')).unknown;
  assert.deepEqual(others, []);
  assert.deepEqual(unknown, {
    file: 'crypto/x.js',
    line: 1,
    code: 'if (a > b) {',
    mutant: '{ call(); } → {}',
    status: 'NoCoverage',
  });
});

test('a known survivor of the looked at files that is noticed by now is told', () => {
  const report = reportOf([CONDITION, 'true', 'Killed']);
  const elsewhere = { file: 'crypto/y.js', code: 'x', mutants: ['x → y'], reason: 'none' };
  const { gone, unknown } = judge(report, [...known('a > b → true'), elsewhere]);
  assert.deepEqual(unknown, []);
  assert.deepEqual(gone, ['crypto/x.js · if (a > b) { · a > b → true']);
});
