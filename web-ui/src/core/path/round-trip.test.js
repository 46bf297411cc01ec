import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../../test/seeded.js';
import { VirtualTime } from '../model/virtual-time.js';
import { RoundTrip } from './round-trip.js';

function scene() {
  const time = new VirtualTime();
  /** @type {RoundTrip<number>} */
  const roundTrip = new RoundTrip(/** @type {any} */ ({ elapsed: () => time.elapsed() }));
  let last = 0;
  return {
    time,
    roundTrip,
    /** An envelope that is acknowledged after `ms`. @param {number} ms */
    async take(ms, isQueued = false) {
      const key = ++last;
      roundTrip.sent(key, isQueued);
      await time.run(ms);
      roundTrip.acknowledged(key);
    },
  };
}

test('a path that was never measured gets a second and a half, a quick one a second', async () => {
  const { roundTrip, take } = scene();
  assert.equal(roundTrip.limitMs, 1500);
  await take(20);
  assert.equal(roundTrip.limitMs, 1000);
});

test('the limit follows a path that becomes slower, and one that becomes quicker', async () => {
  const { roundTrip, take } = scene();
  await take(20);
  for (let i = 0; i < 30; i++) await take(900);
  assert.ok(roundTrip.limitMs > 1100 && roundTrip.limitMs <= 1500, `${roundTrip.limitMs}`);
  for (let i = 0; i < 60; i++) await take(20);
  assert.equal(roundTrip.limitMs, 1000);
});

test('a path of an even pace is never given less than it takes, up to the two seconds of the protocol', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 5000 }),
      fc.integer({ min: 1, max: 40 }),
      async (ms, count) => {
        const { roundTrip, take } = scene();
        for (let i = 0; i < count; i++) {
          await take(ms);
          assert.ok(roundTrip.limitMs >= Math.min(ms + 1, 2000), `${roundTrip.limitMs} after ${i} of ${ms}`);
        }
      },
    ),
  );
});

test('whatever was measured, the limit is one to two seconds, and below two where the path is usually quick', async () => {
  const took = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 50 });
  await fc.assert(
    fc.asyncProperty(took, async (all) => {
      const { roundTrip, take } = scene();
      for (const ms of all) await take(ms);
      assert.ok(roundTrip.limitMs >= 1000 && roundTrip.limitMs <= 2000);
      if (Math.max(...all) <= 1000) assert.ok(roundTrip.limitMs <= 1500);
    }),
  );
});

test('the time in the own queue is not measured', async () => {
  const { roundTrip, take } = scene();
  await take(1900, true);
  assert.equal(roundTrip.limitMs, 1500, 'still unknown');
});

test('of an envelope that was sent twice nobody knows which one is acknowledged', async () => {
  const { time, roundTrip } = scene();
  roundTrip.sent(1, false);
  await time.run(1900);
  roundTrip.sent(1, false);
  await time.run(10);
  roundTrip.acknowledged(1);
  assert.equal(roundTrip.limitMs, 1500, 'still unknown');
});

test('one that nobody acknowledges is measured no longer than an acknowledgement may take', async () => {
  const { time, roundTrip, take } = scene();
  roundTrip.sent(-1, false);
  await take(20);
  assert.equal(roundTrip.limitMs, 1500, 'one at a time');
  await time.run(30_000);
  await take(20);
  await take(20);
  assert.equal(roundTrip.limitMs, 1000);
});
