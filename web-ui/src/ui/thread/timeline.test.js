import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timeline } from './timeline.js';

const NOON = new Date(2026, 4, 5, 12).getTime();
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** @param {number} order @param {number} sentMs @param {'in' | 'out'} [direction] */
const row = (order, sentMs, direction = 'in') => ({
  id: `m${order}`,
  chatId: 'c',
  direction,
  text: '',
  sentMs,
  order,
});

/** @param {ReturnType<typeof timeline>} days */
const shape = (days) =>
  days.map(({ items }) =>
    items.map((item) =>
      item.kind === 'row' ? `${item.row.id}${item.group && ` ${item.group}`}` : item.kind,
    ),
  );

test('groups one sender within three minutes', () => {
  const days = timeline(
    [
      row(1, NOON),
      row(2, NOON + MINUTE),
      row(3, NOON + 2 * MINUTE, 'out'),
      row(4, NOON + 3 * MINUTE),
      row(5, NOON + 7 * MINUTE),
    ],
    undefined,
  );

  assert.deepEqual(shape(days), [
    ['day', 'm1 start', 'm2 end', 'm3 start end', 'm4 start end', 'm5 start end'],
  ]);
});

test('begins a day with its divider, and the unread rows with theirs', () => {
  const days = timeline([row(1, NOON - DAY), row(2, NOON), row(3, NOON + MINUTE)], 'm3');

  assert.deepEqual(shape(days), [
    ['day', 'm1 start end'],
    ['day', 'm2 start end', 'unread', 'm3 start end'],
  ]);
});

test('what is missing stands before its row and parts the group', () => {
  const rows = [row(4, NOON), row(5, NOON), row(6, NOON), row(7, NOON)];
  const gap = (/** @type {number} */ order, /** @type {boolean} */ lost) => ({ order, lost, count: 1 });

  assert.deepEqual(shape(timeline(rows, 'm7', [gap(3, true), gap(6, true), gap(6, false), gap(7, false)])), [
    ['day', 'm4 start', 'm5 end', 'gap', 'gap', 'm6 start end', 'unread', 'gap', 'm7 start end'],
  ]);
});

test('a row sent earlier than what stands before it stays in place and is late', () => {
  const days = timeline([row(1, NOON), row(2, NOON - 3 * DAY), row(3, NOON + MINUTE)], undefined);

  assert.equal(days.length, 1);
  assert.deepEqual(
    days[0]?.items.map((item) => item.kind === 'row' && item.late),
    [false, false, true, false],
  );
});
