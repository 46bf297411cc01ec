/**
 * Carries changed pins into the vault (MP2P/1 §9.3), gathered, outside the queue.
 *
 * @typedef {import('./contact.js').Contact} Contact
 */
import { mergePin } from '../account/vault-merge.js';
import { loadContact, pinOf } from './contact.js';

const GATHER_MS = 500;
const RETRY_MS = 60_000;

export class Pins {
  #account;
  #contacts;
  #transactions;
  #environment;
  /** @type {(() => void) | null} */
  #cancelTimer = null;
  #pushing = false;
  #stopped = false;

  /**
   * @param {{ account: import('../engine-contract.js').Account, contacts: import('./contacts.js').Contacts,
   *   transactions: import('../transactions.js').Transactions, environment: import('../environment.js').Environment
   *   }} parts
   */
  constructor({ account, contacts, transactions, environment }) {
    this.#account = account;
    this.#contacts = contacts;
    this.#transactions = transactions;
    this.#environment = environment;
    contacts.onChange((contact) => {
      if (contact.pinDue) this.schedule();
    });
  }

  /** @param {number} [ms] */
  schedule(ms = GATHER_MS) {
    if (this.#cancelTimer || this.#stopped) return;
    this.#cancelTimer = this.#environment.after(() => {
      this.#cancelTimer = null;
      this.#push();
    }, ms);
  }

  stop() {
    this.#stopped = true;
    this.#cancelTimer?.();
  }

  async #push() {
    if (this.#pushing) return this.schedule();
    const due = this.#contacts.all().filter((contact) => contact.pinDue && contact.aik);
    if (due.length === 0) return;
    this.#pushing = true;
    try {
      await this.#account.updateVault((items) => {
        for (const contact of due) put(items, contact);
      });
      await this.#transactions.run((scratch) => this.#clear(scratch, due));
    } catch {
      this.schedule(RETRY_MS); // a new start tries again as well: pinDue stands
    } finally {
      this.#pushing = false;
    }
  }

  /**
   * @param {import('../scratch.js').Scratch} scratch
   * @param {Contact[]} pushed
   */
  async #clear(scratch, pushed) {
    for (const before of pushed) {
      const contact = await loadContact(scratch, before.accountId);
      if (contact && isSamePin(pinOf(contact), pinOf(before)))
        this.#contacts.put(scratch, { ...contact, pinDue: false });
    }
  }
}

/**
 * May run again on items merged with another device's, so it takes nothing from a pin that knows more.
 *
 * @param {import('../engine-contract.js').VaultItems} items
 * @param {Contact} contact
 */
function put(items, contact) {
  const pin = pinOf(contact);
  const at = items.pins.findIndex((known) => known.account_id === pin.account_id);
  const known = items.pins[at];
  if (!known) {
    items.pins.push(pin);
    return;
  }
  items.pins[at] = mergePin(pin, known);
}

/**
 * @param {import('../engine-contract.js').Pin} a
 * @param {import('../engine-contract.js').Pin} b
 */
const isSamePin = (a, b) => JSON.stringify(a) === JSON.stringify(b);
