import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Queue } from './queue.js';

test('tasks never overlap and keep their order', async () => {
  const queue = new Queue();
  const log = /** @type {string[]} */ ([]);
  const task = (/** @type {string} */ name) => async () => {
    log.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    log.push(`${name} ends`);
    return name;
  };

  const results = await Promise.all([queue.run(task('a')), queue.run(task('b')), queue.run(task('c'))]);

  assert.deepEqual(results, ['a', 'b', 'c']);
  assert.deepEqual(log, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

test('a failing task rejects for its caller alone', async () => {
  const queue = new Queue();

  const failing = queue.run(() => Promise.reject(new Error('refused')));
  const following = queue.run(() => 'ran');

  await assert.rejects(failing, /refused/);
  assert.equal(await following, 'ran');
});
