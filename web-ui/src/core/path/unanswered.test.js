import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualTime } from '../model/virtual-time.js';
import { Unanswered } from './unanswered.js';

function scene() {
  const time = new VirtualTime();
  const environment = { elapsed: () => time.elapsed(), after: time.after.bind(time) };
  /** @type {Unanswered<number, string>} */
  const unanswered = new Unanswered(/** @type {any} */ (environment));
  return { time, unanswered };
}

test('an answer is taken once', () => {
  const { unanswered } = scene();
  unanswered.add(1, 'one');
  assert.equal(unanswered.get(1), 'one');
  assert.equal(unanswered.take(1), 'one');
  assert.equal(unanswered.take(1), undefined);
});

test('what nobody answers is released within a minute, without anything else happening', async () => {
  const { time, unanswered } = scene();
  for (let i = 0; i < 1000; i++) unanswered.add(i, `item ${i}`);
  await time.run(20_000);
  unanswered.add(1000, 'later');
  await time.run(10_000);
  assert.equal(unanswered.size, 1, 'the first ones are gone');
  assert.equal(unanswered.get(1000), 'later');
  await time.run(30_000);
  assert.equal(unanswered.size, 0);
});

test('what a path that ended leaves is handed out in its order', async () => {
  const { time, unanswered } = scene();
  unanswered.add(1, 'one');
  unanswered.add(2, 'two');
  unanswered.add(1, 'one again');
  assert.deepEqual(unanswered.takeAll(), ['two', 'one again']);
  assert.deepEqual(unanswered.takeAll(), []);
  await time.run(60_000);
  assert.equal(unanswered.size, 0);
});
