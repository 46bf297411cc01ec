/**
 * A chat by user name (MP2P/1 §6.4): the name is looked up, the account's device list verified and pinned, the
 * contact accepted on our side. Nothing is sent to it before the first message.
 */
import { isUsername } from '../contact/name-check.js';
import { equal } from '../crypto/bytes.js';
import { CoreFault } from '../fault.js';
import { loadChat, newChat, putChat } from './chat-row.js';

export class StartChat {
  #parts;

  /**
   * @param {{ account: import('../engine-contract.js').Account, api: import('../engine-contract.js').EngineContext['api'],
   *   transactions: import('../transactions.js').Transactions, contacts: import('../contact/contacts.js').Contacts,
   *   listUpdates: import('../contact/list-updates.js').ListUpdates,
   *   listChanges: import('../sync/list-changes.js').ListChanges,
   *   acceptance: import('../contact/acceptance.js').Acceptance, readModel: import('./read-model.js').ReadModel,
   *   conversation: (account: Uint8Array) => Uint8Array, environment: import('../environment.js').Environment
   *   }} parts
   */
  constructor(parts) {
    this.#parts = parts;
  }

  /**
   * @param {string} text as typed
   * @returns {Promise<import('./chat-row.js').Chat>}
   */
  async byUsername(text) {
    const { account, api } = this.#parts;
    const username = text.trim().toLowerCase();
    if (!isUsername(username)) throw new CoreFault('contact-unknown');
    if (username === account.username) throw new CoreFault('contact-self');
    const accountId = this.#knownHolder(username) ?? (await api.username(username));
    if (!accountId) throw new CoreFault('contact-unknown');
    if (equal(accountId, account.accountId)) throw new CoreFault('contact-self');
    return this.#start(accountId, username);
  }

  /**
   * An accepted contact whose name has been checked needs no network.
   *
   * @param {string} username
   */
  #knownHolder(username) {
    return this.#parts.contacts
      .all()
      .find((contact) => contact.username === username && contact.nameState === 'checked' && contact.list)
      ?.accountId;
  }

  /**
   * @param {Uint8Array} accountId
   * @param {string} username
   */
  async #start(accountId, username) {
    const { contacts, listUpdates, listChanges, acceptance, transactions, environment } = this.#parts;
    const known = contacts.get(accountId);
    const isNew = !known || known.listVersion === 0;
    const fetched = isNew ? await listUpdates.fetchNewest(accountId) : null;
    // a pin binds what the server may answer
    if (!isNew && !known.list) await listUpdates.refresh(accountId);
    return transactions.run(async (scratch) => {
      let contact = await contacts.read(scratch, accountId, environment.now());
      if (fetched && contact.listVersion === 0) contact = await listChanges.adopt(scratch, contact, fetched);
      contact = { ...contact, username, nameState: 'checked' };
      contacts.put(scratch, contact);
      await acceptance.accept(scratch, contact);
      return this.#chatWith(scratch, accountId);
    });
  }

  /**
   * @param {import('../scratch.js').Scratch} scratch
   * @param {Uint8Array} accountId
   */
  async #chatWith(scratch, accountId) {
    const { conversation, environment, readModel } = this.#parts;
    const chatId = conversation(accountId);
    const known = await loadChat(scratch, chatId);
    const chat = known ?? newChat(chatId, accountId, environment.now());
    if (!known) putChat(scratch, chat);
    scratch.afterCommit(() => readModel.chatChanged(chatId));
    return chat;
  }
}
