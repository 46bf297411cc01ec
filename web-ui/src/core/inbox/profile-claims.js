/**
 * PROFILE of a contact: its claim to a user name, checked against the server, and its delivery key (MP2P/1 §6.1).
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('../contact/contact.js').Contact} Contact
 */
import { changeMs } from '../contact/contact.js';
import { equal, fromBase64url } from '../crypto/bytes.js';

export class ProfileClaims {
  #contacts;
  #nameCheck;
  #environment;

  /**
   * @param {{ contacts: import('../contact/contacts.js').Contacts,
   *   nameCheck: import('../contact/name-check.js').NameCheck, environment: import('../environment.js').Environment
   *   }} parts
   */
  constructor({ contacts, nameCheck, environment }) {
    this.#contacts = contacts;
    this.#nameCheck = nameCheck;
    this.#environment = environment;
  }

  /**
   * @param {Scratch} scratch
   * @param {Contact} contact
   * @param {{ username: string, delivery_key: string }} body
   * @returns {Promise<Contact>} the contact, put
   */
  async take(scratch, contact, body) {
    const deliveryKey = fromBase64url(body.delivery_key);
    const sameName = body.username === contact.username;
    const sameKey = contact.deliveryKey !== null && equal(contact.deliveryKey, deliveryKey);
    if (sameName && sameKey) return contact;
    /** @type {Contact} */
    const claimed = {
      ...contact,
      username: body.username,
      nameState: sameName ? contact.nameState : 'unchecked',
      deliveryKey,
      pinDue: contact.pinDue || contact.state !== 'none',
      changedMs: changeMs(contact, this.#environment.now()),
    };
    this.#contacts.put(scratch, claimed);
    if (!sameName) scratch.afterCommit(() => this.#nameCheck.check(contact.accountId));
    return claimed;
  }
}
