import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Disk, MemoryDatabase } from '../model/memory-database.js';
import { VirtualTime } from '../model/virtual-time.js';
import { Scratch } from '../scratch.js';
import { Dispatch } from './dispatch.js';
import { newItem } from './item.js';
import { Outbox } from './outbox.js';

const account = new Uint8Array(16).fill(7);
const device = 1;

/** Sealed items to a device, with paths that do as they are told. */
async function items(count = 1) {
  const time = new VirtualTime();
  const outbox = new Outbox();
  const environment = /** @type {any} */ ({
    now: () => time.now(),
    elapsed: () => time.elapsed(),
    after: (/** @type {() => void} */ task, /** @type {number} */ ms) => time.after(task, ms),
  });
  const open = { P: false, R: true, S: false };
  const full = { P: false };
  const limits = { P: 1500, R: 1500 };
  const queue = { put: 0, left: 0 };
  /** @type {string[]} */
  const sent = [];
  /** @type {[string, number][]} */
  const suspected = [];
  const live = (/** @type {'P' | 'R'} */ path) => ({
    isOpen: () => open[path],
    limitMs: () => limits[path],
    queue: () => ({ ...queue }),
    send: () => sent.push(path) > 0,
    suspect(/** @type {unknown} */ _account, /** @type {unknown} */ _device, /** @type {number} */ waitedMs) {
      suspected.push([path, waitedMs]);
    },
  });
  const dispatch = new Dispatch(outbox, environment, async (item) => {
    const scratch = new Scratch(new MemoryDatabase(new Disk()));
    outbox.remove(scratch, item);
    await scratch.commit();
  });
  dispatch.connect({
    P: { ...live('P'), isFull: () => full.P },
    R: live('R'),
    S: { accepts: () => open.S, send: () => sent.push('S') },
  });
  const content = { ctype: 1, msgId: new Uint8Array(16), convId: account, sentMs: 0, seq: 1, body: {} };
  const put = async (/** @type {number} */ number, to = device) => {
    const item = newItem({
      number,
      account,
      device: to,
      content,
      inRow: false,
      sender: 2,
      nowMs: time.now(),
    });
    const scratch = new Scratch(new MemoryDatabase(new Disk()));
    outbox.put(scratch, { ...item, envelope: new Uint8Array(3), envelopeId: new Uint8Array(16) });
    await scratch.commit();
  };
  for (let number = 1; number <= count; number++) await put(number);
  return { time, dispatch, outbox, open, full, limits, queue, sent, suspected, put };
}

test('an item goes by the first open path, and by the next when nobody takes it in the time of that path', async () => {
  const { time, open, limits, sent, suspected, put } = await items(0);
  open.P = open.S = true;
  Object.assign(limits, { P: 1000, R: 1234 });
  await put(1);
  await time.run(999);
  assert.deepEqual(sent, ['P']);
  await time.run(1);
  assert.deepEqual(sent, ['P', 'R']);
  await time.run(1233);
  assert.deepEqual(sent, ['P', 'R']);
  await time.run(1);
  assert.deepEqual(sent, ['P', 'R', 'S']);
  assert.deepEqual(suspected, [
    ['P', 1000],
    ['R', 1234],
  ]);
});

test('of many items none is late while those before it are taken one after the other', async () => {
  const { time, dispatch, outbox, open, sent } = await items(5);
  open.S = true;
  const under = outbox.to(account, device);
  for (const item of under.slice(0, 4)) {
    await time.run(1400);
    dispatch.acknowledged(item, 'R');
  }
  assert.deepEqual(sent, ['R', 'R', 'R', 'R', 'R']);
  await time.run(1499);
  assert.deepEqual(sent.length, 5);
  await time.run(1);
  assert.deepEqual(sent, ['R', 'R', 'R', 'R', 'R', 'S'], 'the last one, of which nobody heard');
});

test('an item that was passed over is late, though later ones are taken', async () => {
  const { time, dispatch, outbox, open, sent } = await items(3);
  open.S = true;
  const [, second, third] = outbox.to(account, device);
  for (const item of [second, third]) {
    await time.run(700);
    if (item) dispatch.acknowledged(item, 'R');
  }
  await time.run(100);
  assert.deepEqual(sent, ['R', 'R', 'R', 'S']);
});

test('on R, where all go by one socket, none is late while those before it to other devices are taken', async () => {
  const { time, dispatch, outbox, open, sent, put } = await items(2);
  open.S = true;
  await put(3, 2);
  const [first, second] = outbox.to(account, device);
  for (const item of [first, second]) {
    await time.run(1400);
    if (item) dispatch.acknowledged(item, 'R');
  }
  assert.deepEqual(sent, ['R', 'R', 'R']);
  await time.run(1500);
  assert.deepEqual(sent, ['R', 'R', 'R', 'S']);
});

test('on P each device has a channel of its own, which says nothing of the others', async () => {
  const { time, dispatch, outbox, open, sent, put } = await items(0);
  Object.assign(open, { P: true, R: false, S: true });
  await put(1);
  await put(2, 2);
  await time.run(1400);
  const [first] = outbox.to(account, device);
  if (first) dispatch.acknowledged(first, 'P');
  await time.run(100);
  assert.deepEqual(sent, ['P', 'P', 'S']);
});

test('one that has waited longest goes alone: the path it comes forward on is no suspect', async () => {
  const { time, open, queue, sent, suspected, put } = await items(0);
  open.S = true;
  queue.put = 1_000_000;
  await put(1);
  for (let passed = 0; passed < 24_000; passed += 100) {
    queue.left += 10;
    if (passed === 5000) await put(2);
    await time.run(100);
  }
  assert.deepEqual(sent, ['R', 'R', 'S']);
  assert.deepEqual(suspected, []);
});

test('what another path acknowledges says nothing of this one', async () => {
  const { time, dispatch, outbox, open, sent } = await items(2);
  open.S = true;
  const [first] = outbox.to(account, device);
  await time.run(1400);
  if (first) dispatch.acknowledged(first, 'P');
  await time.run(100);
  assert.deepEqual(sent, ['R', 'R', 'S']);
});

test('while the mailbox waits, a path that failed is not tried again before it opens anew', async () => {
  const { time, dispatch, sent } = await items();
  await time.run(60_000);
  assert.deepEqual(sent, ['R']);
  dispatch.resume(account, device);
  await time.run(60_000);
  assert.deepEqual(sent, ['R']);
  dispatch.reopened(account, device);
  await time.run(1);
  assert.deepEqual(sent, ['R', 'R']);
});

test('a full path is waited for, and taken up again when there is room', async () => {
  const { time, dispatch, open, full, sent, put } = await items(0);
  open.P = true;
  await put(1);
  await time.run(0);
  full.P = true;
  await put(2);
  await time.run(1000);
  assert.deepEqual(sent, ['P'], 'neither there nor past it');
  full.P = false;
  dispatch.resume(account, device);
  await time.run(0);
  assert.deepEqual(sent, ['P', 'P']);
});

test('a full path that closes is waited for no longer', async () => {
  const { time, dispatch, open, full, sent, put } = await items(0);
  open.P = true;
  full.P = true;
  await put(1);
  await time.run(1000);
  assert.deepEqual(sent, []);
  open.P = false;
  dispatch.resume(account, device);
  await time.run(0);
  assert.deepEqual(sent, ['R']);
});
