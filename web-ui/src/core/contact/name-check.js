/**
 * A user name is a claim: it is shown only where the server gives that name to that account (MP2P/1 §6.1 *Names*).
 */
import { equal } from '../crypto/bytes.js';
import { loadContact } from './contact.js';

const USERNAME = /^[a-z0-9._-]{3,32}$/; // §2

/** @param {string} text */
export const isUsername = (text) => USERNAME.test(text);

export class NameCheck {
  #api;
  #transactions;
  #contacts;

  /**
   * @param {import('../engine-contract.js').EngineContext['api']} api
   * @param {import('../transactions.js').Transactions} transactions
   * @param {import('./contacts.js').Contacts} contacts
   */
  constructor(api, transactions, contacts) {
    this.#api = api;
    this.#transactions = transactions;
    this.#contacts = contacts;
  }

  /** Names that could not be checked before; called at each connect. */
  checkPending() {
    for (const contact of this.#contacts.all())
      if (contact.nameState === 'unchecked' && contact.username) this.check(contact.accountId);
  }

  /**
   * Never rejects: without an answer the name stays unchecked until the next connect.
   *
   * @param {Uint8Array} accountId
   */
  async check(accountId) {
    const username = this.#contacts.get(accountId)?.username;
    if (!username) return;
    try {
      const holder = isUsername(username) ? await this.#api.username(username) : null;
      const nameState = holder && equal(holder, accountId) ? 'checked' : 'conflict';
      await this.#transactions.run(async (scratch) => {
        const contact = await loadContact(scratch, accountId);
        if (contact?.username === username) this.#contacts.put(scratch, { ...contact, nameState });
      });
    } catch {
      // no answer, or stopped
    }
  }
}
