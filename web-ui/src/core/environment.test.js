import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { browserEnvironment } from './environment.js';

const DAY = 86_400_000;

test('a wait longer than a browser can count lasts as long as it was asked for', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const task = mock.fn();
  browserEnvironment.after(task, 40.5 * DAY);
  const waits = [];
  for (let hours = 0; task.mock.callCount() === 0; hours += 12) {
    waits.push(hours);
    context.mock.timers.tick(DAY / 2);
  }
  assert.equal(waits.length, 81);
  context.mock.timers.tick(90 * DAY);
  assert.equal(task.mock.callCount(), 1);
});

test('no timer is set that a browser would end at once', (context) => {
  const waits = /** @type {number[]} */ ([]);
  context.mock.method(
    globalThis,
    'setTimeout',
    (/** @type {() => void} */ next, /** @type {number} */ ms) => {
      waits.push(ms);
      if (waits.length < 50) next();
    },
  );
  browserEnvironment.after(() => {}, 40 * DAY);
  assert.equal(waits.length, 40);
  assert.ok(waits.every((ms) => ms <= DAY));
});

test('a long wait can be cancelled at any time', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const task = mock.fn();
  const cancel = browserEnvironment.after(task, 3 * DAY);
  for (const _ of [1, 2]) context.mock.timers.tick(DAY);
  cancel();
  context.mock.timers.tick(90 * DAY);
  assert.equal(task.mock.callCount(), 0);
});
