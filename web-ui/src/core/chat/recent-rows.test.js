import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recentRows } from './recent-rows.js';

/** @param {number[]} times newest row first */
async function recentOf(times) {
  let read = 0;
  async function* rows() {
    for (const storedMs of times) {
      read += 1;
      yield/** @type {any} */ ({ storedMs });
    }
  }
  const found = [];
  for await (const { storedMs } of recentRows(rows(), (row) => row.storedMs >= 100)) found.push(storedMs);
  return { found, read };
}

test('rows of a clock that was behind hide none of those before them', async () => {
  const old = Array(199).fill(1);
  const { found } = await recentOf([300, 1, 200, ...old, 150, ...old, 120]);
  assert.deepEqual(found, [300, 200, 150, 120]);
});

test('a long chat is not read to its beginning', async () => {
  const { found, read } = await recentOf([300, ...Array(1000).fill(1)]);
  assert.deepEqual(found, [300]);
  assert.equal(read, 201);
});
