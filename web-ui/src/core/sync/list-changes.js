/**
 * What follows from a newer device list (MP2P/1 §2): sessions and items of removed devices go; each new device gets
 * the PROFILE, the messages that no device of its account has received, and those written since it was added
 * (docs/adr/0009).
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('../crypto/device-list.js').DeviceList} DeviceList
 * @typedef {DeviceList['devices'][number]} Device
 * @typedef {import('../contact/contact.js').Contact} Contact
 * @typedef {import('../chat/thread.js').MessageRow} MessageRow
 */
import { loadChat } from '../chat/chat-row.js';
import { recentRows } from '../chat/recent-rows.js';
import { contentOf, isWrittenBy, newestRowsFirst, replaceRow } from '../chat/thread.js';
import { boundAhead, endedBy, noteAhead, reachedBy } from '../contact/devices-ahead.js';
import { settled } from '../contact/identity-evidence.js';
import { equal } from '../crypto/bytes.js';
import { dropSessions } from '../session-rows.js';
import { isSinceAdded } from './since-added.js';

const DAY_MS = 86_400_000;

export class ListChanges {
  #account;
  #contacts;
  #lists;
  #outbox;
  #heardDevices;
  #sealing;
  #fanOut;
  #profiles;
  #conversation;
  #environment;

  /**
   * @param {{ account: import('../engine-contract.js').Account, contacts: import('../contact/contacts.js').Contacts,
   *   lists: import('../contact/lists.js').Lists, outbox: import('../outbox/outbox.js').Outbox,
   *   heardDevices: import('../outbox/heard-devices.js').HeardDevices,
   *   sealing: import('../outbox/sealing.js').Sealing, fanOut: import('../outbox/fan-out.js').FanOut, profiles: import('./profiles.js').Profiles,
   *   conversation: (account: Uint8Array) => Uint8Array, environment: import('../environment.js').Environment
   *   }} parts
   */
  constructor({
    account,
    contacts,
    lists,
    outbox,
    heardDevices,
    sealing,
    fanOut,
    profiles,
    conversation,
    environment,
  }) {
    this.#account = account;
    this.#contacts = contacts;
    this.#lists = lists;
    this.#outbox = outbox;
    this.#heardDevices = heardDevices;
    this.#sealing = sealing;
    this.#fanOut = fanOut;
    this.#profiles = profiles;
    this.#conversation = conversation;
    this.#environment = environment;
  }

  /**
   * Makes a verified list the highest seen of a contact.
   *
   * @param {Scratch} scratch
   * @param {Contact} contact
   * @param {DeviceList} list not older than the highest seen, be it of a pin
   * @returns {Promise<Contact>} the contact, put
   */
  async adopt(scratch, contact, list) {
    const before = this.#lists.ofContact(contact)?.devices ?? [];
    const now = list.devices.map((device) => device.deviceId);
    // the same id with other keys, which only a list that the user trusts can bring, is another device
    const left = before.filter((device) => !list.devices.some((other) => isSame(device, other)));
    const gone = left.map(({ deviceId }) => deviceId);
    const { reached, ahead } = reachedBy(contact.ahead, list.listVersion);
    const isNews = list.listVersion > contact.listVersion;
    const adopted = settled({
      ...contact,
      aik: list.aik,
      list: list.bytes,
      listVersion: list.listVersion,
      listHash: list.hash,
      ahead,
      staleSinceMs: 0,
      profiled: contact.profiled.filter((device) => now.includes(device) && !gone.includes(device)),
      pinDue: contact.pinDue || (isNews && contact.state !== 'none'),
    });
    this.#contacts.put(scratch, adopted);
    const ended = endedBy(reached, list.devices);
    const stay = list.devices.filter((device) => before.some((other) => isSame(device, other)));
    const stays = (/** @type {number} */ device) => stay.some(({ deviceId }) => deviceId === device);
    await this.dropDevices(scratch, contact.accountId, [
      ...new Set([...gone, ...ended.filter((device) => !stays(device))]),
    ]);
    for (const device of ended.filter(stays)) await this.beginAnew(scratch, contact.accountId, device);
    const added = list.devices.filter((device) => !stay.includes(device));
    if (added.length === 0 || adopted.state !== 'accepted') return adopted;
    const known = adopted.theyAccepted || contact.profiled.length > 0;
    const introduced = known ? await this.#profiles.introduce(scratch, adopted) : adopted;
    await this.#sendMissing(scratch, introduced, added, isOtherOfItsVersion(list, contact));
    return introduced;
  }

  /**
   * A session began by a list some versions ahead, which is not adopted yet.
   *
   * @param {Scratch} scratch
   * @param {Contact} contact
   * @param {import('../contact/devices-ahead.js').DeviceAhead} came
   * @returns {Promise<Contact>} the contact, put
   */
  async noteAhead(scratch, contact, came) {
    const { kept, tooMany } = boundAhead(noteAhead(contact.ahead, came));
    const noted = { ...contact, ahead: kept };
    this.#contacts.put(scratch, noted);
    await this.dropDevices(scratch, contact.accountId, tooMany);
    return noted;
  }

  /**
   * @param {Scratch} scratch
   * @param {Uint8Array} account
   * @param {number[]} devices
   */
  async dropDevices(scratch, account, devices) {
    for (const device of devices) {
      await dropSessions(scratch, account, device);
      this.#heardDevices.forget(scratch, account, device);
      this.#outbox.removeTo(scratch, account, device);
    }
  }

  /**
   * The sessions with this id may be another's; the device itself is to get what is on its way to it.
   *
   * @param {Scratch} scratch
   * @param {Uint8Array} account
   * @param {number} device
   */
  async beginAnew(scratch, account, device) {
    await dropSessions(scratch, account, device);
    for (const item of this.#outbox.readTo(scratch, account, device)) await this.#sealing.put(scratch, item);
  }

  /**
   * @param {Scratch} scratch
   * @param {Contact} contact
   * @param {Device[]} devices
   * @param {boolean} instead of a list of the same version, by which rows were fanned out
   */
  async #sendMissing(scratch, contact, devices, instead) {
    const chat = await loadChat(scratch, this.#conversation(contact.accountId));
    if (!chat) return;
    const oldest = this.#environment.now() - this.#account.mailboxTtlDays * DAY_MS;
    /** @type {MessageRow[]} */
    const rows = [];
    for await (const row of recentRows(newestRowsFirst(scratch, chat), (row) => row.storedMs >= oldest)) {
      const isFromBefore = instead || row.listVersion < contact.listVersion;
      if (isWrittenBy(row, this.#account.deviceId) && isFromBefore) rows.unshift(row);
    }
    let shown = chat;
    for (const row of rows) {
      const missing = devices.filter((device) => isUnreceived(row) || isSinceAdded(row, device));
      if (missing.length === 0) continue;
      const content = contentOf(row, chat.chatId);
      for (const { deviceId } of missing)
        await this.#fanOut.toDevice(scratch, contact.accountId, deviceId, content, { inRow: true });
      shown = await replaceRow(scratch, shown, {
        ...row,
        listVersion: contact.listVersion,
        newDevices: false,
      });
    }
  }
}

/**
 * The user trusts the other side of a fork.
 *
 * @param {DeviceList} list
 * @param {Contact} contact as it was before
 */
const isOtherOfItsVersion = (list, { list: held, listVersion }) =>
  held !== null && list.listVersion === listVersion && !equal(held, list.bytes);

/**
 * Nobody has it, or a receipt told that the account had a newer list by then.
 *
 * @param {MessageRow} row
 */
const isUnreceived = ({ newDevices, state }) => newDevices || state === 'sending' || state === 'sent';

/**
 * @param {Device} a
 * @param {Device} b
 */
const isSame = (a, b) => a.deviceId === b.deviceId && equal(a.dsk, b.dsk) && equal(a.dhk, b.dhk);
