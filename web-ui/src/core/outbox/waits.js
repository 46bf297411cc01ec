/**
 * Until when messages wait that nobody has receipted (MP2P/1 §6.2): MAILBOX_TTL after it was queued a message is
 * sealed once more, and that copy waits until twice that; then the message is given up.
 *
 * @typedef {import('../protocol.js').Wait} Wait
 * @typedef {import('./item.js').Item} Item
 */
import { equal } from '../crypto/bytes.js';
import { credibleMs } from '../stored-time.js';

const DAY_MS = 86_400_000;

export class Waits {
  #account;
  #contacts;
  #lists;
  #outbox;
  #environment;

  /**
   * @param {{ account: import('../engine-contract.js').Account,
   *   contacts: import('../contact/contacts.js').Contacts, lists: import('../contact/lists.js').Lists,
   *   outbox: import('./outbox.js').Outbox, environment: import('../environment.js').Environment }} parts
   */
  constructor({ account, contacts, lists, outbox, environment }) {
    this.#account = account;
    this.#contacts = contacts;
    this.#lists = lists;
    this.#outbox = outbox;
    this.#environment = environment;
  }

  /**
   * @param {Uint8Array} convId
   * @param {Uint8Array} msgId
   * @returns {Wait | null} null: it is not this device that waits for its receipt
   */
  ofMessage(convId, msgId) {
    return this.#first(this.#outbox.ofMessage(convId, msgId));
  }

  /**
   * @param {Uint8Array} peer
   * @returns {Wait | null} of the message, among those that no device of this account has collected, whose time ends
   *   first
   */
  ofAccount(peer) {
    const devices = this.#devicesOf(peer);
    const items = devices.flatMap(({ deviceId }) => this.#outbox.to(peer, deviceId));
    return this.#first(items.filter((item) => this.#isUncollected(item, devices)));
  }

  /**
   * Whether a message of this account's waits here to be sent.
   *
   * @param {Uint8Array} peer
   */
  isQueued(peer) {
    return this.#devicesOf(peer).some(({ deviceId }) =>
      this.#outbox.to(peer, deviceId).some((item) => isMessage(item) && item.state === 'queued'),
    );
  }

  /** @param {Uint8Array} peer */
  #devicesOf(peer) {
    return this.#lists.ofContact(this.#contacts.get(peer))?.devices ?? [];
  }

  /**
   * A device that receipts takes its item out; one that came later may never have had one.
   *
   * @param {Item} item
   * @param {readonly import('../crypto/device-list.js').DeviceEntry[]} devices
   */
  #isUncollected({ convId, msgId, account, queuedMs }, devices) {
    const items = this.#outbox.ofMessage(convId, msgId).filter((item) => equal(item.account, account));
    return devices.every(
      ({ deviceId, addedMs }) => addedMs > queuedMs || items.some(({ device }) => device === deviceId),
    );
  }

  /**
   * @param {Item[]} items
   * @returns {Wait | null}
   */
  #first(items) {
    const waits = items.filter((item) => isMessage(item) && item.state === 'sent').map(this.#waitOf);
    return waits.reduce(sooner, null);
  }

  /**
   * @param {Item} item
   * @returns {Wait}
   */
  #waitOf = ({ queuedMs, sentMs }) => {
    const ttlMs = this.#account.mailboxTtlDays * DAY_MS;
    const last = sentMs - queuedMs >= ttlMs;
    return { untilMs: credibleMs(queuedMs, this.#environment.now()) + (last ? 2 : 1) * ttlMs, last };
  };
}

/**
 * Of a row that the user sees, not a receipt or a note between devices.
 *
 * @param {Item} item
 */
const isMessage = ({ content, receipted }) => content === null && receipted;

/**
 * @param {Wait | null} a
 * @param {Wait} b
 */
const sooner = (a, b) => (a && a.untilMs <= b.untilMs ? a : b);
