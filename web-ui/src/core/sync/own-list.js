/**
 * The own device list has changed, or this device is new (MP2P/1 §2 *First acts of a new device*): sessions with
 * removed own devices end, added ones are sent PROFILE, SYNC `state` and what was written here since they were added
 * (docs/adr/0009).
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 */

import { contentOf, isWrittenBy, newestRowsFirst } from '../chat/thread.js';
import { reachedBy } from '../contact/devices-ahead.js';
import { loadOwnRow, putOwnRow } from './own-row.js';
import { isSinceAdded } from './since-added.js';

export class OwnList {
  #account;
  #lists;
  #profiles;
  #ownSync;
  #goneDevices;

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

  /**
   * @param {Scratch} scratch
   * @param {string} deviceName of this device, for the others
   */
  async follow(scratch, deviceName) {
    const known = await loadOwnRow(scratch);
    const others = await this.#lists.devicesOf(scratch, this.#account.accountId);
    const devices = others.map((device) => device.deviceId);
    const { reached, ahead } = reachedBy(known.ahead, this.#account.listVersion);
    const heardOf = [...new Set([...known.devices, ...reached])];
    const removed = heardOf.filter((device) => !devices.includes(device));
    const added = others.filter((device) => !known.devices.includes(device.deviceId));
    if (removed.length === 0 && added.length === 0 && reached.length === 0) return;
    putOwnRow(scratch, { ...known, device: this.#account.deviceId, devices, ahead });
    await this.#goneDevices.left(scratch, removed);
    if (added.length === 0) return;
    const ids = added.map((device) => device.deviceId);
    await this.#profiles.introduceToOwn(scratch, ids, deviceName);
    await this.#ownSync.state(scratch);
    for (const { value: chat } of await scratch.list('chats', []))
      await this.#sendMissing(scratch, chat, added);
  }

  /**
   * @param {Scratch} scratch
   * @param {import('../chat/chat-row.js').Chat} chat
   * @param {import('./list-changes.js').Device[]} devices
   */
  async #sendMissing(scratch, chat, devices) {
    /** @type {import('../chat/thread.js').MessageRow[]} */
    const rows = [];
    for await (const row of newestRowsFirst(scratch, chat)) {
      if (!devices.some((device) => isSinceAdded(row, device))) break;
      if (isWrittenBy(row, this.#account.deviceId)) rows.unshift(row);
    }
    for (const row of rows)
      for (const device of devices.filter((device) => isSinceAdded(row, device)))
        await this.#ownSync.sentBefore(scratch, device.deviceId, chat.account, contentOf(row, chat.chatId));
  }
}
