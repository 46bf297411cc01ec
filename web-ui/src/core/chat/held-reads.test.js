import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Disk, MemoryDatabase } from '../model/memory-database.js';
import { Scratch } from '../scratch.js';
import { holdReads, wasReadElsewhere } from './held-reads.js';

const CONV = new Uint8Array(16).fill(1);
const OTHER = new Uint8Array(16).fill(2);
const id = (/** @type {number} */ i) => new Uint8Array(16).fill(i >> 8, 0, 8).fill(i & 255, 8);
const ids = (/** @type {number} */ from, /** @type {number} */ to) =>
  Array.from({ length: to - from }, (_, i) => id(from + i));

test('five hundred names wait, the oldest forgotten, each until it is asked for', async () => {
  const scratch = new Scratch(new MemoryDatabase(new Disk()));
  for (const from of [0, 200, 400]) await holdReads(scratch, CONV, ids(from, from + 200), 1);
  assert.equal(await wasReadElsewhere(scratch, CONV, id(99), 2), false);
  assert.equal(await wasReadElsewhere(scratch, OTHER, id(100), 2), false, 'of another conversation');
  assert.equal(await wasReadElsewhere(scratch, CONV, id(100), 2), true);
  assert.equal(await wasReadElsewhere(scratch, CONV, id(100), 2), false);
  assert.equal((await scratch.get('held', ['reads'])).waiting.length, 499);
});

test('a name that waits already waits once, and nothing is left when all are asked for', async () => {
  const scratch = new Scratch(new MemoryDatabase(new Disk()));
  for (let i = 0; i < 3; i++) await holdReads(scratch, CONV, ids(0, 2), 1);
  for (const msgId of ids(0, 2)) assert.equal(await wasReadElsewhere(scratch, CONV, msgId, 2), true);
  assert.equal(await scratch.get('held', ['reads']), undefined);
});
