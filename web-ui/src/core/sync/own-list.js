/**
 * The own device list has changed, or this device is new (MP2P/1 §2 *First acts of a new device*): sessions with
 * removed own devices end, added ones are sent PROFILE and SYNC `state`.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {{ row: 'own', devices: number[] }} OwnRow other own devices that have been introduced to
 */

/** @type {import('../engine-contract.js').KeyPart[]} */
const KEY = ['own'];

export class OwnList {
  #account;
  #lists;
  #profiles;
  #ownSync;
  #listChanges;

  /**
   * @param {{ account: import('../engine-contract.js').Account, lists: import('../contact/lists.js').Lists,
   *   profiles: import('./profiles.js').Profiles, ownSync: import('./own-sync.js').OwnSync,
   *   listChanges: import('./list-changes.js').ListChanges }} parts
   */
  constructor({ account, lists, profiles, ownSync, listChanges }) {
    this.#account = account;
    this.#lists = lists;
    this.#profiles = profiles;
    this.#ownSync = ownSync;
    this.#listChanges = listChanges;
  }

  /**
   * @param {Scratch} scratch
   * @param {string} deviceName of this device, for the others
   */
  async follow(scratch, deviceName) {
    /** @type {OwnRow} */
    const known = (await scratch.get('contacts', KEY)) ?? { row: 'own', devices: [] };
    const others = await this.#lists.devicesOf(scratch, this.#account.accountId);
    const devices = others.map((device) => device.deviceId);
    const removed = known.devices.filter((device) => !devices.includes(device));
    const added = devices.filter((device) => !known.devices.includes(device));
    if (removed.length === 0 && added.length === 0) return;
    scratch.put('contacts', KEY, { row: 'own', devices });
    await this.#listChanges.dropDevices(scratch, this.#account.accountId, removed);
    if (added.length === 0) return;
    await this.#profiles.introduceToOwn(scratch, added, deviceName);
    await this.#ownSync.state(scratch);
  }
}
