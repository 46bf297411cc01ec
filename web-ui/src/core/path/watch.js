/**
 * Whom this connection watches (MP2P/1 §20.1): the contacts of which both sides have accepted, those of latest
 * activity first, told again when they change and at most ten times a minute. With "mailbox only" nobody.
 */
import { bothAccepted } from '../contact/contact.js';
import { fromHex, toBase64url, toHex } from '../crypto/bytes.js';
import { deliveryToken } from '../crypto/delivery-token.js';

const WATCHED = 200;
const INTERVAL_MS = 6500;
const GATHER_MS = 50;
const REFUSED_MS = 20_000; // a server that found it too much is asked again

export class Watch {
  #contacts;
  #settings;
  #environment;
  #send;
  #events;
  #connected = false;
  #told = '';
  #isFirst = true;
  /** Accounts of the last one told, in hex. @type {Set<string>} */
  #watched = new Set();
  /** By `elapsed`. */
  #toldAtMs = -INTERVAL_MS;
  /** @type {(() => void) | null} */
  #cancelTimer = null;

  /**
   * @param {{ contacts: import('../contact/contacts.js').Contacts,
   *   settings: import('./path-settings.js').PathSettings,
   *   environment: import('../environment.js').Environment }} parts
   * @param {(message: object) => void} send
   * @param {{ onBegun: (account: Uint8Array) => void, onEnded: (account: Uint8Array) => void }} events `onEnded`: it is
   *   not watched any more
   */
  constructor({ contacts, settings, environment }, send, events) {
    this.#contacts = contacts;
    this.#settings = settings;
    this.#environment = environment;
    this.#send = send;
    this.#events = events;
    contacts.onChange((now, before) => {
      if (watchKey(now) !== watchKey(before)) this.#tellSoon();
    });
    settings.onChange(() => this.#tellSoon());
  }

  /** A new connection watches nobody yet. */
  connected() {
    this.#connected = true;
    this.#told = '';
    this.#isFirst = true;
    this.#toldAtMs = -INTERVAL_MS;
    this.#watched.clear();
    this.#tell();
  }

  disconnected() {
    this.#connected = false;
    this.#watched.clear();
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  /** Whether this connection has asked for the presence of the account. @param {Uint8Array} account */
  includes(account) {
    return this.#watched.has(toHex(account));
  }

  /** The server dropped a frame, which may have been the last one told. */
  refused() {
    this.#told = '';
    this.#tellAfter(REFUSED_MS);
  }

  #tellSoon() {
    this.#tellAfter(Math.max(GATHER_MS, this.#toldAtMs + INTERVAL_MS - this.#environment.elapsed()));
  }

  /** @param {number} ms */
  #tellAfter(ms) {
    if (!this.#connected || this.#cancelTimer) return;
    this.#cancelTimer = this.#environment.after(() => {
      this.#cancelTimer = null;
      this.#tell();
    }, ms);
  }

  #tell() {
    const contacts = this.#contacts
      .all()
      .filter((contact) => !this.#settings.mailboxOnly && watchKey(contact) !== '')
      .sort((a, b) => b.changedMs - a.changedMs)
      .slice(0, WATCHED);
    const list = contacts.map(({ accountId, deliveryKey }) => ({
      account: toBase64url(accountId),
      token: toBase64url(deliveryToken(/** @type {Uint8Array} */ (deliveryKey))),
    }));
    const message = JSON.stringify(list);
    if (message === this.#told) return;
    // the first one of a connection may be followed by one at once: a contact often accepts right then
    this.#toldAtMs = this.#isFirst ? -INTERVAL_MS : this.#environment.elapsed();
    this.#isFirst = false;
    this.#told = message;
    const before = this.#watched;
    this.#watched = new Set(contacts.map(({ accountId }) => toHex(accountId)));
    this.#send({ t: 'watch', list });
    for (const account of before) if (!this.#watched.has(account)) this.#events.onEnded(fromHex(account));
    for (const account of this.#watched) if (!before.has(account)) this.#events.onBegun(fromHex(account));
  }
}

/**
 * What makes a contact watched, '' if it is not.
 *
 * @param {import('../contact/contact.js').Contact | undefined} contact
 */
const watchKey = (contact) =>
  bothAccepted(contact) && contact?.deliveryKey ? toHex(contact.deliveryKey) : '';
