import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openSocket } from '../harness/client.js';
import { startFront } from '../harness/front.js';

/** A little above what docs/operations.md tells; OpenSSL's share, 22, is not ours to lower. */
const MOST_KIB = 44;
const AN_ADDRESS = 50;

/** As long as a browser sends it, with a token by RSA-3072. */
const HANDSHAKE = {
  Origin: 'https://localhost',
  Pragma: 'no-cache',
  'Cache-Control': 'no-cache',
  'User-Agent':
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Accept-Encoding': 'gzip, deflate, br, zstd',
  'Accept-Language': 'de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7',
  'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits',
  'Sec-WebSocket-Protocol': `bearer-token-carrier, quarkus-http-upgrade%23Authorization%23Bearer%20${'t'.repeat(850)}`,
};

/** @type {import('../harness/front.js').Front} */
let front;
before(async () => {
  front = await startFront();
});
after(() => front.remove());

/** @param {number} first address @param {number} count of addresses */
async function open(first, count) {
  const sockets = [];
  for (let n = 0; n < count * AN_ADDRESS; n++) {
    const from = `127.0.4.${first + Math.floor(n / AN_ADDRESS)}`;
    const { status, socket } = await openSocket(HANDSHAKE, { from });
    assert.equal(status, 101);
    sockets.push(socket);
  }
  return sockets;
}

test(`keeps at most ${MOST_KIB} KiB for a socket that does nothing`, async (t) => {
  const sockets = await open(1, 2);
  const few = front.gateway.memory();
  sockets.push(...(await open(3, 8)));
  const many = front.gateway.memory();
  t.after(() => {
    for (const socket of sockets) socket?.destroy();
  });

  const each = (many - few) / (8 * AN_ADDRESS);

  assert.ok(each <= MOST_KIB, `${each} KiB`);
});
