/**
 * Sessions for items that wait for one: fetches the bundle of their devices, checks it (MP2P/1 §2), opens sessions
 * and seals the items in the same unit of work. Other devices do not wait for it.
 *
 * @typedef {import('./item.js').Item} Item
 * @typedef {{ deviceId: number, spk: Uint8Array, opk: Uint8Array | null, pq: Uint8Array }} Offered
 * @typedef {{ bundle: { devices: Offered[] }, list: import('../crypto/device-list.js').DeviceList }} Current
 */
import { ApiError } from '../api/errors.js';
import { retryAfterMs } from '../api/retry-after.js';
import { forked } from '../contact/identity-evidence.js';
import { toHex } from '../crypto/bytes.js';
import { assertCurrent, deviceOf, ForkedLists } from '../crypto/device-list.js';
import { ProtocolError } from '../crypto/errors.js';
import { verifyBundleDevice } from '../crypto/prekey.js';
import { initiateWith, selected } from '../session/session-table.js';
import { loadPeer, putPeer } from '../session-rows.js';
import { credibleMs } from '../stored-time.js';
import { laneOf } from './outbox.js';

const RETRY_FIRST_MS = 1000;
const RETRY_MAX_MS = 60_000;
const WITHOUT_PREKEYS_MS = 3_600_000; // §2 Bundle
const CROSSED_TRIES = 2; // each costs the devices one-time keys

export class Bundles {
  #api;
  #account;
  #contacts;
  #lists;
  #listUpdates;
  #outbox;
  #sealing;
  #transactions;
  #environment;
  #onOwnFork;
  #onSession;
  /** @type {Map<string, { account: Uint8Array, busy: boolean, scheduled: boolean, failures: number,
   *   cancelTimer: (() => void) | null }>} */
  #lines = new Map();
  /** @type {Map<string, number>} devices that had no usable prekeys, until when they are left alone */
  #skipped = new Map();
  #stopped = false;

  /**
   * @param {{ api: import('../engine-contract.js').EngineContext['api'],
   *   account: import('../engine-contract.js').Account, contacts: import('../contact/contacts.js').Contacts,
   *   lists: import('../contact/lists.js').Lists, listUpdates: import('../contact/list-updates.js').ListUpdates,
   *   outbox: import('./outbox.js').Outbox, sealing: import('./sealing.js').Sealing,
   *   transactions: import('../transactions.js').Transactions, environment: import('../environment.js').Environment,
   *   onOwnFork: () => void, onSession: (account: Uint8Array, device: number) => void }} parts `onSession`: one that was
   *   begun is on disk
   */
  constructor(parts) {
    this.#api = parts.api;
    this.#account = parts.account;
    this.#contacts = parts.contacts;
    this.#lists = parts.lists;
    this.#listUpdates = parts.listUpdates;
    this.#outbox = parts.outbox;
    this.#sealing = parts.sealing;
    this.#transactions = parts.transactions;
    this.#environment = parts.environment;
    this.#onOwnFork = parts.onOwnFork;
    this.#onSession = parts.onSession;
    parts.outbox.onPut((item) => {
      if (!item.envelope) this.want(item.account, item.device);
    });
  }

  /** Whatever waits for a session: at the start and when the server is back. */
  retryNow() {
    for (const line of this.#lines.values()) endWait(line);
    for (const item of this.#outbox.all()) if (!item.envelope) this.want(item.account);
  }

  /** @param {Uint8Array} account of which nothing is wrong any more */
  retry(account) {
    const line = this.#lines.get(toHex(account));
    if (!line) return;
    endWait(line);
    this.want(account);
  }

  /**
   * @param {Uint8Array} account
   * @param {number} [device] that waits for a session now
   */
  want(account, device) {
    const id = toHex(account);
    const line = this.#lines.get(id) ?? {
      account,
      busy: false,
      scheduled: false,
      failures: 0,
      cancelTimer: null,
    };
    this.#lines.set(id, line);
    // after an answer the line waits for devices without prekeys alone
    const hasAnswer = line.cancelTimer !== null && line.failures === 0;
    if (hasAnswer && device !== undefined && this.#isDue(account, device)) endWait(line);
    if (line.busy || line.scheduled || line.cancelTimer || this.#stopped) return;
    line.scheduled = true;
    this.#environment.after(() => {
      line.scheduled = false;
      this.#serve(line);
    }, 0);
  }

  stop() {
    this.#stopped = true;
    for (const line of this.#lines.values()) line.cancelTimer?.();
  }

  /** @param {{ account: Uint8Array, busy: boolean, failures: number, cancelTimer: (() => void) | null }} line */
  async #serve(line) {
    const devices = this.#waitingDevices(line.account);
    if (devices.length === 0 || this.#stopped) return;
    line.busy = true;
    let wait = 0;
    try {
      await this.#open(line.account, devices);
      line.failures = 0;
    } catch (error) {
      wait = this.#waitAfter(line.failures, error);
      line.failures += 1;
    } finally {
      line.busy = false;
    }
    const left = this.#waitingDevices(line.account, false);
    if (left.length === 0 || this.#stopped) return;
    const again = wait || this.#nextTry(line.account, left);
    line.cancelTimer = this.#environment.after(() => {
      line.cancelTimer = null;
      this.want(line.account);
    }, again);
  }

  /**
   * @param {Uint8Array} account
   * @param {boolean} [dueOnly] without the devices that had no prekeys a short time ago
   */
  #waitingDevices(account, dueOnly = true) {
    const id = toHex(account);
    const devices = this.#outbox
      .all()
      .filter((item) => !item.envelope && toHex(item.account) === id)
      .map((item) => item.device);
    return [...new Set(devices)].filter((device) => !dueOnly || this.#isDue(account, device));
  }

  /**
   * @param {Uint8Array} account
   * @param {number} device
   */
  #isDue(account, device) {
    return this.#skippedUntil(account, device) <= this.#environment.now();
  }

  /**
   * @param {Uint8Array} account
   * @param {number} device
   */
  #skippedUntil(account, device) {
    return credibleMs(this.#skipped.get(laneOf(account, device)) ?? 0, this.#environment.now());
  }

  /**
   * @param {Uint8Array} account
   * @param {number[]} devices
   */
  #nextTry(account, devices) {
    const untilMs = devices.map((device) => this.#skippedUntil(account, device));
    return Math.max(0, Math.min(...untilMs) - this.#environment.now());
  }

  /**
   * @param {Uint8Array} account
   * @param {number[]} devices
   */
  async #open(account, devices) {
    const contact = this.#contacts.get(account);
    if (contact && (contact.identityWarning || this.#lists.isBehind(contact)))
      await this.#listUpdates.refresh(account);
    if (this.#contacts.get(account)?.identityWarning) throw new ProtocolError('E_DLC', 'warned of');
    const { bundle, list } = await this.#currentBundle(account, devices);
    await this.#transactions.run(async (scratch) => {
      for (const device of devices) {
        const part = scratch.fork();
        try {
          await this.#openTo(part, account, device, { bundle, list });
          scratch.adopt(part);
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error;
          const againMs = this.#environment.now() + WITHOUT_PREKEYS_MS; // §2 Bundle: skipped, the others are not
          this.#skipped.set(laneOf(account, device), againMs);
        }
      }
    });
  }

  /**
   * @param {import('../scratch.js').Scratch} scratch
   * @param {Uint8Array} account
   * @param {number} device
   * @param {Current} current
   * @throws {ProtocolError} of this device alone: what it offers is missing, unusable, or leads to no key
   */
  async #openTo(scratch, account, device, { bundle, list }) {
    if (!deviceOf(list, device)) {
      const known = await this.#lists.devicesOf(scratch, account);
      if (known.some(({ deviceId }) => deviceId === device))
        throw new ProtocolError('E_STATE', 'a device that a list not adopted yet leaves out');
      await this.#sealing.putWaiting(scratch, account, device); // takes out what is for a device that has left
      return;
    }
    const nowMs = this.#environment.now();
    const before = await loadPeer(scratch, account, device);
    const waits = await this.#newSessionWanted(scratch, account, device);
    if (!selected(before, nowMs) || waits.length > 0) {
      const offered = bundle.devices.find((entry) => entry.deviceId === device);
      if (!offered) throw new ProtocolError('E_STATE', 'a device without prekeys');
      const remote = verifyBundleDevice(list, offered, nowMs);
      const self = this.#identity();
      const dhkSecret = this.#account.dhk.secretKey;
      putPeer(scratch, before, initiateWith(before, { self, dhkSecret, remote }, nowMs));
      scratch.afterCommit(() => this.#onSession(account, device));
    }
    for (const item of waits) this.#outbox.put(scratch, { ...item, newSession: false });
    await this.#sealing.putWaiting(scratch, account, device);
  }

  /**
   * A bundle whose list is current. One that was under way while the list grew is asked for again at once.
   *
   * @param {Uint8Array} account
   * @param {number[]} devices
   */
  async #currentBundle(account, devices) {
    for (let again = 0; ; again++) {
      const bundle = await this.#api.bundle(account, devices);
      const list = await this.#currentList(account, bundle.dlc);
      if (list) return { bundle, list };
      if (again === CROSSED_TRIES) throw new ProtocolError('E_DLC', 'an older list');
    }
  }

  /**
   * The bundle's list against the highest seen: a newer one is fetched link by link before it counts.
   *
   * @param {Uint8Array} account
   * @param {Uint8Array} bytes
   * @returns {Promise<import('../crypto/device-list.js').DeviceList | null>} null: older than the highest seen
   */
  async #currentList(account, bytes) {
    const offered = this.#lists.decode(bytes);
    const own = this.#lists.isOwn(account);
    const contact = () => this.#contacts.get(account);
    const known = () => (own ? this.#account.deviceList : this.#lists.ofContact(contact()));
    const highestSeen = () => (own ? this.#account : contact())?.listVersion ?? 0;
    if (offered.listVersion > (known()?.listVersion ?? 0)) {
      if (own) await this.#account.updateOwnDeviceList();
      else await this.#listUpdates.refresh(account);
    }
    const newest = known();
    if (offered.listVersion < highestSeen()) return null;
    try {
      if (newest) assertCurrent(newest, offered);
      return offered;
    } catch (error) {
      if (error instanceof ForkedLists) {
        if (own) this.#onOwnFork();
        else await this.#listUpdates.warn(account, forked);
      }
      throw error;
    }
  }

  /**
   * @param {import('../scratch.js').Scratch} scratch
   * @param {Uint8Array} account
   * @param {number} device
   */
  async #newSessionWanted(scratch, account, device) {
    /** @type {Item[]} */
    const items = [];
    for (const { number } of this.#outbox.to(account, device)) {
      const item = await this.#outbox.read(scratch, number);
      if (item?.newSession && !item.envelope) items.push(item);
    }
    return items;
  }

  #identity() {
    const { accountId, aik, deviceId, dsk, dhk } = this.#account;
    return { accountId, aik, deviceId, dsk: dsk.publicKey, dhk: dhk.publicKey };
  }

  /**
   * @param {number} failures
   * @param {unknown} error
   */
  #waitAfter(failures, error) {
    const asked = retryAfterMs(error);
    if (asked > 0) return asked;
    if (error instanceof ApiError && error.is('not-found')) return WITHOUT_PREKEYS_MS;
    if (error instanceof ProtocolError) return WITHOUT_PREKEYS_MS;
    const grown = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** failures);
    return grown * (0.5 + this.#environment.chance());
  }
}

/** @param {{ failures: number, cancelTimer: (() => void) | null }} line */
function endWait(line) {
  line.cancelTimer?.();
  line.cancelTimer = null;
  line.failures = 0;
}
