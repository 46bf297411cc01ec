/**
 * The items of store `outbox`, with the committed ones at hand in order.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('./item.js').Item} Item
 */
import { toHex } from '../crypto/bytes.js';

export class Outbox {
  /** @type {Map<number, Item>} in ascending order of number */
  #committed = new Map();
  /** @type {Map<string, Map<number, Item>>} */
  #byDevice = new Map();
  /** @type {Map<string, number>} */
  #byTarget = new Map();
  /** @type {Map<string, Map<number, Item>>} */
  #byMessage = new Map();
  #last = 0;
  /** @type {((item: Item) => void)[]} */
  #listeners = [];
  /** @type {((item: Item) => void)[]} */
  #removals = [];

  /** @param {import('../engine-contract.js').Database} database */
  async load(database) {
    /** @type {import('../engine-contract.js').Row<Item>[]} */
    const rows = await database.list('outbox', ['item']);
    for (const { value } of rows) this.#hold(value);
    this.#last = rows.at(-1)?.value.number ?? 0;
  }

  /** A number above all given out so far; gaps do no harm. */
  nextNumber() {
    this.#last += 1;
    return this.#last;
  }

  /** @param {(item: Item) => void} listener told of each item put, once it is on disk */
  onPut(listener) {
    this.#listeners.push(listener);
  }

  /** @param {(item: Item) => void} listener told of each item taken out, once that is on disk */
  onRemove(listener) {
    this.#removals.push(listener);
  }

  all() {
    return [...this.#committed.values()];
  }

  /**
   * Committed items to a device, in order.
   *
   * @param {Uint8Array} account
   * @param {number} device
   */
  to(account, device) {
    return [...(this.#byDevice.get(laneOf(account, device))?.values() ?? [])];
  }

  /**
   * Committed items of one message, one for each device.
   *
   * @param {Uint8Array} convId
   * @param {Uint8Array} msgId
   */
  ofMessage(convId, msgId) {
    return [...(this.#byMessage.get(messageOf(convId, msgId))?.values() ?? [])];
  }

  /**
   * @param {Uint8Array} account
   * @param {number} device
   */
  countTo(account, device) {
    return this.#byDevice.get(laneOf(account, device))?.size ?? 0;
  }

  /**
   * The item as this unit of work sees it.
   *
   * @param {Scratch} scratch
   * @param {number} number
   * @returns {Promise<Item | undefined>}
   */
  read(scratch, number) {
    return scratch.get('outbox', ['item', number]);
  }

  /**
   * Items to a device as this unit of work sees them, in order: two lists may follow each other in one.
   *
   * @param {Scratch} scratch
   * @param {Uint8Array} account
   * @param {number} device
   * @returns {Item[]}
   */
  readTo(scratch, account, device) {
    const lane = laneOf(account, device);
    const items = new Map(this.#byDevice.get(lane));
    for (const { counters, value } of scratch.written('outbox', ['item'])) {
      if (value === undefined) items.delete(Number(counters[0]));
      else if (laneOf(value.account, value.device) === lane) items.set(value.number, value);
    }
    return [...items.values()].sort((a, b) => a.number - b.number);
  }

  /**
   * A device has left its account's list.
   *
   * @param {Scratch} scratch
   * @param {Uint8Array} account
   * @param {number} device
   */
  removeTo(scratch, account, device) {
    for (const item of this.readTo(scratch, account, device)) this.remove(scratch, item);
  }

  /**
   * @param {Scratch} scratch
   * @param {Uint8Array} account
   * @param {number} device
   * @param {Uint8Array} msgId
   * @returns {Promise<Item | undefined>}
   */
  async find(scratch, account, device, msgId) {
    const number = this.#byTarget.get(targetOf(account, device, msgId));
    return number === undefined ? undefined : this.read(scratch, number);
  }

  /**
   * @param {Scratch} scratch
   * @param {Item} item
   */
  put(scratch, item) {
    scratch.put('outbox', ['item', item.number], item);
    scratch.afterCommit(() => {
      this.#hold(item);
      for (const listener of this.#listeners) listener(item);
    });
  }

  /**
   * @param {Scratch} scratch
   * @param {Item} item
   */
  remove(scratch, item) {
    scratch.delete('outbox', ['item', item.number]);
    scratch.afterCommit(() => {
      this.#committed.delete(item.number);
      this.#byDevice.get(laneOf(item.account, item.device))?.delete(item.number);
      const target = targetOf(item.account, item.device, item.msgId);
      if (this.#byTarget.get(target) === item.number) this.#byTarget.delete(target);
      const message = messageOf(item.convId, item.msgId);
      const items = this.#byMessage.get(message);
      if (items?.delete(item.number) && items.size === 0) this.#byMessage.delete(message);
      for (const listener of this.#removals) listener(item);
    });
  }

  /** @param {Item} item */
  #hold(item) {
    this.#committed.set(item.number, item);
    const lane = laneOf(item.account, item.device);
    const items = this.#byDevice.get(lane) ?? new Map();
    this.#byDevice.set(lane, items.set(item.number, item));
    this.#byTarget.set(targetOf(item.account, item.device, item.msgId), item.number);
    const message = messageOf(item.convId, item.msgId);
    const same = this.#byMessage.get(message) ?? new Map();
    this.#byMessage.set(message, same.set(item.number, item));
  }
}

/**
 * A peer device as a map key.
 *
 * @param {Uint8Array} account
 * @param {number} device
 */
export const laneOf = (account, device) => `${toHex(account)}/${device}`;

/**
 * @param {Uint8Array} account
 * @param {number} device
 * @param {Uint8Array} msgId
 */
const targetOf = (account, device, msgId) => `${laneOf(account, device)}/${toHex(msgId)}`;

/**
 * @param {Uint8Array} convId
 * @param {Uint8Array} msgId
 */
const messageOf = (convId, msgId) => `${toHex(convId)}/${toHex(msgId)}`;
