import { once } from 'node:events';
import { createServer } from 'node:net';

/** @returns {Promise<number>} a TCP port of the loopback address that nobody listens on at this moment */
export async function freePort() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  return port;
}
