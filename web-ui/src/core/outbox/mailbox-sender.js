/**
 * Path S: one request at a time per recipient account, with the envelopes of all its devices in order (MP2P/1 §6.3).
 * `deliver` without any login where the contact's delivery_key is known, else the authenticated `messages`.
 *
 * @typedef {import('./item.js').Item} Item
 * @typedef {import('../protocol.js').Delay} Delay
 * @typedef {object} Line
 * @property {Uint8Array} account
 * @property {Item[]} waiting
 * @property {boolean} busy
 * @property {boolean} scheduled
 * @property {number} failures in a row
 * @property {(() => void) | null} cancelTimer set: nothing is sent until then
 * @property {number} retryMs when it is tried again after a refusal that takes a while; 0: there was none
 */
import { ApiError } from '../api/errors.js';
import { isForTheMoment } from '../api/retry-after.js';
import { toHex } from '../crypto/bytes.js';
import { deliveryToken } from '../crypto/delivery-token.js';
import { deviceOf } from '../crypto/device-list.js';
import { StoppedError } from '../transactions.js';
import { FullMailboxes } from './full-mailboxes.js';
import { requestWaitMs } from './request-wait.js';

const ENVELOPES = 64; // §20
const REQUEST_BYTES = 720_000; // as base64url in JSON below 1 MiB
const TOLD_MS = 5000; // a shorter wait is nobody's business

export class MailboxSender {
  #api;
  #account;
  #contacts;
  #lists;
  #listUpdates;
  #environment;
  #reports;
  /** @type {Map<string, Line>} */
  #lines = new Map();
  #full;
  #stopped = false;

  /**
   * @param {{ api: import('../engine-contract.js').EngineContext['api'],
   *   account: import('../engine-contract.js').Account, contacts: import('../contact/contacts.js').Contacts,
   *   lists: import('../contact/lists.js').Lists, listUpdates: import('../contact/list-updates.js').ListUpdates,
   *   environment: import('../environment.js').Environment }} parts
   * @param {{ unlisted: (items: Item[]) => void, stored: (item: Item) => void, failed: (item: Item) => void, full: (item: Item) => void,
   *   resume: (account: Uint8Array) => void, delayed: (account: Uint8Array) => void,
   *   tokenRefused: (account: Uint8Array, deliveryKey: Uint8Array) => Promise<void> }} reports `delayed`: what delayOf says
   *   may be another now
   */
  constructor({ api, account, contacts, lists, listUpdates, environment }, reports) {
    this.#api = api;
    this.#account = account;
    this.#contacts = contacts;
    this.#lists = lists;
    this.#listUpdates = listUpdates;
    this.#environment = environment;
    this.#reports = reports;
    this.#full = new FullMailboxes(environment, reports.resume);
  }

  /** @param {Item} item */
  accepts(item) {
    if (this.#full.isWaiting(item.account, item.device)) return false;
    if (this.#contacts.get(item.account)?.identityWarning) return false;
    return !this.#lines.get(toHex(item.account))?.cancelTimer;
  }

  /** @param {Item} item */
  send(item) {
    const line = this.#line(item.account);
    line.waiting.push(item);
    this.#full.tries(item.account, item.device);
    this.#schedule(line);
  }

  /** The network or the server is back: no wait is worth keeping. */
  retryNow() {
    for (const line of this.#lines.values()) if (line.cancelTimer) this.#endWait(line);
  }

  /** The user does not want to wait, not even for somebody else to make room. */
  retryAll() {
    this.retryNow();
    this.#full.retryNow();
  }

  /**
   * Why what is for an account waits, where that takes a while.
   *
   * @param {Uint8Array} account
   * @returns {Delay | null}
   */
  delayOf(account) {
    const line = this.#lines.get(toHex(account));
    // a refusal of what has since gone another way says nothing of what is written now
    if (line?.retryMs && (line.cancelTimer || line.busy || line.waiting.length > 0))
      return { why: 'server', nextTryMs: line.retryMs };
    const devices = this.#list(account)?.devices.map(({ deviceId }) => deviceId) ?? [];
    const nextTryMs = this.#full.nextTryMs(account, devices);
    return nextTryMs > 0 ? { why: 'mailbox-full', nextTryMs } : null;
  }

  /**
   * Something arrived from that device, so it has room again (§6.2).
   *
   * @param {Uint8Array} account
   * @param {number} device
   */
  heardFrom(account, device) {
    if (!this.#full.hasRoom(account, device)) return;
    this.#reports.delayed(account);
    this.#reports.resume(account);
  }

  stop() {
    this.#stopped = true;
    for (const line of this.#lines.values()) line.cancelTimer?.();
    this.#full.stop();
  }

  /** @param {Uint8Array} account */
  #line(account) {
    const id = toHex(account);
    /** @type {Line} */
    const line = this.#lines.get(id) ?? {
      account,
      waiting: [],
      busy: false,
      scheduled: false,
      failures: 0,
      cancelTimer: null,
      retryMs: 0,
    };
    this.#lines.set(id, line);
    return line;
  }

  /** @param {Line} line */
  #schedule(line) {
    if (line.busy || line.scheduled || line.cancelTimer || line.waiting.length === 0 || this.#stopped) return;
    line.scheduled = true;
    // a task later: what other devices of this account get from the same commit joins the request
    this.#environment.after(() => {
      line.scheduled = false;
      if (!this.#stopped) this.#sendNext(line);
    }, 0);
  }

  /** @param {Line} line */
  async #sendNext(line) {
    const items = this.#takeListed(line);
    if (items.length === 0) return this.#schedule(line);
    line.busy = true;
    try {
      const results = await this.#request(line.account, items);
      line.failures = 0;
      this.#tellDelay(line, 0);
      items.forEach((item, i) => {
        if (results[i]?.state === 'full') this.#waitFull(item);
        else this.#stored(item);
      });
    } catch (error) {
      await this.#recover(line, items, error);
    } finally {
      line.busy = false;
      this.#schedule(line);
    }
  }

  /**
   * The mailbox refuses the whole request for one device that is not of the list that it names.
   *
   * @param {Line} line
   */
  #takeListed(line) {
    const items = takeRequest(line);
    const list = this.#list(line.account);
    const unlisted = list ? items.filter(({ device }) => !deviceOf(list, device)) : [];
    if (unlisted.length > 0) this.#reports.unlisted(unlisted);
    return items.filter((item) => !unlisted.includes(item));
  }

  /**
   * @param {Uint8Array} account
   * @param {Item[]} items
   */
  async #request(account, items) {
    const contact = this.#contacts.get(account);
    const own = this.#lists.isOwn(account);
    const listVersion = this.#listVersion(account);
    const envelopes = items.map(({ device, envelope }) => ({
      deviceId: device,
      envelope: /** @type {Uint8Array} */ (envelope),
    }));
    const request = { to: account, listVersion, envelopes };
    if (own || !contact?.deliveryKey) return this.#api.messages(request);
    try {
      return await this.#api.deliver({ ...request, token: deliveryToken(contact.deliveryKey) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 401) await this.#reports.tokenRefused(account, contact.deliveryKey);
      else if (error.status !== 429) throw error;
      return this.#api.messages(request); // §6.3
    }
  }

  /**
   * @param {Line} line
   * @param {Item[]} items nothing of this request was stored
   * @param {unknown} error
   */
  async #recover(line, items, error) {
    if (error instanceof StoppedError) return;
    let wait = requestWaitMs(error, line.failures, this.#environment.chance);
    if (error instanceof ApiError && error.is('list-version')) {
      const moved = await this.#followList(line.account, error.body.list_version);
      if (moved) wait = 0;
    }
    line.failures = wait === 0 ? 0 : line.failures + 1;
    this.#tellDelay(line, isForTheMoment(error) && wait >= TOLD_MS ? this.#environment.now() + wait : 0);
    if (wait > 0 && !this.#stopped) {
      line.cancelTimer = this.#environment.after(() => this.#endWait(line), wait);
      items.push(...line.waiting.splice(0)); // whatever path opens first takes them
    }
    for (const item of items) {
      this.#full.unanswered(item.account, item.device);
      this.#reports.failed(item);
    }
  }

  /**
   * 409 list-version: fetch and verify the list; adopting it has rebuilt the items (§6.3).
   *
   * @param {Uint8Array} account
   * @param {unknown} version the mailbox's
   * @returns {Promise<boolean>} whether ours is another now, so that sending again makes sense at once
   */
  async #followList(account, version) {
    try {
      const before = this.#listVersion(account);
      if (typeof version === 'number' && version <= before) return false; // the mailbox is behind
      if (this.#lists.isOwn(account)) await this.#account.updateOwnDeviceList();
      else await this.#listUpdates.refresh(account);
      return this.#listVersion(account) > before;
    } catch {
      return false; // auth-service does not answer either: the wait of the 409 applies
    }
  }

  /**
   * The list that the items were made for.
   *
   * @param {Uint8Array} account
   */
  #list(account) {
    if (this.#lists.isOwn(account)) return this.#account.deviceList;
    return this.#lists.ofContact(this.#contacts.get(account));
  }

  /** @param {Uint8Array} account */
  #listVersion(account) {
    return this.#list(account)?.listVersion ?? 0;
  }

  /** @param {Item} item */
  #stored(item) {
    if (this.#full.hasRoom(item.account, item.device)) this.#reports.delayed(item.account);
    this.#reports.stored(item);
  }

  /** @param {Item} item */
  #waitFull(item) {
    this.#full.refused(item.account, item.device);
    this.#reports.delayed(item.account);
    this.#reports.full(item);
    this.#reports.failed(item);
  }

  /**
   * @param {Line} line
   * @param {number} retryMs
   */
  #tellDelay(line, retryMs) {
    if (line.retryMs === retryMs) return;
    line.retryMs = retryMs;
    this.#reports.delayed(line.account);
  }

  /** @param {Line} line */
  #endWait(line) {
    line.cancelTimer?.();
    line.cancelTimer = null;
    this.#reports.resume(line.account);
    this.#schedule(line);
  }
}

/**
 * @param {Line} line
 * @returns {Item[]}
 */
function takeRequest(line) {
  let bytes = 0;
  let count = 0;
  for (const { envelope } of line.waiting) {
    bytes += envelope?.length ?? 0;
    if (count === ENVELOPES || (count > 0 && bytes > REQUEST_BYTES)) break;
    count += 1;
  }
  return line.waiting.splice(0, count);
}
