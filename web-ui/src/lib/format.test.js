import assert from 'node:assert/strict';
import { test } from 'node:test';

Object.assign(globalThis, { document: { documentElement: { lang: 'en' } } });
Object.defineProperty(globalThis, 'navigator', { value: { language: 'en-GB' }, configurable: true });
const { brief, day, daysAgo, startOfDay, time } = await import('./format.js');

const NOW = new Date(2026, 2, 31, 0, 30).getTime();
const WORDS = { today: 'Today', yesterday: 'Yesterday' };
/** @param {number} days @param {number} [hour] */
const ago = (days, hour = 12) => new Date(2026, 2, 31 - days, hour).getTime();

test('a day is named by the calendar, not by 24 hours', () => {
  assert.equal(day(new Date(2026, 2, 30, 23, 50).getTime(), NOW, WORDS), 'Yesterday');
  assert.equal(day(NOW - 60_000, NOW, WORDS), 'Today');
});

test('a week by weekday, older by date, another year with the year', () => {
  assert.equal(day(ago(3), NOW, WORDS), 'Saturday');
  assert.equal(day(ago(8), NOW, WORDS), 'March 23');
  assert.equal(day(new Date(2024, 11, 24).getTime(), NOW, WORDS), 'December 24, 2024');
});

test('a day of 23 or 25 hours is one day', () => {
  for (let month = 0; month < 12; month++) {
    for (let date = 1; date <= 28; date++) {
      const a = new Date(2026, month, date, 12).getTime();
      const b = new Date(2026, month, date + 1, 1).getTime();
      assert.equal(daysAgo(a, b), 1);
      assert.equal(startOfDay(b), new Date(2026, month, date + 1).getTime());
    }
  }
});

test('the clock follows the reader, in the list the brief form', () => {
  assert.equal(time(new Date(2026, 2, 31, 15, 5).getTime()), '15:05');
  assert.equal(brief(ago(1), NOW, WORDS), 'Yesterday');
  assert.equal(brief(ago(2), NOW, WORDS), 'Sun');
});
