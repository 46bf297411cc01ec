import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERVER } from './network.js';

const START = new URL('../../deploy/coturn/start.sh', import.meta.url).pathname;
const COMPOSE_FILE = new URL('../../docker-compose.yml', import.meta.url).pathname;
/** As in the container. */
const USER = 65534;
const READY_WITHIN_MS = 30_000;

/** Where browsers find it. */
export const STUN_URI = `stun:${SERVER}:3478`;
export const TURN_URIS = [
  `turn:${SERVER}:3478?transport=udp`,
  `turn:${SERVER}:3478?transport=tcp`,
  `turns:${SERVER}:5349?transport=tcp`,
];

/** coturn of this machine, started as the product starts it, but that it says all it can. */
export class Turn {
  #folder = mkdtempSync(join(tmpdir(), 'mp2p-coturn-'));
  #secret;
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #process;

  /** @param {string} secret shared with signaling-service */
  constructor(secret) {
    this.#secret = secret;
  }

  get logFile() {
    return join(this.#folder, 'output.txt');
  }

  /** That of TLS, which holds for the server and which no browser trusts by itself. */
  get certificateFile() {
    return join(this.#folder, 'tls', 'certificate.pem');
  }

  /** Resolves when it listens. */
  async start() {
    chownSync(this.#folder, USER, USER);
    this.#makeCertificate();
    const configuration = `use-auth-secret\nstatic-auth-secret=${this.#secret}\nverbose\n`;
    writeFileSync(join(this.#folder, 'turnserver.conf'), configuration);
    const output = openSync(this.logFile, 'a');
    const dropped = [`--reuid=${USER}`, `--regid=${USER}`, '--clear-groups', '--inh-caps=-all'];
    this.#process = spawn('setpriv', [...dropped, 'sh', START], {
      stdio: ['ignore', output, output],
      env: {
        PATH: process.env.PATH,
        ...settingsAsShipped(),
        MESSENGER_HOST: SERVER,
        TURN_SECRETS_DIR: this.#folder,
        TURN_WORK_DIR: this.#folder,
      },
    });
    closeSync(output);
    await this.#listens(this.#process);
  }

  #makeCertificate() {
    const key = join(this.#folder, 'tls', 'key.pem');
    mkdirSync(join(this.#folder, 'tls'));
    const made = ['-x509', '-noenc', '-days', '2', '-keyout', key, '-out', this.certificateFile];
    const algorithm = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    const holder = ['-subj', `/CN=${SERVER}`, '-addext', `subjectAltName=IP:${SERVER}`];
    execFileSync('openssl', ['req', ...made, ...algorithm, ...holder], { stdio: 'pipe' });
    for (const file of [key, this.certificateFile]) chownSync(file, USER, USER);
  }

  /** @param {import('node:child_process').ChildProcess} child */
  async #listens(child) {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await accepts(3478)) || !(await accepts(5349))) {
      const ended = child.exitCode !== null || child.signalCode !== null;
      if (ended || Date.now() > deadline)
        throw new Error(`coturn does not start:\n${readFileSync(this.logFile, 'utf8')}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Stops it and leaves nothing behind. */
  async remove() {
    const child = this.#process;
    if (child && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The defaults of docker-compose.yml. @returns {Record<string, string>} */
function settingsAsShipped() {
  const settings = readFileSync(COMPOSE_FILE, 'utf8').matchAll(/^ +(TURN_\w+): \$\{\1:-(.*)\}$/gm);
  return Object.fromEntries([...settings].map(([, name, value]) => [name, value]));
}

/** @param {number} port */
async function accepts(port) {
  const socket = connect(port, SERVER);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false; // refused: not yet
  } finally {
    socket.destroy();
  }
}
