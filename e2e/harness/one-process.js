import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countersIn } from './metrics.js';
import { freePort } from './ports.js';

const MESSENGER = new URL('../../messenger', import.meta.url).pathname;
/** A stack is given this process' environment, so it has the same name. */
const HOST = process.env.MESSENGER_HOST ?? 'localhost';
const READY_WITHIN_MS = 120_000;
const GONE_WITHIN_MS = 30_000;

/** @typedef {import('./stack.js').Stack} Stack */
/** @typedef {{ port: number, managementPort: number, pid: number }} Running pid: 0 while it does not run */

/**
 * The whole product as `./messenger up` starts it, on a data directory and ports of its own.
 *
 * @implements {Stack}
 */
export class OneProcess {
  #folder;

  /** @param {string} folder of a stack that this process or another one has made */
  constructor(folder) {
    this.#folder = folder;
  }

  /**
   * A new one, not started yet.
   *
   * @param {Record<string, string>} settings of the services
   */
  static async create(settings) {
    const folder = mkdtempSync(join(tmpdir(), 'mp2p-stack-'));
    const stack = new OneProcess(folder);
    stack.#running = { port: await freePort(), managementPort: await freePort(), pid: 0 };
    mkdirSync(stack.dataFolder, { mode: 0o700 });
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(join(stack.dataFolder, 'settings.properties'), lines.join(''));
    return stack;
  }

  get folder() {
    return this.#folder;
  }

  get url() {
    return process.env.MESSENGER_URL ?? `https://${HOST}:${this.#running.port}`;
  }

  get dataFolder() {
    return join(this.#folder, 'data');
  }

  certificateFile() {
    return join(this.dataFolder, 'tls', 'certificate.pem');
  }

  get #outputFile() {
    return join(this.#folder, 'output.txt');
  }

  /** @returns {Promise<this>} when the printed URL says that everything is ready */
  async start() {
    const before = existsSync(this.#outputFile) ? statSync(this.#outputFile).size : 0;
    const output = openSync(this.#outputFile, 'a');
    const child = spawn(MESSENGER, ['up'], {
      stdio: ['ignore', output, output],
      env: {
        ...process.env,
        MESSENGER_DATA: this.dataFolder,
        MESSENGER_PORT: String(this.#running.port),
        MESSENGER_MANAGEMENT_PORT: String(this.#running.managementPort),
      },
    });
    closeSync(output);
    child.unref();
    this.#running = { ...this.#running, pid: /** @type {number} */ (child.pid) };
    const deadline = Date.now() + READY_WITHIN_MS;
    for (;;) {
      const said = readFileSync(this.#outputFile, 'utf8').slice(before);
      if (said.includes(`https://${HOST}:${this.#running.port}\n`)) return this;
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`the stack ended with ${child.exitCode ?? child.signalCode}:\n${said}`);
      if (Date.now() > deadline) {
        await this.#end('SIGKILL');
        throw new Error(`the stack is not ready:\n${said}`);
      }
      await moment();
    }
  }

  /** All that it has written to logs, standard output and standard error. */
  log() {
    const folder = join(this.dataFolder, 'log');
    const files = readdirSync(folder).map((name) => join(folder, name));
    return [this.#outputFile, ...files].map((file) => readFileSync(file, 'utf8')).join('');
  }

  /** As an operator stops it. */
  async stop() {
    await this.#end('SIGTERM');
  }

  /** As the power fails: the JVM and every process of its database at once. */
  async kill() {
    const database = this.#postmaster();
    await this.#end('SIGKILL');
    if (database) await endProcess(database.pid, 'SIGKILL');
  }

  /** @param {NodeJS.Signals} signal */
  async #end(signal) {
    const { pid } = this.#running;
    if (pid === 0) return;
    this.#running = { ...this.#running, pid: 0 };
    await endProcess(pid, signal);
  }

  /** As the folder says: another process may have started it again. @returns {Running} */
  get #running() {
    return JSON.parse(readFileSync(this.#note, 'utf8'));
  }

  /** @param {Running} running */
  set #running(running) {
    writeFileSync(this.#note, JSON.stringify(running));
  }

  get #note() {
    return join(this.#folder, 'running.json');
  }

  get clusterFolder() {
    return join(this.dataFolder, 'postgres', 'data');
  }

  /** Process id and port of the database, as the postmaster wrote them down. */
  #postmaster() {
    const file = join(this.clusterFolder, 'postmaster.pid');
    if (!existsSync(file)) return undefined;
    const lines = readFileSync(file, 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]) };
  }

  /** @param {'auth' | 'mailbox'} name @returns {import('pg').ClientConfig} */
  database(name) {
    return {
      host: '127.0.0.1',
      port: this.#postmaster()?.port,
      database: name,
      user: 'postgres',
      password: readFileSync(join(this.dataFolder, 'postgres', 'password'), 'utf8').trim(),
    };
  }

  async remove() {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async counters() {
    const response = await fetch(`http://127.0.0.1:${this.#running.managementPort}/q/metrics`);
    return countersIn([await response.text()]);
  }
}

const moment = () => new Promise((resolve) => setTimeout(resolve, 20));

/**
 * Signals a process, which need not be our child, and waits until it is gone.
 *
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
async function endProcess(pid, signal) {
  if (!isAlive(pid)) return;
  process.kill(pid, signal);
  const deadline = Date.now() + GONE_WITHIN_MS;
  while (isAlive(pid)) {
    if (Date.now() > deadline) throw new Error(`process ${pid} does not end by ${signal}`);
    await moment();
  }
}

/** A zombie is not: nobody may be left who waits for it. @param {number} pid */
function isAlive(pid) {
  const status = `/proc/${pid}/status`;
  return existsSync(status) && !/^State:\s+Z/m.test(readFileSync(status, 'utf8'));
}
