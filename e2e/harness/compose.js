import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { countersIn } from './metrics.js';
import { freePort } from './ports.js';

const COMPOSE_FILE = new URL('../../docker-compose.yml', import.meta.url).pathname;
const LONGEST_OUTPUT = 256 * 1024 * 1024;

/** Management port of each service of the product. @type {Record<string, number>} */
const MANAGEMENT_PORTS = { 'auth-service': 9081, 'signaling-service': 9082, 'mailbox-service': 9083 };

/** @typedef {import('./stack.js').Stack} Stack */
/** @typedef {{ project: string, httpsPort: number, signaling: number }} Kept */

/**
 * The whole product as `docker compose up` starts it: a project with volumes, ports and an address range of its own.
 * The images have been built before. `MESSENGER_SIGNALING` says how many of signaling-service there are.
 *
 * @implements {Stack}
 */
export class Compose {
  #folder;
  /** @type {Kept} */
  #kept;

  /** @param {string} folder of a stack that this process or another one has made */
  constructor(folder) {
    this.#folder = folder;
    this.#kept = JSON.parse(readFileSync(join(folder, 'kept.json'), 'utf8'));
  }

  /**
   * A new one, not started yet.
   *
   * @param {Record<string, string>} settings of the services
   */
  static async create(settings) {
    const folder = mkdtempSync(join(tmpdir(), 'mp2p-stack-'));
    const httpsPort = await freePort();
    /** @type {Kept} */
    const kept = {
      project: basename(folder).toLowerCase(),
      httpsPort,
      signaling: Number(process.env.MESSENGER_SIGNALING ?? 1),
    };
    writeFileSync(join(folder, 'kept.json'), JSON.stringify(kept));
    writeSettings(join(folder, 'settings'), settings);
    const environment = {
      MESSENGER_SETTINGS_DIR: join(folder, 'settings'),
      HTTP_PORT: await freePort(),
      HTTPS_PORT: httpsPort,
      ...(await ownRanges()),
    };
    const lines = Object.entries(environment).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(join(folder, '.env'), lines.join(''));
    return new Compose(folder);
  }

  get folder() {
    return this.#folder;
  }

  get project() {
    return this.#kept.project;
  }

  get url() {
    return `https://localhost:${this.#kept.httpsPort}`;
  }

  async start() {
    const scale = `signaling-service=${this.#kept.signaling}`;
    await this.compose('up', '--detach', '--no-build', '--wait', '--quiet-pull', '--scale', scale);
    return this;
  }

  async stop() {
    await this.compose('stop');
  }

  async kill() {
    await this.compose('kill', '--signal', 'SIGKILL');
  }

  /** One service, as a defect or the kernel ends it. @param {string} service */
  async killService(service) {
    await this.compose('kill', '--signal', 'SIGKILL', service);
  }

  /** Starts what was killed. @param {string} service */
  async startService(service) {
    await this.compose('up', '--detach', '--no-build', '--no-deps', '--no-recreate', '--wait', service);
  }

  /** A container of the same image at another address. @param {string} service */
  async recreate(service) {
    await this.compose('up', '--detach', '--no-build', '--no-deps', '--force-recreate', '--wait', service);
  }

  async remove() {
    await this.compose('down', '--volumes', '--timeout', '20');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async counters() {
    const pages = await Promise.all(Object.keys(MANAGEMENT_PORTS).map((service) => this.metricsOf(service)));
    return countersIn(pages.flat());
  }

  /** One page of metrics for each replica. @param {string} service @returns {Promise<string[]>} */
  async metricsOf(service) {
    const containers = (await this.compose('ps', '--quiet', service)).split('\n').filter(Boolean);
    const ask = `exec 3<>/dev/tcp/127.0.0.1/${MANAGEMENT_PORTS[service]}
      printf 'GET /q/metrics HTTP/1.0\\r\\n\\r\\n' >&3
      cat <&3`;
    return Promise.all(containers.map((container) => run('exec', container, 'bash', '-c', ask)));
  }

  /** Status of an answer to a call without a token, by way of the gateway. @param {string} path */
  async statusOf(path) {
    const asked = request(`${this.url}${path}`, { rejectUnauthorized: false, agent: false });
    asked.end();
    const [response] = await once(asked, 'response');
    response.resume();
    return response.statusCode;
  }

  log() {
    return execFileSync('docker', this.#words(['logs', '--no-color']), {
      encoding: 'utf8',
      maxBuffer: LONGEST_OUTPUT,
    });
  }

  /** @param {'auth' | 'mailbox'} name @returns {import('pg').ClientConfig} */
  database(name) {
    const container = this.#ask('ps', '--quiet', 'postgres');
    const address = execFileSync(
      'docker',
      ['inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', container],
      { encoding: 'utf8' },
    ).trim();
    return {
      host: address,
      port: 5432,
      database: name,
      user: 'postgres',
      password: this.#secret('postgres/superuser-password'),
    };
  }

  /** Read by the one-shot that is given it; the server itself holds no password. @param {string} file */
  #secret(file) {
    const words = ['run', '--rm', '--no-deps', '-T', '--entrypoint', 'cat', 'database', `/secrets/${file}`];
    return this.#ask(...words);
  }

  /** A copy, of the one that the gateway has made for itself. */
  certificateFile() {
    const copy = join(this.#folder, 'certificate.pem');
    this.#ask('cp', 'gateway:/var/lib/gateway/tls/certificate.pem', copy);
    return copy;
  }

  /** A copy: the files themselves are the database's own. */
  get clusterFolder() {
    const copy = join(this.#folder, 'cluster');
    rmSync(copy, { recursive: true, force: true });
    this.#ask('cp', 'postgres:/var/lib/postgresql', copy);
    return copy;
  }

  /** `docker compose` on this project; what it printed. @param {string[]} words */
  compose(...words) {
    return run(...this.#words(words));
  }

  /** @param {string[]} words */
  #ask(...words) {
    return execFileSync('docker', this.#words(words), { encoding: 'utf8', maxBuffer: LONGEST_OUTPUT }).trim();
  }

  /** @param {string[]} words */
  #words(words) {
    const { project } = this.#kept;
    return ['compose', '--project-name', project, '--file', COMPOSE_FILE, ...this.#environment(), ...words];
  }

  #environment() {
    return ['--env-file', join(this.#folder, '.env')];
  }
}

/**
 * A file for each service, as `deploy/settings` has them.
 *
 * @param {string} folder
 * @param {Record<string, string>} settings
 */
function writeSettings(folder, settings) {
  mkdirSync(folder);
  for (const service of Object.keys(MANAGEMENT_PORTS)) {
    const prefix = `mp2p.${service.replace('-service', '')}.`;
    const lines = Object.entries(settings).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [`${name}=${value}\n`] : [],
    );
    writeFileSync(join(folder, `${service}.properties`), lines.join(''));
  }
}

/** Addresses and ports that two projects on one machine cannot share. */
async function ownRanges() {
  const turn = await freePort();
  const third = 1 + (turn % 250);
  const relay = 20_000 + (turn % 1000) * 8;
  return {
    FRONT_PREFIX: `10.213.${third}`,
    TURN_PORT: turn,
    TURN_RELAY_MIN_PORT: relay,
    TURN_RELAY_MAX_PORT: relay + 7,
  };
}

/** @param {string[]} words @returns {Promise<string>} */
async function run(...words) {
  const { stdout } = await promisify(execFile)('docker', words, { maxBuffer: LONGEST_OUTPUT });
  return stdout;
}
