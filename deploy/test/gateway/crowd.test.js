import assert from 'node:assert/strict';
import { once, setMaxListeners } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { openSocket } from '../harness/client.js';
import { startFront } from '../harness/front.js';

/** Of itself nginx lets 511 wait. Both sides of it, and of those that are not gone yet, are 16,000 open files here. */
const CROWD = 4_000;
const AN_ADDRESS = 25;
const PATIENCE_MS = 30_000;
const BACK_WITHIN_MS = 60_000;
const AGAIN_AFTER_MS = 1_000;

/** @type {import('../harness/front.js').Front} */
let front;
before(async () => {
  front = await startFront();
});
after(() => front.remove());

/** @template T @param {(from: string) => T} come */
const crowd = (come) =>
  Array.from({ length: CROWD }, (_, n) => come(`127.0.5.${1 + Math.floor(n / AN_ADDRESS)}`));

/** Who fails tries again, as a page does. @param {string} from @param {number} deadline */
async function untilOpen(from, deadline) {
  for (;;) {
    const answer = await openSocket({ Origin: 'https://localhost' }, { from }).catch(({ message }) => ({
      status: message,
      socket: undefined,
    }));
    if (answer.socket) return answer.socket;
    if (Date.now() > deadline) throw new Error(`the last answer was ${answer.status}`);
    await setTimeout(AGAIN_AFTER_MS);
  }
}

/** @param {import('node:stream').Duplex[]} sockets */
const leave = (sockets) => {
  for (const socket of sockets) socket.destroy();
};

/** @type {[string, string, (from: string) => string][]} */
const DOORS = [
  ['IPv4', '127.0.0.1', (from) => from],
  ['IPv6', '::1', () => '::1'],
];
for (const [door, host, address] of DOORS) {
  test(`leaves nobody at the door who comes while it is busy: ${door}`, async (t) => {
    /** @type {import('node:net').Socket[]} */
    const sockets = [];
    t.after(() => {
      leave(sockets);
      front.gateway.goOn();
    });
    front.gateway.pause();
    sockets.push(...crowd((from) => connect({ host, port: 8443, localAddress: address(from) })));

    const signal = AbortSignal.timeout(PATIENCE_MS);
    setMaxListeners(CROWD, signal);
    const inside = await Promise.allSettled(sockets.map((socket) => once(socket, 'connect', { signal })));

    assert.equal(inside.filter(({ status }) => status === 'fulfilled').length, CROWD);
  });
}

test('has all back within a minute who are cut off at one moment', async (t) => {
  const began = Date.now();
  const sockets = await Promise.all(crowd((from) => untilOpen(from, began + BACK_WITHIN_MS)));
  t.after(() => leave(sockets));

  const cut = Date.now();
  leave(sockets.splice(0));
  sockets.push(...(await Promise.all(crowd((from) => untilOpen(from, cut + BACK_WITHIN_MS)))));
  const backAfter = Date.now() - cut;

  assert.equal(new Set(sockets).size, CROWD);
  assert.ok(backAfter <= BACK_WITHIN_MS, `${backAfter} ms`);
});
