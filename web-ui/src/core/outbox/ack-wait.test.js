import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../../test/seeded.js';
import { VirtualTime } from '../model/virtual-time.js';
import { AckWait } from './ack-wait.js';

const SIZE = 500;

/** @param {{ put?: number, left?: number, limitMs?: number }} [path] bytes in this device's own queue before */
function scene({ put = 0, left = put, limitMs = 1000 } = {}) {
  const time = new VirtualTime();
  const environment = { elapsed: () => time.elapsed(), after: time.after.bind(time) };
  const path = { limitMs, put, left };
  const timing = { limitMs: () => path.limitMs, queue: () => ({ put: path.put, left: path.left }) };
  /** @type {{ atMs: number, waitedMs: number }[]} */
  const overdue = [];
  const wait = new AckWait(/** @type {any} */ (environment), timing, SIZE, (waitedMs) =>
    overdue.push({ atMs: time.elapsed(), waitedMs }),
  );
  path.put += SIZE;
  return { time, path, overdue, wait };
}

test('an envelope that leaves at once is overdue after what an acknowledgement takes at most', async () => {
  const { time, path, overdue } = scene();
  path.left = path.put;
  await time.run(999);
  assert.deepEqual(overdue, []);
  await time.run(60_000);
  assert.deepEqual(overdue, [{ atMs: 1000, waitedMs: 1000 }], 'once');
});

test('one that is acknowledged is never overdue', async () => {
  const { time, overdue, wait } = scene();
  await time.run(500);
  wait.cancel();
  await time.run(60_000);
  assert.deepEqual(overdue, []);
});

test('the time in the own queue does not count, while that gets shorter', async () => {
  const { time, path, overdue } = scene({ put: 100_000, left: 0 });
  for (let passed = 0; passed < 10_000; passed += 100) {
    path.left = Math.min(path.put, path.left + 1005);
    await time.run(100);
  }
  assert.deepEqual(overdue, []);
  path.left = path.put;
  await time.run(2000);
  assert.equal(overdue.length, 1);
});

test('a queue that stands still is a path that does not answer', async () => {
  const { time, path, overdue } = scene({ put: 100_000, left: 0 });
  path.left = 4000; // what the window of an association takes
  await time.run(1999);
  assert.deepEqual(overdue, []);
  await time.run(1);
  assert.deepEqual(overdue, [{ atMs: 2000, waitedMs: 1000 }]);
});

test('the acknowledgement of one that went before begins the wait anew', async () => {
  const { time, path, overdue, wait } = scene();
  path.left = path.put;
  for (let i = 0; i < 5; i++) {
    await time.run(900);
    wait.renew();
  }
  assert.deepEqual(overdue, []);
  await time.run(1000);
  assert.deepEqual(overdue, [{ atMs: 5500, waitedMs: 1000 }]);
});

test('a path that is found to be slower meanwhile is given more time', async () => {
  const { time, path, overdue } = scene();
  path.left = path.put;
  await time.run(500);
  path.limitMs = 1500;
  await time.run(60_000);
  assert.deepEqual(overdue, [{ atMs: 1500, waitedMs: 1500 }]);
});

test('however slowly it comes forward, the next path takes it after twenty seconds', async () => {
  const { time, path, overdue } = scene({ put: 1_000_000, left: 0 });
  for (let passed = 0; passed < 60_000; passed += 100) {
    path.left += 10;
    await time.run(100);
  }
  assert.deepEqual(
    overdue.map(({ atMs }) => atMs),
    [20_000],
  );
});

test('after a path was cut an envelope waits two limits at most, one if it had left at once', async () => {
  const cut = fc.record({
    inFront: fc.integer({ min: 0, max: 1_048_576 }),
    perTick: fc.integer({ min: 1, max: 100_000 }),
    cutMs: fc.integer({ min: 0, max: 15_000 }),
    limitMs: fc.integer({ min: 1000, max: 2000 }),
  });
  await fc.assert(
    fc.asyncProperty(cut, async ({ inFront, perTick, cutMs, limitMs }) => {
      const { time, path, overdue } = scene({ put: inFront, left: 0, limitMs });
      let leftMs = 0; // when it left the queue, or the queue stood still
      for (let nowMs = 0; nowMs < 40_000; nowMs += 100) {
        if (nowMs < cutMs && path.left < path.put) {
          path.left = Math.min(path.put, path.left + perTick);
          leftMs = nowMs;
        }
        await time.run(100);
      }
      const [first = { atMs: Number.NaN }] = overdue;
      assert.equal(overdue.length, 1);
      assert.ok(first.atMs >= limitMs);
      const leftAtOnce = inFront === 0 && perTick >= SIZE;
      assert.ok(first.atMs <= leftMs + (leftAtOnce ? 1 : 2) * limitMs, `${first.atMs}, ${leftMs}`);
      assert.ok(first.atMs <= 20_000);
    }),
    { numRuns: 30 },
  );
});
