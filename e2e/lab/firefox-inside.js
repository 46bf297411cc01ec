/**
 * Runs Firefox and is its client: a line of standard input is a command, a line of standard output an answer or an
 * event; an empty one says that it is ready.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';

const [program = '', ...args] = process.argv.slice(2);
const firefox = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
firefox.on('exit', (code) => process.exit(code ?? 1));
const said = createInterface({ input: firefox.stderr });
const url = await new Promise((resolve) => {
  said.on('line', (line) => {
    const listening = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(line);
    if (listening) resolve(listening[1]);
    else console.error(line);
  });
});

const commands = createInterface({ input: process.stdin });
const socket = new WebSocket(`${url}/session`);
await once(socket, 'open');
socket.on('message', (data) => process.stdout.write(`${data}\n`));
commands.on('line', (line) => socket.send(line));
commands.on('close', () => firefox.kill());
process.stdout.write('\n');
