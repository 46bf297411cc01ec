/**
 * Stands between playwright-core and a Firefox in one of the homes:
 *
 *     node firefox.js HOME PROGRAM ARGUMENTS…
 *
 * Firefox takes its commands (WebDriver BiDi) from a WebSocket of its own loopback address, which nobody outside its
 * namespace reaches: a second process inside passes the messages on. And Firefox ESR lacks some of the emulations that
 * playwright-core asks for at each start; the journeys need none of them, so those count as done.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { WebSocketServer } from 'ws';

const INSIDE = new URL('firefox-inside.js', import.meta.url).pathname;

const [home = '', ...command] = process.argv.slice(2);
const inside = spawn('ip', ['netns', 'exec', home, process.execPath, INSIDE, ...command], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
inside.on('exit', (code) => process.exit(code ?? 1));
const messages = createInterface({ input: inside.stdout });
await once(messages, 'line');

const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
await once(server, 'listening');
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
console.error(`WebDriver BiDi listening on ws://127.0.0.1:${port}`);

const [client] = await once(server, 'connection');
/** Ids of commands that Firefox may not know. @type {Set<number>} */
const optional = new Set();
client.on('message', (/** @type {Buffer} */ data) => {
  const { id, method } = JSON.parse(data.toString());
  if (method.startsWith('emulation.')) optional.add(id);
  inside.stdin.write(`${data}\n`);
});
client.on('close', () => inside.stdin.end());
messages.on('line', (line) => {
  const { id, error } = JSON.parse(line);
  const skipped = optional.delete(id) && error === 'unknown command';
  client.send(skipped ? JSON.stringify({ type: 'success', id, result: {} }) : line);
});
