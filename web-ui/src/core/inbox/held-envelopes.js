/**
 * Envelopes that wait for a device list (MP2P/1 §7 *Hold*): seen and acknowledged, kept as they came, and opened again
 * whenever something may have changed: another list of the account, a warning that has ended, a start. One that still
 * does not open stays, and holds up none of the others.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {{ row: 'identity', account: Uint8Array, id: Uint8Array, envelope: Uint8Array, code: string,
 *   atMs: number }} HeldEnvelope
 */
import { hasOtherList } from '../contact/contact.js';
import { toHex } from '../crypto/bytes.js';
import { StorageError } from '../db/storage-error.js';

const HELD_PER_ACCOUNT = 500; // §9.7

export class HeldEnvelopes {
  #lists;
  #transactions;
  #environment;
  #open;
  #onOwnFork;
  #onFault;
  /** @type {Set<string>} for which something is held, as committed */
  #accounts = new Set();

  /**
   * @param {{ contacts: import('../contact/contacts.js').Contacts, lists: import('../contact/lists.js').Lists,
   *   transactions: import('../transactions.js').Transactions, environment: import('../environment.js').Environment
   *   }} parts
   * @param {object} effects
   * @param {(scratch: Scratch, envelope: Uint8Array) => Promise<boolean>} effects.open false: it still has to wait
   * @param {() => void} effects.onOwnFork something is held for the own account: its key has signed another list
   * @param {(error: unknown) => void} effects.onFault
   */
  constructor({ contacts, lists, transactions, environment }, { open, onOwnFork, onFault }) {
    this.#lists = lists;
    this.#transactions = transactions;
    this.#environment = environment;
    this.#open = open;
    this.#onOwnFork = onOwnFork;
    this.#onFault = onFault;
    contacts.onChange((contact, before) => {
      const freed = before?.identityWarning && !contact.identityWarning;
      if (freed || hasOtherList(contact, before)) this.retry(contact.accountId);
    });
  }

  /** @param {import('../engine-contract.js').Database} database */
  async load(database) {
    /** @type {import('../engine-contract.js').Row<HeldEnvelope>[]} */
    const rows = await database.list('held', []);
    /** @type {Map<string, Uint8Array>} */
    const accounts = new Map();
    for (const { value } of rows)
      if (value.row === 'identity') accounts.set(toHex(value.account), value.account);
    for (const account of accounts.values()) this.#noteHeld(account);
    // a crash may have come between the change and the opening
    for (const account of accounts.values()) this.retry(account);
  }

  /**
   * @param {Scratch} scratch
   * @param {Uint8Array} account that it claims to be from
   * @param {string} code
   * @param {{ id: Uint8Array, envelope: Uint8Array }} what
   */
  async hold(scratch, account, code, { id, envelope }) {
    const held = await scratch.list('held', namesOf(account));
    const oldest = held[0];
    if (oldest && held.length >= HELD_PER_ACCOUNT)
      scratch.delete('held', [...namesOf(account), ...oldest.counters]);
    const number = Number(held.at(-1)?.counters[0] ?? 0) + 1;
    /** @type {HeldEnvelope} */
    const row = { row: 'identity', account, id, envelope, code, atMs: this.#environment.now() };
    scratch.put('held', [...namesOf(account), number], row);
    scratch.afterCommit(() => this.#noteHeld(account));
  }

  /** @param {Uint8Array} account of which another list is known, or which is trusted again */
  retry(account) {
    if (!this.#accounts.has(toHex(account))) return;
    this.#transactions.runAlone(async (scratch) => {
      for (const { counters, value } of await scratch.list('held', namesOf(account))) {
        const fork = scratch.fork();
        if (!(await this.#opens(fork, value.envelope))) continue;
        fork.delete('held', [...namesOf(account), ...counters]);
        scratch.adopt(fork);
      }
      const left = await scratch.list('held', namesOf(account));
      if (left.length === 0) scratch.afterCommit(() => this.#accounts.delete(toHex(account)));
    });
  }

  /** @param {Uint8Array} account for which something lies on disk */
  #noteHeld(account) {
    this.#accounts.add(toHex(account));
    if (this.#lists.isOwn(account)) this.#onOwnFork();
  }

  /**
   * @param {Scratch} fork
   * @param {Uint8Array} envelope
   */
  async #opens(fork, envelope) {
    try {
      return await this.#open(fork, envelope);
    } catch (error) {
      if (error instanceof StorageError) throw error;
      this.#onFault(error); // a defect of ours: it waits, the others do not
      return false;
    }
  }
}

/** @param {Uint8Array} account */
const namesOf = (account) => ['identity', account];
