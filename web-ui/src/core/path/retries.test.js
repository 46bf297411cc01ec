import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualTime } from '../model/virtual-time.js';
import { Retries } from './retries.js';

/** @param {{ aheadMs: number }} [clock] of the wall */
function scene(clock = { aheadMs: 0 }) {
  const time = new VirtualTime();
  const environment = {
    now: () => time.now() + clock.aheadMs,
    elapsed: () => time.elapsed(),
    after: time.after.bind(time),
  };
  return { time, retries: new Retries(/** @type {any} */ (environment)) };
}

test('tries follow each other after 30 s, doubling up to half an hour', async () => {
  const { time, retries } = scene();
  const waits = [];
  for (let i = 0; i < 8; i++) {
    const from = time.elapsed();
    let tried = false;
    retries.later('lane', null, () => {
      tried = true;
    });
    await time.until(() => tried, 'the try', 3_600_000);
    waits.push((time.elapsed() - from) / 1000);
  }
  assert.deepEqual(waits, [30, 60, 120, 240, 480, 960, 1800, 1800]);
});

test('a channel that was good for ten seconds is opened again at once, though the clock was set back', async () => {
  const clock = { aheadMs: 0 };
  const { time, retries } = scene(clock);
  const openedMs = time.elapsed();
  await time.run(10_000);
  clock.aheadMs = -86_400_000;
  let tried = false;
  retries.later('lane', openedMs, () => {
    tried = true;
  });
  await time.run(1000);
  assert.equal(tried, true);
});

test('a channel that was good for less is not, though the clock was set forward', async () => {
  const clock = { aheadMs: 0 };
  const { time, retries } = scene(clock);
  const openedMs = time.elapsed();
  await time.run(5000);
  clock.aheadMs = 86_400_000;
  let tried = false;
  retries.later('lane', openedMs, () => {
    tried = true;
  });
  await time.run(29_999);
  assert.equal(tried, false);
});
