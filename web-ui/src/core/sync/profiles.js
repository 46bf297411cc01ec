/**
 * PROFILE (MP2P/1 §6.1 Names): user name and delivery key, to a peer before the first content of a chat one starts,
 * at acceptance, to each new device of an accepted account, and when either changes.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('../contact/contact.js').Contact} Contact
 */
import { toBase64url } from '../crypto/bytes.js';
import { CTYPE } from '../crypto/content.js';

export class Profiles {
  #account;
  #contacts;
  #lists;
  #fanOut;
  #conversation;

  /**
   * @param {{ account: import('../engine-contract.js').Account, contacts: import('../contact/contacts.js').Contacts,
   *   lists: import('../contact/lists.js').Lists, fanOut: import('../outbox/fan-out.js').FanOut,
   *   conversation: (account: Uint8Array) => Uint8Array }} parts
   */
  constructor({ account, contacts, lists, fanOut, conversation }) {
    this.#account = account;
    this.#contacts = contacts;
    this.#lists = lists;
    this.#fanOut = fanOut;
    this.#conversation = conversation;
  }

  /**
   * Queues the PROFILE for every device of an accepted contact that has not been sent it. While a warning stands no
   * path takes it.
   *
   * @param {Scratch} scratch
   * @param {Contact} contact
   * @returns {Promise<Contact>} the contact, put
   */
  async introduce(scratch, contact) {
    const devices = this.#lists.ofContact(contact)?.devices.map((device) => device.deviceId) ?? [];
    const missing = devices.filter((device) => !contact.profiled.includes(device));
    if (contact.state !== 'accepted' || missing.length === 0) return contact;
    const body = { username: this.#account.username, delivery_key: toBase64url(this.#account.deliveryKey) };
    const profile = this.#fanOut.content(CTYPE.PROFILE, this.#conversation(contact.accountId), body);
    for (const device of missing) await this.#fanOut.toDevice(scratch, contact.accountId, device, profile);
    const introduced = { ...contact, profiled: devices };
    this.#contacts.put(scratch, introduced);
    return introduced;
  }

  /**
   * The same to one's own devices, with this device's name.
   *
   * @param {Scratch} scratch
   * @param {number[]} devices
   * @param {string} deviceName
   */
  async introduceToOwn(scratch, devices, deviceName) {
    const { accountId, username, deliveryKey } = this.#account;
    const body = { username, delivery_key: toBase64url(deliveryKey), device: deviceName };
    const profile = this.#fanOut.content(CTYPE.PROFILE, this.#conversation(accountId), body);
    for (const device of devices) await this.#fanOut.toDevice(scratch, accountId, device, profile);
  }
}
