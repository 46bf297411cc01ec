import assert from 'node:assert/strict';
import { once, setMaxListeners } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { openSocket } from '../harness/client.js';
import { startFront } from '../harness/front.js';

/** More than nginx lets wait of itself, 511. */
const CROWD = 1_000;
const AN_ADDRESS = 25;
const PATIENCE_MS = 30_000;

/** @type {import('../harness/front.js').Front} */
let front;
before(async () => {
  // One thread plays the whole crowd, and the machine may be busy.
  front = await startFront({ GATEWAY_HEADER_TIMEOUT: '120s' });
});
after(() => front.remove());

/** @template T @param {(from: string) => T} come */
const crowd = (come) =>
  Array.from({ length: CROWD }, (_, n) => come(`127.0.5.${1 + Math.floor(n / AN_ADDRESS)}`));

test('leaves nobody at the door who comes while it is busy', async (t) => {
  front.gateway.pause();
  const sockets = crowd((localAddress) => connect({ host: '127.0.0.1', port: 8443, localAddress }));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    front.gateway.goOn();
  });

  const signal = AbortSignal.timeout(PATIENCE_MS);
  setMaxListeners(CROWD, signal);
  const inside = await Promise.allSettled(sockets.map((socket) => once(socket, 'connect', { signal })));

  assert.equal(inside.filter(({ status }) => status === 'fulfilled').length, CROWD);
});

test('opens the sockets of all who come at one moment', async (t) => {
  const answers = await Promise.all(crowd((from) => openSocket({ Origin: 'https://localhost' }, { from })));
  t.after(() => {
    for (const { socket } of answers) socket?.destroy();
  });

  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([101]));
});
