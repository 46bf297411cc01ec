import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const MESSENGER = new URL('../../messenger', import.meta.url).pathname;
const READY_WITHIN_MS = 120_000;

/** Limits are settings; a run of journeys does in a minute what a household does in a year. */
const ROOMY_LIMITS = Object.fromEntries(
  [
    'registrations-by-address',
    'parameters-by-address',
    'passwords-by-name',
    'passwords-by-address',
    'challenges-by-address',
    'refreshes-by-address',
    'names-by-hour',
    'names-by-day',
  ].map((limit) => [`mp2p.auth.limits.${limit}`, '10000/PT1M/10000']),
);

/** The whole product as `./messenger up` starts it, on a data directory and ports of its own. */
export class Stack {
  #folder = mkdtempSync(join(tmpdir(), 'mp2p-stack-'));
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #process;
  /** @type {Record<string, string>} */
  #settings;
  #port = 0;
  #managementPort = 0;

  /** @param {Record<string, string>} [settings] of the services, beside roomy limits */
  constructor(settings = {}) {
    this.#settings = { ...ROOMY_LIMITS, ...settings };
  }

  get url() {
    return process.env.MESSENGER_URL ?? `https://localhost:${this.#port}`;
  }

  get dataFolder() {
    return join(this.#folder, 'data');
  }

  get logFile() {
    return join(this.#folder, 'log.txt');
  }

  /** @returns {Promise<this>} when the printed URL says that everything is ready */
  async start() {
    if (this.#port === 0) {
      this.#port = await freePort();
      this.#managementPort = await freePort();
    }
    mkdirSync(this.dataFolder, { recursive: true, mode: 0o700 });
    const lines = Object.entries(this.#settings).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(join(this.dataFolder, 'settings.properties'), lines.join(''));
    const child = spawn(MESSENGER, ['up'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        MESSENGER_DATA: this.dataFolder,
        MESSENGER_PORT: String(this.#port),
        MESSENGER_MANAGEMENT_PORT: String(this.#managementPort),
      },
    });
    this.#process = child;
    const log = createWriteStream(this.logFile, { flags: 'a' });
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    await this.#ready(child);
    return this;
  }

  /** @param {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, import('node:stream').Readable>} child */
  async #ready(child) {
    const lines = createInterface({ input: child.stdout });
    const timeout = setTimeout(() => child.kill('SIGKILL'), READY_WITHIN_MS);
    try {
      await new Promise((resolve, reject) => {
        lines.on('line', (line) => line.includes(`https://localhost:${this.#port}`) && resolve(undefined));
        child.once('exit', (code) => reject(new Error(`the stack ended with ${code}:\n${this.log()}`)));
      });
    } finally {
      clearTimeout(timeout);
    }
  }

  log() {
    return existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8') : '';
  }

  /** As an operator stops it. */
  async stop() {
    await this.#end('SIGTERM');
  }

  /** As the power fails: the JVM and every process of its database at once. */
  async kill() {
    const database = this.#postmaster();
    await this.#end('SIGKILL');
    if (database) await endProcess(database.pid);
  }

  /** The JVM alone; its database lives on, for the next start to deal with. */
  async killService() {
    await this.#end('SIGKILL');
  }

  /** @param {NodeJS.Signals} signal */
  async #end(signal) {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
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

  /** @returns {Promise<Record<string, number>>} counters of all services by their Prometheus name */
  async counters() {
    const response = await fetch(`http://127.0.0.1:${this.#managementPort}/q/metrics`);
    /** @type {Record<string, number>} */
    const counters = {};
    for (const line of (await response.text()).split('\n')) {
      const sample = /^(mp2p_\w+)(?:\{[^}]*\})? ([\d.eE+]+)$/.exec(line);
      if (sample)
        counters[/** @type {string} */ (sample[1])] =
          (counters[/** @type {string} */ (sample[1])] ?? 0) + Number(sample[2]);
    }
    return counters;
  }

  /** Counters once they have not moved for a second: what was still on its way has arrived. */
  async settledCounters() {
    let before = await this.counters();
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const now = await this.counters();
      if (JSON.stringify(now) === JSON.stringify(before)) return now;
      before = now;
    }
  }
}

/** @returns {Promise<number>} */
async function freePort() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  return port;
}

/** @param {number} pid of a process that is not our child: SIGKILL and wait until it is gone */
async function endProcess(pid) {
  const alive = () => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  if (alive()) process.kill(pid, 'SIGKILL');
  const deadline = Date.now() + 10_000;
  while (alive() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
}
