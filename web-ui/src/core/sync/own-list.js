/**
 * The own device list has changed, or this device is new (MP2P/1 §2 *First acts of a new device*): sessions with
 * removed own devices end, added ones are sent PROFILE, SYNC `state` and what was written here since they were added
 * (docs/adr/0009).
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('../chat/thread.js').MessageRow} MessageRow
 */

import { recentRows } from '../chat/recent-rows.js';
import { contentOf, isWrittenBy, newestRowsFirst } from '../chat/thread.js';
import { endedBy, reachedBy } from '../contact/devices-ahead.js';
import { dropSessions } from '../session-rows.js';
import { loadOwnRow, putOwnRow } from './own-row.js';
import { isSinceAdded } from './since-added.js';

export class OwnList {
  #account;
  #lists;
  #profiles;
  #ownSync;
  #goneDevices;
  /** Of the check of the list that began last. */
  #check = 0;

  /**
   * @param {{ account: import('../engine-contract.js').Account, lists: import('../contact/lists.js').Lists,
   *   profiles: import('./profiles.js').Profiles, ownSync: import('./own-sync.js').OwnSync,
   *   goneDevices: import('./gone-devices.js').GoneDevices }} parts
   */
  constructor({ account, lists, profiles, ownSync, goneDevices }) {
    this.#account = account;
    this.#lists = lists;
    this.#profiles = profiles;
    this.#ownSync = ownSync;
    this.#goneDevices = goneDevices;
  }

  /** @param {Pick<Scratch, 'get'>} database */
  async load(database) {
    this.#check = (await loadOwnRow(database)).checked ?? 0;
  }

  /** The number of the last check that began before now; a row that is written now bears it. */
  get check() {
    return this.#check;
  }

  /**
   * The server is about to be asked for the list.
   *
   * @returns {number} of this check
   */
  beginCheck() {
    this.#check += 1;
    return this.#check;
  }

  /**
   * The server has answered, and what it said is followed in this unit of work: rows from before this check were written
   * before any device was added that is not known now.
   *
   * @param {Scratch} scratch
   * @param {number} check
   */
  async endCheck(scratch, check) {
    const known = await loadOwnRow(scratch);
    if (check > (known.checked ?? 0)) putOwnRow(scratch, { ...known, checked: check });
  }

  /**
   * @param {Scratch} scratch
   * @param {string} deviceName of this device, for the others
   */
  async follow(scratch, deviceName) {
    const known = await loadOwnRow(scratch);
    const others = await this.#lists.devicesOf(scratch, this.#account.accountId);
    const devices = others.map((device) => device.deviceId);
    const { reached, ahead } = reachedBy(known.ahead, this.#account.listVersion);
    const ended = endedBy(reached, others);
    const heardOf = [...new Set([...known.devices, ...ended])];
    const removed = heardOf.filter((device) => !devices.includes(device));
    const added = others.filter((device) => !known.devices.includes(device.deviceId));
    if (removed.length === 0 && added.length === 0 && reached.length === 0) return;
    putOwnRow(scratch, { ...known, device: this.#account.deviceId, devices, ahead });
    await this.#goneDevices.left(scratch, removed);
    // named with other keys than by the list ahead
    for (const device of ended.filter((device) => devices.includes(device)))
      await dropSessions(scratch, this.#account.accountId, device);
    if (added.length === 0) return;
    const ids = added.map((device) => device.deviceId);
    await this.#profiles.introduceToOwn(scratch, ids, deviceName);
    await this.#ownSync.state(scratch);
    for (const { value: chat } of await scratch.list('chats', []))
      await this.#sendMissing(scratch, chat, added, known.checked ?? 0);
  }

  /**
   * @param {Scratch} scratch
   * @param {import('../chat/chat-row.js').Chat} chat
   * @param {import('./list-changes.js').Device[]} devices
   * @param {number} checked
   */
  async #sendMissing(scratch, chat, devices, checked) {
    /** @type {MessageRow[]} */
    const rows = [];
    // the clocks of two devices may differ by days: what no check has come after counts whatever its time is
    const isUnchecked = (/** @type {MessageRow} */ { ownCheck = -1 }) => ownCheck >= checked;
    const isMissing = (/** @type {MessageRow} */ row) =>
      isUnchecked(row) || devices.some((device) => isSinceAdded(row, device));
    for await (const row of recentRows(this.#written(scratch, chat), isMissing)) rows.unshift(row);
    for (const row of rows)
      for (const device of devices.filter((device) => isUnchecked(row) || isSinceAdded(row, device)))
        await this.#ownSync.sentBefore(scratch, device.deviceId, chat.account, contentOf(row, chat.chatId));
  }

  /**
   * @param {Scratch} scratch
   * @param {import('../chat/chat-row.js').Chat} chat
   */
  async *#written(scratch, chat) {
    for await (const row of newestRowsFirst(scratch, chat))
      if (isWrittenBy(row, this.#account.deviceId)) yield row;
  }
}
