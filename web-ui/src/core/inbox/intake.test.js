import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualTime } from '../model/virtual-time.js';
import { Intake } from './intake.js';

/** An intake whose commits wait for the test. */
function scene() {
  const time = new VirtualTime();
  /** @type {(() => void)[]} */
  const commits = [];
  let taken = 0;
  /** What goes wrong with the next units of work. @type {Error[]} */
  const failures = [];
  /** @type {unknown[]} */
  const faults = [];
  const transactions = {
    run: async (/** @type {(scratch: any) => Promise<any>} */ work) => {
      const verdicts = await work({ fork: () => ({}), adopt() {} });
      await new Promise((resolve) => commits.push(() => resolve(undefined)));
      if (failures.length > 0) throw failures.shift();
      return verdicts;
    },
  };
  const receiver = {
    async prepare() {},
    async receive() {
      taken += 1;
      return 'acknowledge';
    },
  };
  const environment = { after: time.after.bind(time) };
  const intake = new Intake(
    /** @type {any} */ (transactions),
    /** @type {any} */ (receiver),
    /** @type {any} */ (environment),
    (error) => faults.push(error),
  );
  let acknowledged = 0;
  return {
    intake,
    /** @param {number} count @param {number} size */
    arrive(count, size) {
      for (let i = 0; i < count; i++) intake.takeLive(new Uint8Array(size), () => acknowledged++);
    },
    /** Every commit comes to disk. */
    async settle() {
      await time.run(0);
      while (commits.length > 0) {
        commits.shift()?.();
        await time.run(0);
      }
    },
    hold: () => intake.expectMail(),
    pass: (/** @type {number} */ ms) => time.run(ms),
    release: () => intake.mailboxDrained(),
    fail: (/** @type {Error} */ error) => void failures.push(error),
    counts: () => {
      assert.deepEqual(faults.splice(0), []);
      return { taken, acknowledged };
    },
    faults,
  };
}

test('what comes is taken and acknowledged, however often', async () => {
  const { arrive, settle, counts } = scene();
  for (let round = 0; round < 3; round++) {
    arrive(1000, 4000);
    await settle();
  }
  assert.deepEqual(counts(), { taken: 3000, acknowledged: 3000 });
});

test('a flood of small envelopes is dropped beyond a thousand, unacknowledged', async () => {
  const { arrive, hold, release, settle, counts } = scene();
  hold();
  arrive(5000, 300);
  release();
  await settle();
  assert.deepEqual(counts(), { taken: 1024, acknowledged: 1024 });
  arrive(10, 300);
  await settle();
  assert.deepEqual(counts(), { taken: 1034, acknowledged: 1034 }, 'and there is room again');
});

test('a live path waits less for the mailbox than a sender waits for it, however often mail is hinted at', async () => {
  const { arrive, hold, pass, settle, counts } = scene();
  hold();
  arrive(1, 300);
  for (let passed = 0; passed < 700; passed += 100) {
    await pass(100);
    hold();
    if (passed < 500) assert.equal(counts().taken, 0, 'it waits');
    if (counts().taken > 0) break;
  }
  await settle();
  assert.deepEqual(counts(), { taken: 1, acknowledged: 1 });
});

test('what waits is taken when something comes, though a unit of work failed and there is no room', async () => {
  const { arrive, settle, fail, faults, counts } = scene();
  arrive(1, 300);
  arrive(1024, 300);
  fail(new Error('the disk is full'));
  await settle();
  assert.equal(faults.splice(0).length, 1);
  assert.deepEqual(counts(), { taken: 1, acknowledged: 0 });
  arrive(1, 300);
  await settle();
  assert.deepEqual(counts(), { taken: 1025, acknowledged: 1024 });
});

test('a flood of large ones is dropped beyond eight MiB', async () => {
  const { arrive, hold, release, settle, counts } = scene();
  hold();
  arrive(1000, 40_000);
  release();
  await settle();
  const most = Math.floor(8_388_608 / 40_000);
  assert.deepEqual(counts(), { taken: most, acknowledged: most });
  arrive(most, 40_000);
  await settle();
  assert.equal(counts().acknowledged, 2 * most);
});
