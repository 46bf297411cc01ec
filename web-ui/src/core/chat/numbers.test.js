import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from '../../../test/seeded.js';
import { aged, asked, counted, drained, holesOf, nextMs, repeated } from './numbers.js';

/** @typedef {import('./numbers.js').DeviceNumbers} DeviceNumbers */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TTL = 30 * DAY;
const START = Date.UTC(2026, 0, 5);

/**
 * Counts numbers of one device as they come, one a second.
 *
 * @param {readonly number[]} seqs
 * @param {readonly DeviceNumbers[]} [numbers]
 * @param {Partial<Parameters<typeof counted>[3]>} [about]
 */
function afterAll(seqs, numbers = [], about = {}) {
  return seqs.reduce((all, seq, i) => {
    const nowMs = START + i * 1000;
    return counted(all, 1, seq, {
      ...{ order: i + 1, sentMs: START + seq * 1000, nowMs, drained: true, begins: true },
      ...about,
    });
  }, numbers);
}

/** @param {readonly DeviceNumbers[]} numbers */
const missing = (numbers) =>
  holesOf(numbers).flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i));

/** @param {readonly DeviceNumbers[]} numbers */
const states = (numbers) => holesOf(numbers).map(({ state }) => state);

describe('the numbers of a device', () => {
  test('miss exactly what did not come between the first one and the greatest', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (seqs) => {
        const [first = 0] = seqs;
        const expected = Array.from({ length: Math.max(...seqs) }, (_, i) => i + 1).filter(
          (seq) => seq > first && !seqs.includes(seq),
        );
        assert.deepEqual(missing(afterAll(seqs)), expected);
      }),
    );
  });

  test('miss nothing whatever the order is in which they come', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }).chain((n) =>
          fc.shuffledSubarray(
            Array.from({ length: n }, (_, i) => i + 2),
            { minLength: n },
          ),
        ),
        (seqs) => assert.deepEqual(missing(afterAll([1, ...seqs])), []),
      ),
    );
  });

  test('are the same object as long as nothing is new', () => {
    const numbers = afterAll([3, 4, 6, 8]);
    assert.equal(afterAll([1, 2, 4, 6, 8, 3], numbers), numbers);
    assert.equal(drained(numbers, START), numbers);
    assert.equal(aged(numbers, START, TTL), numbers);
    assert.equal(asked(numbers, 1, START).numbers, numbers);
    assert.equal(repeated(numbers, 2, 0), numbers);
  });

  test('begin with one that was written after this device was added', () => {
    const before = afterAll([3], [], { begins: false });
    assert.deepEqual(before, []);
    assert.deepEqual(missing(afterAll([9, 10], before)), []);
  });

  test('are counted apart for each device', () => {
    const numbers = counted(afterAll([1, 2]), 2, 7, {
      ...{ order: 9, sentMs: START, nowMs: START, drained: true, begins: true },
    });
    assert.deepEqual(missing(numbers), []);
    assert.deepEqual(missing(afterAll([4], numbers)), [3]);
  });

  test('stay within a bound, the newest gaps kept', () => {
    const odd = Array.from({ length: 200 }, (_, i) => 2 * i + 1);
    const kept = missing(afterAll(odd));
    assert.equal(kept.length, 32);
    assert.equal(kept.at(-1), 398);
    let numbers = afterAll([1]);
    for (let device = 2; device < 50; device++)
      numbers = counted(numbers, device, 1, {
        ...{ order: 1, sentMs: 0, nowMs: 0, drained: true, begins: true },
      });
    assert.equal(numbers.length, 16);
    const [widest] = holesOf(afterAll([1, 2 ** 32 - 1]));
    assert.deepEqual([widest?.from, widest?.to], [2, 2 ** 32 - 2]);
  });
});

describe('a missing number', () => {
  test('is told ten minutes after the mailbox was drained, and lost when its time is over', () => {
    const waiting = afterAll([1, 3], [], { drained: false, nowMs: START });
    assert.equal(
      nextMs(waiting, TTL, () => true),
      Number.POSITIVE_INFINITY,
    );
    assert.deepEqual(states(aged(waiting, START + DAY, TTL)), ['quiet']);

    const due = drained(waiting, START + HOUR);
    assert.equal(
      nextMs(due, TTL, () => true),
      START + HOUR + 10 * MINUTE,
    );
    assert.deepEqual(states(aged(due, START + HOUR + 10 * MINUTE - 1, TTL)), ['quiet']);

    const open = aged(due, START + HOUR + 10 * MINUTE, TTL);
    assert.deepEqual(states(open), ['open']);
    assert.equal(
      nextMs(open, TTL, () => false),
      START + TTL,
    );
    assert.deepEqual(states(aged(open, START + TTL, TTL)), ['lost']);
    assert.deepEqual(missing(afterAll([2], aged(open, START + TTL, TTL))), []);
  });

  test('is asked for three times, at growing intervals', () => {
    let numbers = aged(afterAll([1, 3], [], { nowMs: START }), START + 10 * MINUTE, TTL);
    const asks = [];
    for (let nowMs = START + 10 * MINUTE; nowMs < START + 3 * DAY; nowMs += MINUTE) {
      const { seqs, numbers: after } = asked(numbers, 1, nowMs);
      if (seqs.length > 0) asks.push((nowMs - START) / MINUTE);
      numbers = after;
    }
    assert.deepEqual(asks, [10, 70, 190]);
    assert.equal(
      nextMs(numbers, TTL, () => true),
      START + TTL,
    );
  });

  test('waits for the interval of the others, and 64 go at once', () => {
    let numbers = aged(afterAll([1, 150], [], { nowMs: START }), START + 10 * MINUTE, TTL);
    /** @type {number[][]} */
    const asks = [];
    for (let nowMs = START + 10 * MINUTE; nowMs < START + DAY; nowMs += MINUTE) {
      const { seqs, numbers: after } = asked(numbers, 1, nowMs);
      if (seqs.length > 0) asks.push(seqs);
      numbers = after;
    }
    assert.ok(asks.every((seqs) => seqs.length <= 64));
    assert.deepEqual(
      asks.flat().slice(0, 148),
      Array.from({ length: 148 }, (_, i) => i + 2),
      'each once before one of them twice',
    );
    assert.equal(asks.flat().length, 3 * 148);
    for (let seq = 2; seq < 150; seq++) assert.equal(asks.flat().filter((one) => one === seq).length, 3);
  });

  test('is filled by the message that a remaining device repeats, by the time it was written', () => {
    const numbers = afterAll([1, 3, 5, 9]);
    assert.deepEqual(missing(repeated(numbers, 1, START + 4000)), [2, 6, 7, 8]);
    assert.deepEqual(missing(repeated(numbers, 1, START + 6000)), [2, 4, 7, 8]);
    assert.equal(repeated(numbers, 1, START + 10_000), numbers, 'one that was the last');
  });
});
