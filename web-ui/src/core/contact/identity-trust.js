/**
 * The user trusts a contact's identity again, having asked the person by another way (docs/adr/0016).
 *
 * @typedef {import('./contact.js').Contact} Contact
 */
import { deviceOf } from '../crypto/device-list.js';
import { trusted } from './identity-evidence.js';

export class IdentityTrust {
  #transactions;
  #contacts;
  #listUpdates;
  #listChanges;
  #lists;
  #environment;

  /**
   * @param {{ transactions: import('../transactions.js').Transactions, contacts: import('./contacts.js').Contacts,
   *   listUpdates: import('./list-updates.js').ListUpdates, lists: import('./lists.js').Lists,
   *   listChanges: import('../sync/list-changes.js').ListChanges,
   *   environment: import('../environment.js').Environment }} parts
   */
  constructor({ transactions, contacts, listUpdates, lists, listChanges, environment }) {
    this.#transactions = transactions;
    this.#contacts = contacts;
    this.#listUpdates = listUpdates;
    this.#lists = lists;
    this.#listChanges = listChanges;
    this.#environment = environment;
  }

  /**
   * From now on the list counts that the server gives now; never an older one, which would bring a removed device back.
   * Devices of lists further ahead, which nothing has proven, are heard no more, unless the trusted list names them:
   * with those other sessions begin, for what is on its way to them as well.
   *
   * @param {Uint8Array} accountId
   * @throws if the server does not answer, or gives what does not verify by itself
   */
  async trust(accountId) {
    if (!this.#contacts.get(accountId)?.identityWarning) return;
    const newest = await this.#listUpdates.fetchNewest(accountId);
    await this.#transactions.run(async (scratch) => {
      let contact = await this.#contacts.read(scratch, accountId, this.#environment.now());
      if (newest.listVersion >= contact.listVersion)
        contact = await this.#listChanges.adopt(scratch, contact, newest);
      const list = this.#lists.ofContact(contact);
      const ahead = [...new Set(contact.ahead?.map(({ device }) => device))];
      const named = ahead.filter((device) => list && deviceOf(list, device));
      const unnamed = ahead.filter((device) => !named.includes(device));
      await this.#listChanges.dropDevices(scratch, accountId, unnamed);
      for (const device of named) await this.#listChanges.beginAnew(scratch, accountId, device);
      this.#contacts.put(scratch, trusted(contact, this.#environment.now()));
    });
  }
}
