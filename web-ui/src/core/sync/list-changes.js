/**
 * What follows from a newer device list (MP2P/1 §2): sessions and items of removed devices go; each new device gets
 * the PROFILE and the messages that no device of its account has received.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('../crypto/device-list.js').DeviceList} DeviceList
 * @typedef {import('../contact/contact.js').Contact} Contact
 * @typedef {import('../chat/thread.js').MessageRow} MessageRow
 */
import { loadChat } from '../chat/chat-row.js';
import { newestRowsFirst, replaceRow } from '../chat/thread.js';
import { dropSessions } from '../session-rows.js';

const DAY_MS = 86_400_000;

export class ListChanges {
  #account;
  #contacts;
  #lists;
  #outbox;
  #fanOut;
  #profiles;
  #conversation;
  #environment;

  /**
   * @param {{ account: import('../engine-contract.js').Account, contacts: import('../contact/contacts.js').Contacts,
   *   lists: import('../contact/lists.js').Lists, outbox: import('../outbox/outbox.js').Outbox,
   *   fanOut: import('../outbox/fan-out.js').FanOut, profiles: import('./profiles.js').Profiles,
   *   conversation: (account: Uint8Array) => Uint8Array, environment: import('../environment.js').Environment
   *   }} parts
   */
  constructor({ account, contacts, lists, outbox, fanOut, profiles, conversation, environment }) {
    this.#account = account;
    this.#contacts = contacts;
    this.#lists = lists;
    this.#outbox = outbox;
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
   * @param {DeviceList} list
   * @returns {Promise<Contact>} the contact, put
   */
  async adopt(scratch, contact, list) {
    const before = this.#lists.ofContact(contact)?.devices.map((device) => device.deviceId) ?? [];
    const now = list.devices.map((device) => device.deviceId);
    /** @type {Contact} */
    const adopted = {
      ...contact,
      aik: list.aik,
      list: list.bytes,
      listVersion: list.listVersion,
      listHash: list.hash,
      staleSinceMs: 0,
      profiled: contact.profiled.filter((device) => now.includes(device)),
    };
    this.#contacts.put(scratch, adopted);
    await this.dropDevices(
      scratch,
      contact.accountId,
      before.filter((device) => !now.includes(device)),
    );
    const added = now.filter((device) => !before.includes(device));
    if (added.length === 0 || adopted.state !== 'accepted') return adopted;
    const known = adopted.theyAccepted || contact.profiled.length > 0;
    const introduced = known ? await this.#profiles.introduce(scratch, adopted) : adopted;
    await this.#sendUnreceived(scratch, introduced, added);
    return introduced;
  }

  /**
   * @param {Scratch} scratch
   * @param {Uint8Array} account
   * @param {number[]} devices
   */
  async dropDevices(scratch, account, devices) {
    for (const device of devices) {
      await dropSessions(scratch, account, device);
      for (const item of this.#outbox.to(account, device)) this.#outbox.remove(scratch, item);
    }
  }

  /**
   * @param {Scratch} scratch
   * @param {Contact} contact
   * @param {number[]} devices
   */
  async #sendUnreceived(scratch, contact, devices) {
    const chat = await loadChat(scratch, this.#conversation(contact.accountId));
    if (!chat) return;
    const oldest = this.#environment.now() - this.#account.mailboxTtlDays * DAY_MS;
    /** @type {MessageRow[]} */
    const unreceived = [];
    for await (const row of newestRowsFirst(scratch, chat)) {
      if (row.storedMs < oldest) break;
      if (this.#isUnreceived(row, contact.listVersion)) unreceived.unshift(row);
    }
    let shown = chat;
    for (const row of unreceived) {
      const { ctype, msgId, sentMs, seq, body } = row;
      const content = { ctype, msgId, convId: chat.chatId, sentMs, seq, body };
      for (const device of devices)
        await this.#fanOut.toDevice(scratch, contact.accountId, device, content, { inRow: true });
      shown = await replaceRow(scratch, shown, {
        ...row,
        listVersion: contact.listVersion,
        newDevices: false,
      });
    }
  }

  /**
   * Written on this device (another own device repeats its own), and either nobody has it or a receipt told that
   * the account had a newer list by then.
   *
   * @param {MessageRow} row
   * @param {number} listVersion
   */
  #isUnreceived(row, listVersion) {
    if (row.direction !== 'out' || row.device !== this.#account.deviceId || row.seq === 0) return false;
    if (row.listVersion >= listVersion) return false;
    return row.newDevices || row.state === 'sending' || row.state === 'sent';
  }
}
