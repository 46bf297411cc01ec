/**
 * What goes wrong in the large model test, by chance; most of it passes after a while.
 *
 * @typedef {import('./six-browsers.js').SixBrowsers} SixBrowsers
 * @typedef {import('./test-device.js').TestDevice} TestDevice
 * @typedef {'steady' | 'rollback' | 'loss'} Kind rollback: one device is put back to an earlier disk; loss: storages are lost
 */
import { toHex } from '../crypto/bytes.js';
import { between, pick } from './chance.js';

const DAY_MS = 86_400_000;

const ALWAYS = ['drop', 'dropFrames', 'duplicate', 'reorder', 'delay', 'corrupt', 'answersLost'];
const TABS = [
  'dies',
  'dies',
  'diesBefore',
  'diesAfter',
  'away',
  'secondTab',
  'diskFull',
  'clockJumps',
  'clockFarAhead',
];
const NETWORK = ['serverDown', 'relayDown', 'channelsDead', 'socketCloses', 'stolen'];
const MAILBOX = ['full', 'refused', 'expired'];
const OF_KIND = {
  steady: [],
  rollback: ['remembered', 'remembered', 'restored', 'restored'],
  loss: ['lost', 'lost'],
};

/** Everything that can go wrong, by name. */
export const FAULTS = [
  ...new Set([...ALWAYS, ...TABS, ...NETWORK, ...MAILBOX, ...Object.values(OF_KIND).flat()]),
];

export class Faults {
  /** How often each has happened. @type {Map<string, number>} */
  happened = new Map();
  #scene;
  #burglary;
  #chance;
  #kind;
  /** @type {{ device: TestDevice, disk: import('./memory-database.js').Disk, atMs: number } | null} */
  #snapshot = null;
  /** Tabs that have not found out yet that another one leads. @type {{ device: TestDevice, engine: any }[]} */
  #staleTabs = [];
  /** Whose mail comes out of order when they are back. @type {Set<TestDevice>} */
  #reordered = new Set();
  /** Whose mail has expired when they are back. @type {Set<TestDevice>} */
  #expiring = new Set();
  /** @type {(() => void | Promise<void>)[]} */
  #undo = [];

  /**
   * @param {SixBrowsers} scene
   * @param {import('./burglary.js').Burglary} burglary
   * @param {import('./chance.js').Chance} chance
   * @param {Kind} kind
   */
  constructor(scene, burglary, chance, kind) {
    this.#scene = scene;
    this.#burglary = burglary;
    this.#chance = chance;
    this.#kind = kind;
  }

  /** One of them, now. */
  async happen() {
    const device = pick(this.#chance, this.#scene.all);
    const name = pick(this.#chance, [...ALWAYS, ...TABS, ...NETWORK, ...MAILBOX, ...OF_KIND[this.#kind]]);
    if (await this.#does(name, device)) this.#count(name);
  }

  /** What has gone wrong may be right again. */
  async pass() {
    for (const { device, engine } of this.#staleTabs.splice(0)) this.#scene.write(device, engine);
    if (this.#undo.length > 0 && this.#chance() < 0.25) await this.#undo.shift()?.();
    for (const device of this.#scene.all)
      if (device.database.dead && this.#chance() < 0.3) {
        if (this.#expiring.delete(device) && this.#expireMail(device)) this.#count('expired');
        if (this.#reordered.delete(device) && this.#shuffle(this.#mailboxOf(device))) this.#count('reorder');
        await device.start();
      }
  }

  /** From now on nothing goes wrong. */
  async end() {
    for (const undo of this.#undo.splice(0)) await undo();
    const { server, world, all } = this.#scene;
    Object.assign(server, { down: false, relayDown: false, loseAnswers: 0, deliveryMs: 5, collectMs: 5 });
    world.dead = false;
    for (const socket of server.sockets.values()) socket.lose = () => false;
    for (const device of all) {
      device.database.onCommit = null;
      device.database.full = false;
      if (device.database.dead) await device.start();
    }
  }

  /**
   * @param {string} name
   * @param {TestDevice} device
   * @returns {Promise<boolean>} false: there was nothing to do it to
   */
  async #does(name, device) {
    const { server, world } = this.#scene;
    switch (name) {
      case 'drop':
        return this.#dropMail();
      case 'dropFrames':
        return this.#onSocket(device, (socket) => {
          socket.lose = () => this.#chance() < 0.3;
        });
      case 'duplicate': {
        const stored = server.stored.filter((kept) => kept.device === device.deviceId);
        if (stored.length === 0) return false;
        const again = Array.from({ length: 5 }, () => pick(this.#chance, stored).envelope);
        server.replay(device.accountId, device.deviceId, again);
        return true;
      }
      case 'reorder':
        device.kill();
        this.#reordered.add(device);
        return false; // counted when there was mail to put out of order
      case 'delay':
        server.deliveryMs = between(this.#chance, 100, 20_000);
        server.collectMs = between(this.#chance, 100, 5000);
        return this.#until(() => Object.assign(server, { deliveryMs: 5, collectMs: 5 }));
      case 'corrupt':
        server.tamper = (envelope) => (this.#chance() < 0.2 ? this.#flipped(envelope) : envelope);
        return this.#until(() => {
          server.tamper = (envelope) => envelope;
        });
      case 'answersLost':
        server.loseAnswers += between(this.#chance, 1, 3);
        return true;
      case 'dies':
        if (device.database.dead) return false;
        await device.start();
        return true;
      case 'diesBefore':
      case 'diesAfter':
        device.database.onCommit = (when) => {
          if (when === (name === 'diesBefore' ? 'before' : 'after')) device.kill();
        };
        return true;
      case 'away':
        device.kill();
        return true;
      case 'secondTab':
        if (device.database.dead) return false;
        this.#staleTabs.push({ device, engine: device.engine });
        await device.openTab();
        return true;
      case 'diskFull':
        device.database.full = true;
        return this.#until(() => {
          device.database.full = false;
        });
      case 'clockJumps':
        device.clockMs = between(this.#chance, -3 * DAY_MS, 3 * DAY_MS);
        return true;
      case 'clockFarAhead':
        device.clockMs = between(this.#chance, 30 * DAY_MS, 80 * DAY_MS);
        return this.#until(() => {
          device.clockMs = 0;
        });
      case 'serverDown':
        server.down = true;
        return this.#until(() => {
          server.down = false;
        });
      case 'relayDown':
        server.relayDown = true;
        for (const socket of server.sockets.values()) socket.shut(1006);
        return this.#until(() => {
          server.relayDown = false;
        });
      case 'channelsDead':
        world.dead = true;
        return this.#until(() => {
          world.dead = false;
        });
      case 'socketCloses':
        return this.#onSocket(device, (socket) => socket.shut(1006));
      case 'full': {
        const mailbox = server.accounts.get(toHex(device.accountId))?.devices.get(device.deviceId);
        if (!mailbox) return false;
        mailbox.isFull = true;
        return this.#until(() => {
          mailbox.isFull = false;
        });
      }
      case 'refused': {
        const status = pick(this.#chance, [429, 503, 507]);
        server.refusal = { status, retryAfter: between(this.#chance, 1, 600) };
        return this.#until(() => {
          server.refusal = null;
        });
      }
      case 'expired':
        device.kill();
        this.#expiring.add(device);
        return false; // counted when there was mail that expired
      case 'stolen':
        this.#burglary.steal(device);
        return true;
      case 'remembered':
        this.#snapshot ??= { device, disk: device.snapshot(), atMs: this.#scene.time.now() };
        return true;
      case 'restored':
        return this.#restore();
      case 'lost':
        return this.#loseStorage(device);
      default:
        throw new Error(`no such fault: ${name}`);
    }
  }

  async #restore() {
    if (!this.#snapshot) return false;
    const { device, disk, atMs } = this.#snapshot;
    this.#snapshot = null;
    const { time, written, since, excused } = this.#scene;
    device.kill();
    device.restore(disk);
    const account = this.#scene.accountOf(device);
    for (const text of written.values())
      if (text.account === account && text.atMs >= atMs) excused.add(text.text);
    since.set(device, time.now());
    this.#burglary.restored(device);
    await device.start();
    return true;
  }

  /** @param {TestDevice} device */
  async #loseStorage(device) {
    const account = this.#scene.accountOf(device);
    for (const { text, account: writer } of this.#scene.written.values())
      if (writer === account) this.#scene.excused.add(text);
    this.#scene.lose(device);
    await this.#scene.join(account);
    return true;
  }

  /** Of one of the mailboxes in which something waits: most of them are empty at most times. */
  #dropMail() {
    const mailboxes = this.#scene.all.map((device) => this.#mailboxOf(device));
    const full = mailboxes.filter(({ length }) => length > 0);
    if (full.length === 0) return false;
    const mailbox = pick(this.#chance, full);
    mailbox.splice(between(this.#chance, 0, mailbox.length - 1), 1);
    return true;
  }

  /** @param {TestDevice} device */
  #expireMail(device) {
    if (this.#mailboxOf(device).length === 0) return false;
    this.#scene.server.expireMail(device.accountId, device.deviceId);
    return true;
  }

  /**
   * @param {TestDevice} device
   * @returns {unknown[]}
   */
  #mailboxOf({ accountId, deviceId }) {
    return this.#scene.server.accounts.get(toHex(accountId))?.devices.get(deviceId)?.mailbox ?? [];
  }

  /**
   * @param {unknown[]} items
   * @returns {boolean} whether there was an order
   */
  #shuffle(items) {
    for (let i = items.length - 1; i > 0; i--) {
      const j = between(this.#chance, 0, i);
      [items[i], items[j]] = [items[j], items[i]];
    }
    return items.length > 1;
  }

  /** @param {string} name */
  #count(name) {
    this.happened.set(name, (this.happened.get(name) ?? 0) + 1);
  }

  /** @param {() => void} undo */
  #until(undo) {
    this.#undo.push(undo);
    return true;
  }

  /**
   * @param {TestDevice} device
   * @param {(socket: import('./socket-double.js').SocketDouble) => void} change
   */
  #onSocket(device, change) {
    const socket = this.#scene.server.sockets.get(device.lane);
    if (socket) change(socket);
    return socket !== undefined;
  }

  /** @param {Uint8Array} envelope */
  #flipped(envelope) {
    const damaged = envelope.slice();
    const at = between(this.#chance, 0, damaged.length - 1);
    damaged[at] = Number(damaged[at]) ^ (1 << between(this.#chance, 0, 7));
    return damaged;
  }
}
