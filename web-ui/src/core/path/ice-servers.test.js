import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualTime } from '../model/virtual-time.js';
import { iceServersOf } from './ice-servers.js';

/** A server whose answers the test gives, and a wall clock that the test sets. */
function scene() {
  const time = new VirtualTime();
  const clock = { aheadMs: 0 };
  /** @type {((urls: string | null) => void)[]} */
  const waiting = [];
  const api = {
    ice: () =>
      new Promise((resolve, reject) => {
        waiting.push((urls) =>
          urls ? resolve({ iceServers: [{ urls }], expiresIn: 600 }) : reject(new Error('away')),
        );
      }),
  };
  const environment = { now: () => time.now() + clock.aheadMs, elapsed: () => time.elapsed() };
  const ask = iceServersOf(/** @type {any} */ (api), /** @type {any} */ (environment));
  return {
    time,
    clock,
    waiting,
    /** @param {string | null} urls of the one question that is asked */
    async answered(urls) {
      const asked = ask();
      assert.equal(waiting.length, 1, 'it asks');
      waiting.pop()?.(urls);
      return asked;
    },
    ask,
  };
}

test('one question serves all who ask at the same time', async () => {
  const { ask, waiting } = scene();
  const both = Promise.all([ask(), ask()]);
  assert.equal(waiting.length, 1);
  waiting.pop()?.('turn:one');
  assert.deepEqual(await both, [[{ urls: 'turn:one' }], [{ urls: 'turn:one' }]]);
});

test('servers are asked for again a minute before their credentials end', async () => {
  const { time, answered, ask, waiting } = scene();
  await answered('turn:one');
  await time.run(539_000);
  assert.deepEqual(await ask(), [{ urls: 'turn:one' }]);
  await time.run(1000);
  assert.deepEqual(await answered('turn:two'), [{ urls: 'turn:two' }]);
  assert.equal(waiting.length, 0);
});

test('where the server does not answer, the known servers serve until their credentials end', async () => {
  const { time, answered } = scene();
  await answered('turn:one');
  await time.run(599_000);
  assert.deepEqual(await answered(null), [{ urls: 'turn:one' }]);
  await time.run(1000);
  assert.deepEqual(await answered(null), []);
  assert.deepEqual(await answered('turn:two'), [{ urls: 'turn:two' }]);
});

test('a clock that is set back keeps no credentials alive', async () => {
  const { time, clock, answered } = scene();
  await answered('turn:one');
  clock.aheadMs = -86_400_000;
  await time.run(600_000);
  assert.deepEqual(await answered(null), []);
});

test('credentials end while the machine sleeps and its monotonic clock stands still', async () => {
  const { clock, answered } = scene();
  await answered('turn:one');
  clock.aheadMs = 600_000;
  assert.deepEqual(await answered('turn:two'), [{ urls: 'turn:two' }]);
});
