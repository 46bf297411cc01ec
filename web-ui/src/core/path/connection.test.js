import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Connection } from './connection.js';

function scene() {
  /** @type {import('../protocol.js').Connection[]} */
  const told = [];
  const connection = new Connection(
    /** @type {any} */ ((/** @type {string} */ _notice, /** @type {any} */ state) => told.push(state)),
  );
  return { connection, told };
}

test('one lost socket is a moment of connecting', () => {
  const { connection, told } = scene();
  connection.socket({ state: 'online' });
  connection.socket({ state: 'waiting', nextTryMs: 1000, failures: 1 });
  connection.socket({ state: 'connecting' });
  connection.socket({ state: 'online' });
  assert.deepEqual(
    told.map(({ state }) => state),
    ['online', 'connecting', 'online'],
  );
});

test('a server that says hello and closes is away in the pauses that grow, and each says when it ends', () => {
  const { connection, told } = scene();
  for (const failures of [1, 2, 3]) {
    connection.socket({ state: 'online' });
    connection.socket({ state: 'waiting', nextTryMs: 1000 * failures, failures });
    connection.socket({ state: 'connecting' });
  }
  assert.deepEqual(told, [
    { state: 'online' },
    { state: 'connecting' },
    { state: 'online' },
    { state: 'unreachable', nextTryMs: 2000 },
    { state: 'online' },
    { state: 'unreachable', nextTryMs: 3000 },
  ]);
});
