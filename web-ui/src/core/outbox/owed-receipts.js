/**
 * Receipts owed (MP2P/1 §6.2): a row each, written in the transaction that stores the message, gone in the one that
 * queues the RECEIPT. So a receipt owed outlives the tab. Rows exist for accepted accounts and own devices only.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {{ number: number, account: Uint8Array, conv: Uint8Array, msgId: Uint8Array,
 *   kind: 'delivered' | 'read' }} Owed
 */
import { toBase64url, toHex } from '../crypto/bytes.js';
import { CTYPE } from '../crypto/content.js';

const JITTER_MS = 2000; // §6.4
const IDS_PER_RECEIPT = 200; // §6.1

export class OwedReceipts {
  #transactions;
  #contacts;
  #lists;
  #fanOut;
  #environment;
  #last = 0;
  /** @type {(() => void) | null} */
  #cancelTimer = null;
  #stopped = false;

  /**
   * @param {{ transactions: import('../transactions.js').Transactions,
   *   contacts: import('../contact/contacts.js').Contacts, lists: import('../contact/lists.js').Lists,
   *   fanOut: import('./fan-out.js').FanOut, environment: import('../environment.js').Environment }} parts
   */
  constructor({ transactions, contacts, lists, fanOut, environment }) {
    this.#transactions = transactions;
    this.#contacts = contacts;
    this.#lists = lists;
    this.#fanOut = fanOut;
    this.#environment = environment;
  }

  /** @param {import('../engine-contract.js').Database} database */
  async load(database) {
    const [newest] = await database.list('outbox', ['owed'], { reverse: true, limit: 1 });
    this.#last = newest?.counters[0] ?? 0;
    if (newest) this.schedule();
  }

  /**
   * @param {Scratch} scratch
   * @param {Uint8Array} account sender of the message
   * @param {Uint8Array} conv
   * @param {Uint8Array} msgId
   * @param {'delivered' | 'read'} kind
   */
  owe(scratch, account, conv, msgId, kind) {
    this.#last += 1;
    /** @type {Owed} */
    const owed = { number: this.#last, account, conv, msgId, kind };
    scratch.put('outbox', ['owed', owed.number], owed);
    scratch.afterCommit(() => this.schedule());
  }

  stop() {
    this.#stopped = true;
    this.#cancelTimer?.();
  }

  schedule() {
    if (this.#cancelTimer || this.#stopped) return;
    const wait = this.#environment.chance() * JITTER_MS;
    this.#cancelTimer = this.#environment.after(() => {
      this.#cancelTimer = null;
      // a failed commit leaves the rows: they go with the next receipt owed, or at the next start
      this.#transactions.runAlone((scratch) => this.#queueAll(scratch));
    }, wait);
  }

  /** @param {Scratch} scratch */
  async #queueAll(scratch) {
    /** @type {Map<string, Owed[]>} */
    const conversations = new Map();
    for (const { value } of await scratch.list('outbox', ['owed'])) {
      const id = `${toHex(value.account)}/${toHex(value.conv)}`;
      const owed = conversations.get(id);
      if (owed) owed.push(value);
      else conversations.set(id, [value]);
    }
    for (const owed of conversations.values()) {
      const { account, conv } = /** @type {Owed} */ (owed[0]);
      const contact = await this.#contacts.read(scratch, account, 0);
      const accepted = this.#lists.isOwn(account) || contact.state === 'accepted';
      // its list is on the way (a pinned contact on a new device): the rows wait for it
      if (accepted && !(await this.#lists.of(scratch, account))) continue;
      for (const { number } of owed) scratch.delete('outbox', ['owed', number]);
      if (!accepted) continue;
      for (let at = 0; at < owed.length; at += IDS_PER_RECEIPT) {
        const part = owed.slice(at, at + IDS_PER_RECEIPT);
        const body = { delivered: idsOf(part, 'delivered'), read: idsOf(part, 'read') };
        await this.#fanOut.toAccount(scratch, account, this.#fanOut.content(CTYPE.RECEIPT, conv, body));
      }
    }
  }
}

/**
 * @param {Owed[]} owed
 * @param {'delivered' | 'read'} kind
 */
const idsOf = (owed, kind) => owed.filter((row) => row.kind === kind).map((row) => toBase64url(row.msgId));
