/**
 * All contacts, with the committed ones at hand: paths, presence and receipts ask for acceptance at every turn.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('./contact.js').Contact} Contact
 * @typedef {(now: Contact, before: Contact | undefined) => void} Listener
 */
import { toHex } from '../crypto/bytes.js';
import { loadContact, newContact, putContact } from './contact.js';

export class Contacts {
  /** @type {Map<string, Contact>} */
  #committed = new Map();
  /** @type {Listener[]} */
  #listeners = [];

  /** @param {import('../engine-contract.js').Database} database */
  async load(database) {
    /** @type {import('../engine-contract.js').Row<Contact>[]} */
    const rows = await database.list('contacts', []);
    // the row of one's own devices lies in the same store (sync/own-list.js)
    for (const { value } of rows) if (value.accountId) this.#committed.set(toHex(value.accountId), value);
  }

  /** @param {Listener} listener told after each committed change */
  onChange(listener) {
    this.#listeners.push(listener);
  }

  /**
   * As last committed.
   *
   * @param {Uint8Array} accountId
   */
  get(accountId) {
    return this.#committed.get(toHex(accountId));
  }

  all() {
    return [...this.#committed.values()];
  }

  /**
   * As this unit of work sees it; a new one if there is none.
   *
   * @param {Scratch} scratch
   * @param {Uint8Array} accountId
   * @param {number} nowMs
   * @returns {Promise<Contact>}
   */
  async read(scratch, accountId, nowMs) {
    return (await loadContact(scratch, accountId)) ?? newContact(accountId, nowMs);
  }

  /**
   * @param {Scratch} scratch
   * @param {Contact} contact
   */
  put(scratch, contact) {
    putContact(scratch, contact);
    scratch.afterCommit(() => {
      const id = toHex(contact.accountId);
      const before = this.#committed.get(id);
      this.#committed.set(id, contact);
      for (const listener of this.#listeners) listener(contact, before);
    });
  }
}
