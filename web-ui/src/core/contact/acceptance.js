/**
 * Acceptance (MP2P/1 §6.4): by starting a chat, by answering, or because another own device did. From then on
 * everything stored is receipted, the PROFILE goes out and the pin is made.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('./contact.js').Contact} Contact
 */
import { loadChat } from '../chat/chat-row.js';
import { isRead } from '../chat/read-mark.js';
import { newestRowsFirst } from '../chat/thread.js';
import { changeMs } from './contact.js';

export class Acceptance {
  #contacts;
  #owed;
  #profiles;
  #ownSync;
  #conversation;
  #environment;

  /**
   * @param {{ contacts: import('./contacts.js').Contacts, owed: import('../outbox/owed-receipts.js').OwedReceipts,
   *   profiles: import('../sync/profiles.js').Profiles, ownSync: import('../sync/own-sync.js').OwnSync,
   *   conversation: (account: Uint8Array) => Uint8Array, environment: import('../environment.js').Environment
   *   }} parts
   */
  constructor({ contacts, owed, profiles, ownSync, conversation, environment }) {
    this.#contacts = contacts;
    this.#owed = owed;
    this.#profiles = profiles;
    this.#ownSync = ownSync;
    this.#conversation = conversation;
    this.#environment = environment;
  }

  /**
   * The user accepts the contact on this device.
   *
   * @param {Scratch} scratch
   * @param {Contact} contact
   * @returns {Promise<Contact>} the contact, put
   */
  async accept(scratch, contact) {
    if (contact.state === 'accepted') return contact;
    const changedMs = changeMs(contact, this.#environment.now());
    /** @type {Contact} */
    const accepted = { ...contact, state: 'accepted', pinDue: true, changedMs, unreceipted: [] };
    const introduced = await this.#takeEffect(scratch, contact, accepted);
    await this.#ownSync.contact(scratch, introduced);
    return introduced;
  }

  /**
   * Another own device accepted it, or the vault says so.
   *
   * @param {Scratch} scratch
   * @param {Contact} before
   * @param {Contact} after
   * @returns {Promise<Contact>} the contact, put
   */
  async follow(scratch, before, after) {
    if (before.state === 'accepted' || after.state !== 'accepted') {
      this.#contacts.put(scratch, after);
      return after;
    }
    return this.#takeEffect(scratch, before, { ...after, unreceipted: [] });
  }

  /**
   * @param {Scratch} scratch
   * @param {Contact} before
   * @param {Contact} accepted
   */
  async #takeEffect(scratch, before, accepted) {
    this.#contacts.put(scratch, accepted);
    for (const { conv, msgId } of before.unreceipted)
      this.#owed.owe(scratch, before.accountId, conv, msgId, 'delivered');
    await this.#oweStored(scratch, before.accountId);
    // one who has not been heard of yet gets the PROFILE with the first content: opening a chat alone says nothing
    return accepted.theyAccepted ? this.#profiles.introduce(scratch, accepted) : accepted;
  }

  /**
   * @param {Scratch} scratch
   * @param {Uint8Array} account
   */
  async #oweStored(scratch, account) {
    const chat = await loadChat(scratch, this.#conversation(account));
    if (!chat) return;
    /** @type {import('../chat/thread.js').MessageRow[]} */
    const incoming = [];
    for await (const row of newestRowsFirst(scratch, chat)) if (row.direction === 'in') incoming.unshift(row);
    for (const row of incoming) {
      this.#owed.owe(scratch, account, chat.chatId, row.msgId, 'delivered');
      if (isRead(chat, row)) this.#owed.owe(scratch, account, chat.chatId, row.msgId, 'read');
    }
  }
}
