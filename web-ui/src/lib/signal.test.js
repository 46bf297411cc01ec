import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as preact from '@preact/signals-core';
import fc from '../../test/seeded.js';
import * as ours from './signal.js';

/**
 * A random graph: signals, computed values over earlier nodes (one reads only sometimes), effects over any node. The
 * same script runs on both libraries; what effects and reads see must be equal.
 */
const node = fc.record({
  a: fc.nat(1000),
  b: fc.nat(1000),
  kind: fc.constantFrom('sum', 'pick', 'half', 'throw'),
});
const step = fc.oneof(
  fc.record({ do: fc.constant('set'), at: fc.nat(100), value: fc.integer({ min: -3, max: 3 }) }),
  fc.record({ do: fc.constant('sets'), at: fc.nat(100), value: fc.integer({ min: -3, max: 3 }) }),
  fc.record({ do: fc.constant('read'), at: fc.nat(100), value: fc.constant(0) }),
  fc.record({ do: fc.constant('watch'), at: fc.nat(100), value: fc.nat(100) }),
  fc.record({ do: fc.constant('end'), at: fc.nat(100), value: fc.constant(0) }),
);
const script = fc.record({
  inputs: fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 4 }),
  nodes: fc.array(node, { maxLength: 8 }),
  steps: fc.array(step, { maxLength: 30 }),
});

/** @typedef {{signal: (v: number) => {value: number, peek(): number}, computed: (f: () => number) => {readonly value: number}, effect: (f: () => void | (() => void)) => () => void, batch: (f: () => void) => void}} Library */

/**
 * @param {Library} lib
 * @param {any} script
 */
function play(lib, { inputs, nodes, steps }) {
  /** @type {string[][]} one list per step: order inside a step is no promise */
  const log = [[]];
  /** @param {string} line */
  const note = (line) => log.at(-1)?.push(line);
  const signals = inputs.map((/** @type {number} */ v) => lib.signal(v));
  /** @type {{readonly value: number}[]} */
  const all = [...signals];
  for (const { a, b, kind } of nodes) {
    const left = /** @type {{value: number}} */ (all[a % all.length]);
    const right = /** @type {{value: number}} */ (all[b % all.length]);
    all.push(
      lib.computed(() => {
        if (kind === 'sum') return left.value + right.value;
        if (kind === 'pick') return left.value > 0 ? right.value : 0;
        if (kind === 'half') return Math.trunc(left.value / 2) + 0; // no -0
        if (left.value === 3) throw new Error('three');
        return right.value;
      }),
    );
  }
  /** @param {{readonly value: number}} source */
  const read = (source) => {
    try {
      return String(source.value);
    } catch (error) {
      return /** @type {Error} */ (error).message;
    }
  };
  /** @type {(() => void)[]} */
  const ends = [];
  for (const [number, { do: what, at, value }] of steps.entries()) {
    log.push([]);
    const source = /** @type {{readonly value: number}} */ (all[at % all.length]);
    const input = signals[at % signals.length];
    if (what === 'set') input.value = value;
    if (what === 'sets') {
      lib.batch(() => {
        // Each once: preact forgets a change that is taken back within a batch, ours runs once more.
        for (const one of signals) if (one !== input) one.value = value;
        note(`in batch ${read(source)}`);
        input.value = value + 1;
      });
    }
    if (what === 'read') note(read(source));
    if (what === 'watch') {
      const other = /** @type {{readonly value: number}} */ (all[value % all.length]);
      ends.push(
        lib.effect(() => {
          note(`${number}: ${read(source)} ${read(source) === '1' ? read(other) : ''}`);
          return () => note(`${number} cleaned`);
        }),
      );
    }
    if (what === 'end' && ends.length > 0) ends[at % ends.length]?.();
  }
  return log.map((lines) => lines.sort());
}

test('behaves as @preact/signals-core on random graphs', () => {
  fc.assert(
    fc.property(script, (s) => {
      assert.deepEqual(play(ours, s), play(/** @type {Library} */ (preact), s));
    }),
    { numRuns: 3000 },
  );
});

test('computes a diamond once per change', () => {
  const base = ours.signal(1);
  const left = ours.computed(() => base.value + 1);
  const right = ours.computed(() => base.value * 2);
  let runs = 0;
  const sum = ours.computed(() => {
    runs++;
    return left.value + right.value;
  });
  /** @type {number[]} */
  const seen = [];
  ours.effect(() => void seen.push(sum.value));

  base.value = 2;

  assert.deepEqual(seen, [4, 7]);
  assert.equal(runs, 2);
});

test('an effect does not run when a computed value comes out the same', () => {
  const base = ours.signal(1);
  const odd = ours.computed(() => base.value % 2);
  let runs = 0;
  ours.effect(() => {
    odd.value;
    runs++;
  });

  base.value = 3;

  assert.equal(runs, 1);
});

test('an effect does not run once more for what it read in its last run and not in this one', () => {
  const [one, other] = [ours.signal(1), ours.signal(1)];
  const sum = ours.computed(() => one.value + other.value);
  const half = ours.computed(() => Math.trunc(sum.value / 2));
  /** @type {number[]} */
  const seen = [];
  ours.effect(() => {
    seen.push(half.value);
    if (half.value === 1) sum.value;
  });
  ours.batch(() => {
    one.value = -1;
    sum.value; // so that the effect runs for sum, which changes again while it runs
    other.value = 2;
  });
  assert.deepEqual(seen, [1, 0]);

  other.value = 1;

  assert.deepEqual(seen, [1, 0]);
});

test('lets go of sources when the last observer leaves', () => {
  const base = ours.signal(1);
  const double = ours.computed(() => base.value * 2);
  const end = ours.effect(() => void double.value);
  assert.equal(base.observers.size, 1);

  end();

  assert.equal(base.observers.size, 0);
  base.value = 4;
  assert.equal(double.value, 8);
});

test('stops effects that feed themselves, and says so', () => {
  const base = ours.signal(0);

  const feed = () => {
    base.value = base.value + 1;
  };
  assert.throws(() => ours.effect(feed), /keep changing/);
});

test('one failing effect does not keep the others from running', () => {
  const base = ours.signal(0);
  /** @type {number[]} */
  const seen = [];
  ours.effect(() => {
    if (base.value === 1) throw new Error('bad');
  });
  ours.effect(() => void seen.push(base.value));

  assert.throws(() => {
    base.value = 1;
  }, /bad/);
  base.value = 2;

  assert.deepEqual(seen, [0, 1, 2]);
});
