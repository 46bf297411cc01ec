/**
 * Whom this connection watches (MP2P/1 §20.1): the contacts of which both sides have accepted, those of latest
 * activity first, told again when they change and at most ten times a minute.
 */
import { bothAccepted } from '../contact/contact.js';
import { toBase64url, toHex } from '../crypto/bytes.js';
import { deliveryToken } from '../crypto/delivery-token.js';

const WATCHED = 200;
const INTERVAL_MS = 6500;
const GATHER_MS = 50;

export class Watch {
  #contacts;
  #environment;
  #send;
  #connected = false;
  #told = '';
  #toldAtMs = 0;
  /** @type {(() => void) | null} */
  #cancelTimer = null;

  /**
   * @param {import('../contact/contacts.js').Contacts} contacts
   * @param {import('../environment.js').Environment} environment
   * @param {(message: object) => void} send
   */
  constructor(contacts, environment, send) {
    this.#contacts = contacts;
    this.#environment = environment;
    this.#send = send;
    contacts.onChange((now, before) => {
      if (watchKey(now) !== watchKey(before)) this.#tellSoon();
    });
  }

  /** A new connection watches nobody yet. */
  connected() {
    this.#connected = true;
    this.#told = '';
    this.#toldAtMs = 0;
    this.#tell();
  }

  disconnected() {
    this.#connected = false;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  #tellSoon() {
    if (!this.#connected || this.#cancelTimer) return;
    const wait = Math.max(GATHER_MS, this.#toldAtMs + INTERVAL_MS - this.#environment.now());
    this.#cancelTimer = this.#environment.after(() => {
      this.#cancelTimer = null;
      this.#tell();
    }, wait);
  }

  #tell() {
    const list = this.#contacts
      .all()
      .filter((contact) => watchKey(contact) !== '')
      .sort((a, b) => b.changedMs - a.changedMs)
      .slice(0, WATCHED)
      .map(({ accountId, deliveryKey }) => ({
        account: toBase64url(accountId),
        token: toBase64url(deliveryToken(/** @type {Uint8Array} */ (deliveryKey))),
      }));
    const message = JSON.stringify(list);
    if (message === this.#told) return;
    // the first one of a connection may be followed by one at once: a contact often accepts right then
    this.#toldAtMs = this.#told === '' ? 0 : this.#environment.now();
    this.#told = message;
    this.#send({ t: 'watch', list });
  }
}

/**
 * What makes a contact watched, '' if it is not.
 *
 * @param {import('../contact/contact.js').Contact | undefined} contact
 */
const watchKey = (contact) =>
  bothAccepted(contact) && contact?.deliveryKey ? toHex(contact.deliveryKey) : '';
