/**
 * A browser in a model test: account keys, a disk, and an engine that can be started, closed, and killed.
 *
 * @typedef {import('./server-double.js').ServerDouble} ServerDouble
 * @typedef {import('../engine-contract.js').PrekeyRow} PrekeyRow
 * @typedef {{ alive: boolean, database: MemoryDatabase }} Tab
 */
import { newPrekey, prekeyKey, recordOf } from '../account/prekey-rows.js';
import { PrekeyStock } from '../account/prekey-stock.js';
import { NetworkError } from '../api/errors.js';
import { accountIdOf } from '../crypto/account-id.js';
import { toBase64url, toHex } from '../crypto/bytes.js';
import { deliveryToken, deliveryTokenHash } from '../crypto/delivery-token.js';
import { decodeDeviceList, FLAG_BROWSER, signDeviceEntry, signDeviceList } from '../crypto/device-list.js';
import { newAgreementKey, newSigningKey } from '../crypto/keys.js';
import { randomBytes, randomU32 } from '../crypto/random.js';
import { encodeValue } from '../db/codec.js';
import { createEngine } from '../engine.js';
import { Queue } from '../queue.js';
import { Disk, MemoryDatabase } from './memory-database.js';

const ONE_TIME = 8;

/** What all devices of one account share: in the product, the vault. */
export class TestAccount {
  /** @type {import('../engine-contract.js').Pin[]} */
  pins = [];
  /** @type {Set<() => void>} */
  listeners = new Set();
  /** @type {Record<string, unknown>} */
  settings = {};
  vaultVersion = 1;
  deliveryKey = randomBytes(32);
  aik = newSigningKey();
  /** @type {import('../crypto/device-list.js').DeviceList | null} */
  list = null;

  /**
   * @param {string} username
   * @param {ServerDouble} server
   */
  constructor(username, server) {
    this.username = username;
    this.server = server;
  }

  get accountId() {
    return /** @type {import('../crypto/device-list.js').DeviceList} */ (this.list).accountId;
  }

  /** @param {TestDevice} device that another one takes off the list */
  remove(device) {
    device.kill();
    const list = /** @type {import('../crypto/device-list.js').DeviceList} */ (this.list);
    const bytes = signDeviceList({
      aikSeed: this.aik.seed,
      listVersion: list.listVersion + 1,
      issuedMs: list.issuedMs + 1,
      prevHash: list.hash,
      devices: list.devices.filter(({ deviceId }) => deviceId !== device.deviceId),
    });
    this.list = decodeDeviceList(bytes);
    const account = this.server.account(this.accountId);
    account.dlcs.push(bytes);
    account.devices.delete(device.deviceId);
  }
}

export class TestDevice {
  /** @type {import('../engine-contract.js').Engine} */
  engine = /** @type {any} */ (null);
  /** @type {{ notice: string, data: any }[]} */
  notices = [];
  /** @type {((notice: any, data: any) => void) | null} */
  onNotice = null;
  database = new MemoryDatabase(new Disk());
  deviceId;
  /** @type {number[]} */
  formerDeviceIds = [];
  /** The signed prekey that each request for prekeys wanted replaced. @type {(number | null)[]} */
  replenished = [];
  /** Told of each row that comes to disk. @type {MemoryDatabase['onWrite']} */
  onWrite = null;
  /** How far this device's clock is ahead. */
  clockMs = 0;
  /** Whether it looks after its prekeys as the real account does. */
  keepsStock = false;
  /** Its keys may be used a second time. */
  wasRestored = false;
  /** The vault as this device holds it. */
  #vault;
  #disk = new Disk();
  #time;
  #account;
  #dsk = newSigningKey();
  #dhk = newAgreementKey();
  /** @type {Set<Tab>} */
  #tabs = new Set();
  #webrtc;

  /**
   * Registers the device with the server: as the first one of its account, or as a further one.
   *
   * @param {TestAccount} account
   * @param {import('./virtual-time.js').VirtualTime} time
   * @param {{ webrtc?: import('./webrtc-double.js').WebrtcDouble, deviceId?: number }} [options]
   */
  constructor(account, time, { webrtc, deviceId = randomU32() } = {}) {
    this.deviceId = deviceId;
    this.#account = account;
    this.#time = time;
    this.#webrtc = webrtc;
    this.#vault = { version: account.vaultVersion, settings: account.settings, pending: false };
    this.#enlist();
    this.#storePrekeys();
  }

  get accountId() {
    return this.#account.accountId;
  }

  get lane() {
    return `${toHex(this.accountId)}/${this.deviceId}`;
  }

  /** Whether its account's newest list names it. */
  get isListed() {
    return this.#account.list?.devices.some(({ deviceId }) => deviceId === this.deviceId) ?? false;
  }

  /** Opens the tab of a browser that has no RTCPeerConnection. */
  startWithoutWebrtc() {
    this.#webrtc = undefined;
    return this.start();
  }

  get dskSeed() {
    return this.#dsk.seed;
  }

  get keys() {
    const { accountId, deviceId } = this;
    return { accountId, deviceId, dhk: this.#dhk.publicKey, dhkSecret: this.#dhk.secretKey };
  }

  get identity() {
    const { aik } = this.#account;
    return { ...this.keys, aik: aik.publicKey, dsk: this.#dsk.publicKey };
  }

  /** Opens the tab. */
  start() {
    this.#closeTabs();
    return this.openTab();
  }

  /** Opens a tab that takes over; the one before goes on until it finds that out. */
  async openTab() {
    /** @type {Tab} */
    const tab = { alive: true, database: new MemoryDatabase(this.#disk) };
    this.#tabs.add(tab);
    const isAlive = () => tab.alive;
    const time = this.#time;
    const { server } = this.#account;
    this.database = tab.database;
    const api = server.rest({ accountId: this.accountId, deviceId: this.deviceId }, isAlive);
    const engine = createEngine(
      {
        account: this.contract(api),
        db: this.database,
        api,
        queue: new Queue(),
        notify: (notice, data) => {
          if (!isAlive()) return;
          this.notices.push({ notice, data });
          this.#webrtc?.notice(this, notice, data);
          this.onNotice?.(notice, data);
        },
      },
      {
        now: this.#now,
        elapsed: () => time.elapsed(),
        after: (task, ms) => time.after(() => isAlive() && task(), ms),
        chance: () => (randomU32() - 1) / 2 ** 32,
        openSocket: () => server.openSocket({ accountId: this.accountId, deviceId: this.deviceId }),
      },
    );
    tab.database.onWrite = (store, value) => this.onWrite?.(store, value);
    tab.database.onFenced = () => {
      engine.stop(); // as core.js does
    };
    this.engine = engine;
    await this.engine.start();
    if (this.#webrtc) await this.engine.rtcAvailable({ available: true });
  }

  /** The renderer dies: nothing runs any more, the disk stays. */
  kill() {
    this.#closeTabs();
    this.#webrtc?.gone(this);
    this.#account.server.sockets.get(this.lane)?.shut(1006);
  }

  /** What lies on the disk now, to be put back later: a restored profile directory. */
  snapshot() {
    return this.#disk.copy();
  }

  /** @param {Disk} disk */
  restore(disk) {
    this.#disk = disk.copy();
    this.wasRestored = true;
  }

  /**
   * What lies on the disk in a store, without waiting for a tab.
   *
   * @param {import('../engine-contract.js').StoreName} store
   */
  stored(store) {
    return this.#disk.values(store);
  }

  /** As after a prekey check: what the server offers is held here again. */
  replacePrekeys() {
    this.#storePrekeys();
  }

  /** Private prekeys are lost, the server still offers them: a restored profile directory, at its worst. */
  forgetPrekeys() {
    this.#disk.clear(['prekeys']);
  }

  /** Closes the tab in order. */
  async close() {
    await this.engine.stop();
    this.kill();
  }

  /** The server has signed the device out, and the user signs in on the same browser: a new device, the disk stays. */
  signInAgain() {
    this.kill();
    this.#account.server.account(this.accountId).devices.delete(this.deviceId);
    this.formerDeviceIds.push(this.deviceId);
    this.deviceId = randomU32();
    this.#dsk = newSigningKey();
    this.#dhk = newAgreementKey();
    this.#disk.clear(['sessions', 'skipped', 'prekeys', 'retry']);
    this.#enlist();
    this.#storePrekeys();
  }

  /** @param {string} username */
  async chatWith(username) {
    return this.engine.startChat({ username });
  }

  /**
   * @param {{ id: string }} chat
   * @param {string} text
   */
  async write(chat, text) {
    return this.engine.sendText({ chatId: chat.id, id: toBase64url(randomBytes(16)), text });
  }

  /** @param {{ id: string }} chat */
  async thread(chat) {
    const page = await this.engine.openChat({ chatId: chat.id });
    return page.messages;
  }

  /** @param {{ id: string }} chat */
  async texts(chat) {
    return (await this.thread(chat)).map((message) => message.text);
  }

  async chats() {
    return this.engine.chats({});
  }

  #enlist() {
    const { list, aik, server, username } = this.#account;
    const accountId = list?.accountId;
    const first = { aikSeed: aik.seed, listVersion: 1, issuedMs: this.#time.now() };
    const entry = (/** @type {Uint8Array} */ id) =>
      signDeviceEntry({
        dskSeed: this.#dsk.seed,
        accountId: id,
        aik: aik.publicKey,
        deviceId: this.deviceId,
        dsk: this.#dsk.publicKey,
        dhk: this.#dhk.publicKey,
        addedMs: this.#time.now(),
        flags: FLAG_BROWSER,
      });
    const bytes =
      list && accountId
        ? signDeviceList({
            ...first,
            listVersion: list.listVersion + 1,
            prevHash: list.hash,
            devices: [
              ...list.devices.filter((device) => !this.formerDeviceIds.includes(device.deviceId)),
              entry(accountId),
            ],
          })
        : signDeviceList({ ...first, devices: [entry(accountIdOf(aik.publicKey))] });
    this.#account.list = decodeDeviceList(bytes);
    /** @type {import('./server-double.js').Account} */
    const account = server.accounts.get(toHex(this.accountId)) ?? {
      dlcs: [],
      username,
      tokenHash: null,
      devices: new Map(),
    };
    account.dlcs.push(bytes);
    account.tokenHash = deliveryTokenHash(deliveryToken(this.#account.deliveryKey));
    server.accounts.set(toHex(this.accountId), account);
  }

  #storePrekeys() {
    const nowMs = this.#time.now();
    const make = (/** @type {1 | 2 | 3 | 4} */ kind) => newPrekey(kind, nowMs, new Set());
    const opks = Array.from({ length: ONE_TIME }, () => make(2));
    const pqos = Array.from({ length: ONE_TIME }, () => make(4));
    const [spk, pql] = [make(1), make(3)];
    const device = { accountId: this.accountId, deviceId: this.deviceId, dskSeed: this.#dsk.seed };
    const records = (/** @type {PrekeyRow[]} */ rows) => rows.map((row) => recordOf(row, device));
    this.#account.server.account(this.accountId).devices.set(this.deviceId, {
      spk: recordOf(spk, device),
      pql: recordOf(pql, device),
      opks: records(opks),
      pqos: records(pqos),
      mailbox: [],
    });
    this.#keepPrekeys([spk, pql, ...opks, ...pqos]);
  }

  /** @param {PrekeyRow[]} rows */
  #keepPrekeys(rows) {
    for (const row of rows) this.#disk.write('prekeys', prekeyKey(row.kind, row.keyId), encodeValue(row));
  }

  #closeTabs() {
    for (const tab of this.#tabs) {
      tab.alive = false;
      tab.database.dead = true;
    }
    this.#tabs.clear();
  }

  #now = () => this.#time.now() + this.clockMs;

  /**
   * What an engine is told of its account.
   *
   * @param {any} [api] without one: a server that does not answer
   * @returns {import('../engine-contract.js').Account}
   */
  contract(api = this.#account.server.rest(this, () => false)) {
    const account = this.#account;
    const held = this.#vault;
    const stock = new PrekeyStock({
      ...{ db: this.database, api, now: this.#now },
      device: { accountId: this.accountId, deviceId: this.deviceId, dskSeed: this.#dsk.seed },
    });
    /** @type {any} */
    const contract = {
      accountId: account.accountId,
      username: account.username,
      serverName: 'localhost',
      deviceId: this.deviceId,
      aik: account.aik.publicKey,
      dsk: this.#dsk,
      dhk: this.#dhk,
      formerDeviceIds: this.formerDeviceIds,
      joined: account.list && account.list.listVersion > 1,
      deviceList: account.list,
      get listVersion() {
        return contract.deviceList.listVersion;
      },
      get vault() {
        return {
          version: held.version,
          vrkGen: 1,
          pending: held.pending,
          items: {
            ...{ pins: account.pins, settings: held.settings },
            ...{ backup_keys: [], unlock_keys: [], left: [] },
          },
        };
      },
      deliveryKey: account.deliveryKey,
      mailboxTtlDays: 30,
      token: async () => 'token',
      refreshTokens: async () => {},
      updateVault: async (/** @type {(items: any) => void} */ change) => {
        const items = { pins: account.pins, settings: held.settings };
        change(items);
        if (JSON.stringify(items.settings) !== JSON.stringify(held.settings)) {
          Object.assign(held, { settings: items.settings, pending: true });
          told();
        }
        if (held.pending && account.server.down) throw new NetworkError(new Error('down'));
        push();
      },
      updateOwnDeviceList: async () => {
        const before = contract.listVersion;
        contract.deviceList = account.list;
        if (contract.listVersion > before) told();
        return contract.deviceList;
      },
      upkeep: async (/** @type {Promise<boolean> | undefined} */ asked) => {
        await contract.updateOwnDeviceList();
        if (!(await asked) && !account.server.down) await synchronise();
        if (this.keepsStock) await stock.replenish({ mailboxTtlDays: 30 });
      },
      askVault: async () => {
        if (account.server.down) return false;
        asking ??= synchronise().finally(() => {
          asking = null;
        });
        await asking;
        return true;
      },
      replenishPrekeys: async (/** @type {{ exhaustedSpk?: number | null } | undefined} */ options) => {
        this.replenished.push(options?.exhaustedSpk ?? null);
        if (this.keepsStock) await stock.replenish({ mailboxTtlDays: 30, ...options });
      },
      onStateChange: (/** @type {() => void} */ listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
    /** @type {Set<() => void>} */
    const listeners = new Set();
    /** @type {Promise<void> | null} */
    let asking = null;
    const told = () => {
      for (const listener of listeners) listener();
    };
    const pull = () => {
      if (held.version === account.vaultVersion) return;
      const settings = held.pending ? { ...account.settings, ...held.settings } : account.settings;
      Object.assign(held, { settings, version: account.vaultVersion });
      told();
    };
    const push = () => {
      pull();
      account.settings = held.settings;
      account.vaultVersion += 1;
      Object.assign(held, { version: account.vaultVersion, pending: false });
      told();
    };
    const synchronise = async () => {
      account.server.vaultsAsked += 1;
      await account.server.vaultHeld;
      pull();
      if (held.pending) push();
    };
    return contract;
  }
}
