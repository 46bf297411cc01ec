/**
 * One tab's core: leads or not, has an account or not, is locked or not; makes the engine when everything stands
 * and ends it when anything goes (MP2P/1 §11.1). Commands about the session are served here, all others by the
 * engine.
 *
 * @typedef {import('./protocol.js').Session} Session
 * @typedef {import('./protocol.js').CoreApi} CoreApi
 * @typedef {import('./engine-contract.js').Engine} Engine
 * @typedef {import('./engine-contract.js').CreateEngine} CreateEngine
 * @typedef {import('./engine-contract.js').Notify} Notify
 * @typedef {import('./account/device-record.js').DeviceRecord} DeviceRecord
 * @typedef {import('./account/registration.js').KnownDevice} KnownDevice
 * @typedef {import('./db/storage.js').Storage} Storage
 */
import { loadAccount } from './account/account.js';
import { signIn } from './account/joining.js';
import { WrongHost } from './account/login-parameters.js';
import { createAccount } from './account/registration.js';
import { canonicalUrl, serverNameOf } from './account/server-name.js';
import { unlock } from './account/unlock.js';
import { toBase64url } from './crypto/bytes.js';
import { ready } from './crypto/sodium.js';
import { openStorage } from './db/storage.js';
import { StorageError } from './db/storage-error.js';
import { browserEnvironment } from './environment.js';
import { CoreFault, faultOf } from './fault.js';
import { Leadership } from './leader/leadership.js';
import { Queue } from './queue.js';
import { report } from './rpc.js';

const USERNAME = /^[a-z0-9._-]{3,32}$/;

/** What the window tells once and an engine that is made later must know as well. */
const REMEMBERED = /** @type {const} */ (['rtcAvailable', 'network']);

export class Core {
  #createEngine;
  #notify;
  #location;
  #serverName;
  #leadership;
  /** Changes of the session, one after the other. */
  #changes = new Queue();
  /** @type {Session} */
  #session = { phase: 'starting' };
  /** @type {Storage | null} */
  #storage = null;
  /** @type {Engine | null} */
  #engine = null;
  /** @type {Map<string, any>} */
  #remembered = new Map();

  /**
   * @param {{ createEngine: CreateEngine, notify: Notify, location: WorkerLocation | Location }} options
   */
  constructor({ createEngine, notify, location }) {
    this.#createEngine = createEngine;
    this.#notify = notify;
    this.#location = location;
    this.#serverName = serverNameOf(location);
    this.#leadership = new Leadership({
      onGained: () => this.#inTurn(() => this.#lead()),
      onLost: () => this.#inTurn(() => this.#stepDown()),
    });
  }

  /**
   * @param {keyof CoreApi} method
   * @param {any} params
   * @returns {Promise<unknown>}
   */
  command(method, params) {
    switch (method) {
      case 'start':
        return this.#changes.run(() => this.#start());
      case 'takeOver':
        return this.#changes.run(() => this.#takeOver());
      case 'createAccount':
        return this.#changes.run(() => this.#createAccount(params));
      case 'signIn':
        return this.#changes.run(() => this.#signIn(params));
      case 'unlock':
        return this.#changes.run(() => this.#unlock(params));
      case 'lock':
        return this.#changes.run(() => this.#lock());
      default:
        return this.#ofEngine(method, params);
    }
  }

  /* ───── commands ───── */

  async #start() {
    if (this.#session.phase !== 'starting') return this.#session; // the window was reloaded without its worker
    await ready();
    if (await this.#leadership.tryNow()) return this.#lead();
    this.#leadership.wait();
    return this.#become({ phase: 'elsewhere' });
  }

  async #takeOver() {
    if (this.#session.phase !== 'elsewhere') return this.#session;
    await this.#leadership.takeOver();
    return this.#lead();
  }

  /** @param {{ username: string, password: Uint8Array }} params */
  async #createAccount({ username, password }) {
    this.#requirePhase('signed-out', 'wrong-host');
    const name = checkedUsername(username);
    return this.#enter(
      (place) => createAccount(place, name, password),
      // A new account is reachable without a login from the start; if this fails the upkeep does it.
      (account) => account.putDeliveryToken().catch(() => {}),
    );
  }

  /** @param {{ username: string, password: Uint8Array }} params */
  async #signIn({ username, password }) {
    this.#requirePhase('signed-out', 'wrong-host', 'signed-out-by-server');
    const name = checkedUsername(username);
    return this.#enter((place) => signIn(place, name, password));
  }

  /** @param {{ password: Uint8Array }} params */
  async #unlock({ password }) {
    this.#requirePhase('locked');
    return this.#enter(async (place) => unlock(place, await place.storage.meta('device'), password));
  }

  async #lock() {
    if (this.#session.phase !== 'ready') return this.#session;
    const { username } = this.#session;
    await this.#stopEngine();
    return this.#become({ phase: 'locked', username });
  }

  /**
   * @param {Exclude<keyof CoreApi, import('./engine-contract.js').SessionCommand>} method
   * @param {any} params
   */
  async #ofEngine(method, params) {
    if (REMEMBERED.some((name) => name === method)) {
      this.#remembered.set(method, params);
      if (!this.#engine) return undefined;
    }
    const engine = this.#engine;
    if (!engine) throw new CoreFault(this.#session.phase === 'elsewhere' ? 'elsewhere' : 'defect');
    const command = /** @type {(params: any) => unknown} */ (engine[method]);
    if (typeof command !== 'function') throw new CoreFault('defect');
    return command.call(engine, params);
  }

  /* ───── leading ───── */

  async #lead() {
    this.#storage ??= await this.#openStorage();
    return this.#become(phaseOf(await this.#storage.meta('device')));
  }

  async #openStorage() {
    const storage = await openStorage({
      onLost: (error) => this.#inTurn(() => this.#loseStorage(storage, error)),
    });
    await storage.claim();
    return storage;
  }

  /** Another tab took over: everything here ends, nothing more is written. */
  async #stepDown() {
    this.#storage?.close(new StorageError('elsewhere', 'another tab leads'));
    this.#storage = null;
    await this.#stopEngine();
    this.#become({ phase: 'elsewhere' });
    this.#leadership.wait();
  }

  /** @param {Storage} storage @param {StorageError} error */
  async #loseStorage(storage, error) {
    if (this.#storage !== storage) return;
    if (error.code === 'elsewhere' && !this.#leadership.held) return this.#stepDown();
    this.#storage = null;
    await this.#stopEngine();
    this.#notify('fault', faultOf(error));
    this.#become({ phase: error.code === 'elsewhere' ? 'elsewhere' : 'signed-out' });
  }

  /* ───── entering and leaving an account ───── */

  /**
   * @param {(place: import('./account/registration.js').Place) => Promise<KnownDevice>} open
   * @param {(account: import('./account/account.js').Account) => Promise<void>} [first]
   * @returns {Promise<Session>}
   */
  async #enter(open, first = async () => {}) {
    this.#storage ??= await this.#openStorage();
    const storage = this.#storage;
    try {
      const place = { storage, origin: this.#location.origin, serverName: this.#serverName };
      const { db, device } = await open(place);
      const account = await loadAccount({
        db,
        device,
        origin: place.origin,
        clocks: browserEnvironment,
        onRevoked: () => this.#inTurn(() => this.#signedOutByServer(storage)),
      });
      await first(account);
      await this.#startEngine(account, db);
      return this.#become({
        phase: 'ready',
        username: device.username,
        accountId: toBase64url(account.accountId),
        deviceId: account.deviceId,
        secondDevice: account.joined,
      });
    } catch (error) {
      const url = error instanceof WrongHost ? canonicalUrl(this.#location, error.canonicalHost) : null;
      if (url) return this.#become({ phase: 'wrong-host', canonicalUrl: url });
      if (error instanceof WrongHost) throw new CoreFault('wrong-host');
      throw error;
    }
  }

  /**
   * @param {import('./account/account.js').Account} account
   * @param {import('./db/database.js').Database} db
   */
  async #startEngine(account, db) {
    const engine = this.#createEngine({
      account,
      db,
      api: account.api,
      queue: new Queue(),
      notify: this.#notify,
    });
    this.#engine = engine;
    try {
      await engine.start();
      for (const method of REMEMBERED) {
        if (this.#remembered.has(method)) await engine[method](this.#remembered.get(method));
      }
    } catch (error) {
      await this.#stopEngine();
      throw error;
    }
  }

  async #stopEngine() {
    const engine = this.#engine;
    this.#engine = null;
    await engine?.stop();
  }

  /** §2 *Told that it was removed*: everything is kept, and signing in again is offered. @param {Storage} storage */
  async #signedOutByServer(storage) {
    if (this.#storage !== storage || this.#session.phase !== 'ready') return;
    await this.#stopEngine();
    /** @type {DeviceRecord} */
    const device = await storage.meta('device');
    await storage.write([
      {
        store: 'meta',
        key: 'device',
        put: /** @type {DeviceRecord} */ ({ ...device, state: 'signed-out', keepsContent: true }),
      },
    ]);
    this.#become({ phase: 'signed-out-by-server', username: device.username });
  }

  /* ───── state ───── */

  /** @param {Session} session @returns {Session} */
  #become(session) {
    this.#session = session;
    this.#notify('session', session);
    return session;
  }

  /** @param {...Session['phase']} phases */
  #requirePhase(...phases) {
    const { phase } = this.#session;
    if (phases.includes(phase)) return;
    throw new CoreFault(phase === 'elsewhere' ? 'elsewhere' : 'defect');
  }

  /** A change that no command asked for. @param {() => Promise<unknown>} change */
  #inTurn(change) {
    this.#changes.run(change).catch((error) => this.#notify('fault', report(error)));
  }
}

/** @param {DeviceRecord | undefined} device @returns {Session} */
function phaseOf(device) {
  if (device?.state === 'active') return { phase: 'locked', username: device.username };
  if (device?.keepsContent) return { phase: 'signed-out-by-server', username: device.username };
  // An attempt whose answer never came is taken up again when its name and password are typed again.
  return { phase: 'signed-out' };
}

/** @param {string} username */
function checkedUsername(username) {
  const name = String(username).toLowerCase();
  if (!USERNAME.test(name)) throw new CoreFault('username-form');
  return name;
}
