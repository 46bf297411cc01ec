/**
 * Fetches device lists and checks them (MP2P/1 §2 *A current list*), outside the queue; adopts what checks out.
 * Called after a 409 of the mailbox, after a content that claimed a higher list_version, after a PREKEY that
 * brought a list some versions ahead, and for a pinned contact whose list is not here yet.
 *
 * @typedef {import('./contact.js').Contact} Contact
 * @typedef {import('../crypto/device-list.js').DeviceList} DeviceList
 */
import { equal, toHex } from '../crypto/bytes.js';
import { assertSuccessor, ForkedLists } from '../crypto/device-list.js';
import { ProtocolError } from '../crypto/errors.js';
import { isAhead } from '../stored-time.js';
import { forked, settled, withheld } from './identity-evidence.js';

const PAGE = 100; // §20
const STALE_RETRY_MS = 60_000; // STALE_LIST

export class ListUpdates {
  #api;
  #transactions;
  #contacts;
  #lists;
  #listChanges;
  #environment;
  /** @type {Map<string, Promise<Contact | undefined>>} */
  #running = new Map();
  /** @type {Set<() => void>} */
  #timers = new Set();

  /**
   * @param {{ api: import('../engine-contract.js').EngineContext['api'],
   *   transactions: import('../transactions.js').Transactions, contacts: import('./contacts.js').Contacts,
   *   lists: import('./lists.js').Lists, listChanges: import('../sync/list-changes.js').ListChanges,
   *   environment: import('../environment.js').Environment }} parts
   */
  constructor({ api, transactions, contacts, lists, listChanges, environment }) {
    this.#api = api;
    this.#transactions = transactions;
    this.#contacts = contacts;
    this.#lists = lists;
    this.#listChanges = listChanges;
    this.#environment = environment;
  }

  /**
   * The newest list of a contact, adopted.
   *
   * @param {Uint8Array} accountId
   * @returns {Promise<Contact | undefined>} rejects if the server did not answer; undefined for an unknown contact
   */
  refresh(accountId) {
    const id = toHex(accountId);
    const running = this.#running.get(id) ?? this.#refresh(accountId).finally(() => this.#running.delete(id));
    this.#running.set(id, running);
    return running;
  }

  stop() {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  /**
   * The newest list of an account that is not a contact yet.
   *
   * @param {Uint8Array} accountId
   * @returns {Promise<DeviceList>}
   */
  async fetchNewest(accountId) {
    const [bytes] = await this.#api.deviceLists(accountId);
    if (!bytes) throw new ProtocolError('E_DLC', 'no device list');
    const list = this.#lists.decode(bytes);
    if (!equal(list.accountId, accountId)) throw new ProtocolError('E_DLC', 'list of another account');
    return list;
  }

  /**
   * Wrong identity evidence: the user is told, and nothing goes out to this account any more (§7 E_DLC).
   *
   * @param {Uint8Array} accountId
   * @param {(contact: Contact) => Contact} evidence
   * @returns {Promise<Contact>}
   */
  warn(accountId, evidence) {
    return this.#transactions.run(async (scratch) => {
      const contact = await this.#contacts.read(scratch, accountId, this.#environment.now());
      const warned = evidence(contact);
      this.#contacts.put(scratch, warned);
      return warned;
    });
  }

  /**
   * What was under way while another version came by a message, or the user trusted another list, was checked from the
   * one before: it is fetched again from there. Each round has seen a list adopted or a decision, so they end.
   *
   * @param {Uint8Array} accountId
   */
  async #refresh(accountId) {
    for (;;) {
      const contact = this.#contacts.get(accountId);
      if (!contact) return undefined;
      const weighed = await this.#refreshFrom(contact);
      if (weighed) return weighed;
    }
  }

  /**
   * @param {Contact} contact
   * @returns {Promise<Contact | undefined>} undefined: another list counts by now
   */
  async #refreshFrom(contact) {
    const { accountId } = contact;
    try {
      const newest = await this.#fetchChain(contact);
      return await this.#transactions.run(async (scratch) => {
        const current = await this.#contacts.read(scratch, accountId, this.#environment.now());
        if (!isBasedOn(contact, current)) return undefined;
        if (newest.listVersion > (this.#lists.ofContact(current)?.listVersion ?? 0))
          return this.#weigh(scratch, await this.#listChanges.adopt(scratch, current, newest));
        return this.#weigh(scratch, current);
      });
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return this.#transactions.run(async (scratch) => {
        const current = await this.#contacts.read(scratch, accountId, this.#environment.now());
        if (!isBasedOn(contact, current)) return undefined;
        const warned = error instanceof ForkedLists ? forked(current) : withheld(current);
        this.#contacts.put(scratch, warned);
        return warned;
      });
    }
  }

  /**
   * The newest list, reached from what is known by checked links alone. A pin knows version and hash without the
   * bytes: the chain leads through that version, or begins with it where no list is held.
   *
   * @param {Contact} contact
   * @returns {Promise<DeviceList>}
   */
  async #fetchChain(contact) {
    let known = this.#lists.ofContact(contact);
    if (!known && contact.listVersion === 0) return this.fetchNewest(contact.accountId);
    for (;;) {
      const page = await this.#api.deviceLists(
        contact.accountId,
        known ? known.listVersion + 1 : contact.listVersion,
      );
      for (const bytes of page) known = this.#link(contact, known, this.#lists.decode(bytes));
      if (!known) throw new ProtocolError('E_DLC', 'the pinned list is withheld');
      if (page.length === PAGE) continue;
      if (known.listVersion < contact.listVersion)
        throw new ProtocolError('E_DLC', 'the list ends before the pinned one');
      return known;
    }
  }

  /**
   * @param {Contact} contact
   * @param {DeviceList | null} known
   * @param {DeviceList} next
   */
  #link(contact, known, next) {
    if (!equal(next.accountId, contact.accountId))
      throw new ProtocolError('E_DLC', 'list of another account');
    if (known) assertSuccessor(known, next);
    else if (next.listVersion !== contact.listVersion)
      throw new ProtocolError('E_DLC', 'a version is missing');
    const pinned = next.listVersion === contact.listVersion && contact.listHash;
    if (pinned && !equal(next.hash, pinned)) throw new ForkedLists('not the pinned list');
    return next;
  }

  /**
   * A server that twice, a minute apart, gives less than an authenticated content claimed serves a stale list. One that
   * gives all of it has mended what it kept back before.
   *
   * @param {import('../scratch.js').Scratch} scratch
   * @param {Contact} contact
   */
  #weigh(scratch, contact) {
    if (contact.claimedVersion <= contact.listVersion) {
      const mended = settled(contact);
      if (mended !== contact) this.#contacts.put(scratch, mended);
      return mended;
    }
    const nowMs = this.#environment.now();
    const first = contact.staleSinceMs === 0 || isAhead(contact.staleSinceMs, nowMs);
    if (!first && nowMs - contact.staleSinceMs < STALE_RETRY_MS) return contact;
    const noted = first ? { ...contact, staleSinceMs: nowMs } : withheld(contact);
    this.#contacts.put(scratch, noted);
    if (first) scratch.afterCommit(() => this.#askAgain(contact.accountId));
    return noted;
  }

  /** @param {Uint8Array} accountId */
  #askAgain(accountId) {
    const cancel = this.#environment.after(() => {
      this.#timers.delete(cancel);
      this.refresh(accountId).catch(() => {}); // no answer is no evidence: the next content asks again
    }, STALE_RETRY_MS);
    this.#timers.add(cancel);
  }
}

/**
 * What an answer was checked from counts still, and the user has not decided since.
 *
 * @param {Contact} before
 * @param {Contact} now
 */
const isBasedOn = (before, now) =>
  before.listVersion === now.listVersion &&
  before.trustedMs === now.trustedMs &&
  (before.list && now.list ? equal(before.list, now.list) : before.list === now.list);
