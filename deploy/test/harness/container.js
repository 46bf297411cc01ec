import { execFileSync, spawn, spawnSync } from 'node:child_process';
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
import { layDown } from './dockerfile.js';

const HERE = new URL('.', import.meta.url).pathname;
const REPOSITORY = new URL('../../../', import.meta.url).pathname;
const READY_WITHIN_MS = 60_000;
const ATTEMPT_MS = 50;

/** Outside of the loopback namespace there is nobody, so any address will do. */
const PAGE_NETWORK = { ours: '10.79.0.1/24', theirs: '10.79.0.2/24' };
export const PAGE_ADDRESS = '10.79.0.2';

/** An nginx image of ours, run from its Dockerfile without a container engine. */
export class Container {
  /** Everything that the container has written to standard output and error. */
  #output;
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #process;
  /** @type {number[]} who does nothing until it may go on */
  #paused = [];

  /**
   * @param {object} what
   * @param {string} what.name
   * @param {string} what.dockerfile
   * @param {string} what.context
   * @param {Record<string, string>} [what.stages]
   * @param {Record<string, string>} [what.volumes] path inside by path outside
   * @param {{ host: string, port: number }} what.ready answers when it is up
   * @param {{ ours: string, theirs: string }} [what.network] of its own, else it is in ours
   */
  constructor({ name, dockerfile, context, stages = {}, volumes = {}, ready, network }) {
    this.folder = mkdtempSync(join(tmpdir(), `mp2p-${name}-`));
    this.layer = join(this.folder, 'layer');
    this.name = name;
    this.volumes = volumes;
    this.ready = ready;
    this.network = network;
    this.#output = join(this.folder, 'output');
    mkdirSync(this.layer);
    this.image = layDown(dockerfile, { context, stages, layer: this.layer });
    mkdirSync(join(this.layer, 'etc'), { recursive: true });
    writeFileSync(join(this.layer, 'etc/resolv.conf'), 'nameserver 127.0.0.11\n');
    for (const inside of Object.keys(volumes))
      mkdirSync(join(this.layer, inside.replace(/:ro$/, '')), { recursive: true });
  }

  /** @param {Record<string, string>} [environment] */
  async start(environment = {}) {
    const user = ownUid(this.image.user);
    writeFileSync(this.#output, '');
    chownSync(this.#output, user, user);
    const output = openSync(this.#output, 'a');
    const { MESSENGER_NGINX_ROOT: root } = process.env;
    if (root === undefined) throw new Error('MESSENGER_NGINX_ROOT is not set; start the tests by npm test');
    const settings = Object.entries({ ...this.image.environment, ...environment });
    const command = [
      ...(this.network ? ['--net'] : []),
      '--mount',
      ...(this.network ? [join(HERE, 'network.sh'), this.network.theirs] : []),
      join(HERE, 'container.sh'),
      root,
      this.layer,
      String(user),
      ...Object.entries(this.volumes).map(([inside, outside]) => `${outside}:${inside}`),
      '--',
      ...settings.map(([name, value]) => `${name}=${value}`),
      ...['/docker-entrypoint.sh', 'nginx', '-g', 'daemon off;'],
    ];
    const child = spawn('unshare', command, { stdio: [this.network ? 'pipe' : 'ignore', output, output] });
    closeSync(output);
    this.#process = child;
    // A test that fails may forget us; nothing may outlive the tests, and they must not wait for us.
    child.unref();
    process.once('exit', () => {
      this.goOn();
      child.kill('SIGKILL');
    });
    if (this.network) await this.#plugIn(child, this.network.ours);
    await this.#untilReady(child);
    return this;
  }

  /** @param {import('node:child_process').ChildProcess} child @param {string} ours */
  async #plugIn(child, ours) {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!this.log().includes('ready\n')) {
      if (child.exitCode !== null || Date.now() > deadline) throw this.#failure();
      await moment();
    }
    const link = this.#link;
    const ip = (/** @type {string} */ words) => execFileSync('ip', words.split(' '));
    ip(`link add ${link} type veth peer name eth0 netns ${child.pid}`);
    ip(`addr add ${ours} dev ${link}`);
    ip(`link set ${link} up`);
    child.stdin?.end('\n');
  }

  /** @param {import('node:child_process').ChildProcess} child */
  async #untilReady(child) {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await answers(this.ready))) {
      if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline)
        throw this.#failure();
      await moment();
    }
  }

  get #link() {
    return this.name.slice(0, 12);
  }

  #failure() {
    return new Error(`${this.name} does not start:\n${this.log()}`);
  }

  /** A path of its own file system, seen from outside while it runs. @param {string} path */
  inside(path) {
    return `/proc/${this.#process?.pid}/root${path}`;
  }

  /** KiB that its processes hold now, what they share counted in parts (proc_pid_smaps(5)). */
  memory() {
    const sizes = [this.#process?.pid, ...this.#children()].map((each) =>
      Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${each}/smaps_rollup`, 'utf8'))?.[1]),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Its nginx does nothing until it may go on: what comes for it waits at the kernel. */
  pause() {
    this.#paused = this.#children();
    for (const child of this.#paused) process.kill(child, 'SIGSTOP');
  }

  goOn() {
    for (const child of this.#paused.splice(0)) process.kill(child, 'SIGCONT');
  }

  #children() {
    const pid = this.#process?.pid;
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).map(Number);
  }

  log() {
    return readFileSync(this.#output, 'utf8');
  }

  async stop() {
    // Who is stopped hears no other signal.
    this.goOn();
    const child = this.#process;
    if (child && child.exitCode === null && child.signalCode === null) {
      child.ref();
      child.kill('SIGTERM');
      await once(child, 'exit');
      // The kernel takes a namespace down some time after its last process. If it was first, there is nothing to delete.
      if (this.network) spawnSync('ip', ['link', 'delete', this.#link]);
    }
    this.#process = undefined;
  }

  async remove() {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Certificates of the gateway outlive it in here. */
export class GatewayVolumes {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'mp2p-volumes-'));
    this.certificates = join(this.folder, 'tls');
    this.secrets = join(this.folder, 'secrets');
    this.challenges = join(this.folder, 'acme');
    for (const folder of [this.certificates, this.secrets, this.challenges]) {
      mkdirSync(folder, { mode: 0o700 });
      chownSync(folder, ownUid(101), ownUid(101));
    }
    chownSync(this.folder, ownUid(101), ownUid(101));
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** @param {GatewayVolumes} volumes */
export function gateway(volumes) {
  const context = join(REPOSITORY, 'deploy/gateway');
  return new Container({
    name: 'gateway',
    dockerfile: join(context, 'Dockerfile'),
    context,
    volumes: {
      '/var/lib/gateway/tls': volumes.certificates,
      '/var/lib/gateway/acme:ro': volumes.challenges,
      '/secrets/gateway:ro': volumes.secrets,
    },
    ready: { host: '127.0.0.1', port: 8079 },
  });
}

/** @param {string} [release] folder of release files */
export function webUi(release = join(REPOSITORY, 'web-ui/dist')) {
  return new Container({
    name: 'web-ui',
    dockerfile: join(REPOSITORY, 'deploy/web-ui/Dockerfile'),
    context: REPOSITORY,
    stages: { artefact: release },
    network: PAGE_NETWORK,
    ready: { host: PAGE_ADDRESS, port: 8080 },
  });
}

/** Without root there is but one uid in our namespace. @param {number} wanted */
export function ownUid(wanted) {
  const [, , count] = readFileSync('/proc/self/uid_map', 'utf8').trim().split(/\s+/);
  return Number(count) > wanted ? wanted : 0;
}

/** @param {{ host: string, port: number }} address @returns {Promise<boolean>} */
function answers({ host, port }) {
  return new Promise((resolve) => {
    const socket = connect({ host, port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
    // To an interface that was not up yet it would be sent again after a second.
    socket.setTimeout(ATTEMPT_MS, () => {
      socket.destroy();
      resolve(false);
    });
  });
}

const moment = () => new Promise((resolve) => setTimeout(resolve, 10));
