/**
 * A user name is a claim: it is shown only where the server gives that name to that account (MP2P/1 §6.1 PROFILE).
 */
import { AnswerError, ApiError } from '../api/errors.js';
import { equal, toHex } from '../crypto/bytes.js';
import { loadContact } from './contact.js';

const USERNAME = /^[a-z0-9._-]{3,32}$/; // §2

/** @param {string} text */
export const isUsername = (text) => USERNAME.test(text);

export class NameCheck {
  #api;
  #transactions;
  #contacts;
  /** @type {Map<string, Uint8Array>} accounts to be asked for */
  #waiting = new Map();
  #working = false;

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
   * One after the other: strangers can claim as many names as they like.
   *
   * @param {Uint8Array} accountId
   */
  check(accountId) {
    this.#waiting.set(toHex(accountId), accountId);
    if (!this.#working) this.#work();
  }

  async #work() {
    this.#working = true;
    for (const [id, accountId] of this.#waiting) {
      this.#waiting.delete(id);
      if (!(await this.#ask(accountId))) this.#waiting.clear();
    }
    this.#working = false;
  }

  /**
   * @param {Uint8Array} accountId
   * @returns {Promise<boolean>} false: nobody answers now. What has no answer is asked again at the next connect
   */
  async #ask(accountId) {
    const { username, nameState } = this.#contacts.get(accountId) ?? {};
    if (!username || nameState !== 'unchecked') return true;
    try {
      const holder = isUsername(username) ? await this.#api.username(username) : null;
      await this.#put(accountId, username, holder && equal(holder, accountId) ? 'checked' : 'conflict');
      return true;
    } catch (error) {
      return error instanceof AnswerError || (error instanceof ApiError && error.status !== 429);
    }
  }

  /**
   * @param {Uint8Array} accountId
   * @param {string} username that was asked for: the contact may have another one by now
   * @param {import('./contact.js').Contact['nameState']} nameState
   */
  #put(accountId, username, nameState) {
    return this.#transactions.run(async (scratch) => {
      const contact = await loadContact(scratch, accountId);
      if (contact?.username === username) this.#contacts.put(scratch, { ...contact, nameState });
    });
  }
}
