/**
 * A message is written (docs/architecture.md): in one unit of work the row, the advanced sessions, an item per
 * recipient device and the copies for one's own other devices. Answering accepts the contact (MP2P/1 §6.4).
 */
import { CTYPE, encodeContent, MAX_TEXT } from '../crypto/content.js';
import { ProtocolError } from '../crypto/errors.js';
import { CoreFault } from '../fault.js';
import { loadChat, putChat } from './chat-row.js';
import { appendRow, findRow } from './thread.js';

export class SendText {
  #parts;

  /**
   * @param {{ account: import('../engine-contract.js').Account, transactions: import('../transactions.js').Transactions,
   *   contacts: import('../contact/contacts.js').Contacts, lists: import('../contact/lists.js').Lists,
   *   acceptance: import('../contact/acceptance.js').Acceptance, profiles: import('../sync/profiles.js').Profiles,
   *   ownSync: import('../sync/own-sync.js').OwnSync, ownList: import('../sync/own-list.js').OwnList,
   *   fanOut: import('../outbox/fan-out.js').FanOut,
   *   readModel: import('./read-model.js').ReadModel, environment: import('../environment.js').Environment }} parts
   */
  constructor(parts) {
    this.#parts = parts;
  }

  /**
   * @param {Uint8Array} chatId
   * @param {Uint8Array} msgId made by the window; the same one again is the same message
   * @param {string} text
   * @returns {Promise<import('./thread.js').MessageRow>}
   */
  send(chatId, msgId, text) {
    if (text.length === 0 || text.length > MAX_TEXT) throw new CoreFault('text-too-long');
    const { account, transactions, contacts, acceptance, profiles, ownSync, fanOut, readModel } = this.#parts;
    return transactions.run(async (scratch) => {
      const chat = await loadChat(scratch, chatId);
      if (!chat) throw new CoreFault('contact-unknown');
      const key = { account: account.accountId, device: account.deviceId, msgId };
      const known = await findRow(scratch, chatId, key);
      if (known) return known;
      let contact = await contacts.read(scratch, chat.account, this.#parts.environment.now());
      if (contact.identityWarning) throw new CoreFault('identity-broken');
      contact = await acceptance.accept(scratch, contact);
      contact = await profiles.introduce(scratch, contact);
      const content = this.#content(chat, msgId, text);
      const { chat: grown, row } = await appendRow(scratch, chat, this.#row(key, content, contact));
      putChat(scratch, { ...grown, nextSeq: chat.nextSeq + 1 });
      scratch.delete('drafts', [chatId]);
      scratch.afterCommit(() => readModel.rowChanged(chatId, row));
      await fanOut.toAccount(scratch, chat.account, content, { inRow: true });
      await ownSync.sent(scratch, chat.account, content);
      return (await findRow(scratch, chatId, key)) ?? row; // sealing may have marked it
    });
  }

  /**
   * @param {import('./chat-row.js').Chat} chat
   * @param {Uint8Array} msgId
   * @param {string} text
   * @returns {import('../outbox/item.js').Content}
   */
  #content(chat, msgId, text) {
    const content = {
      ctype: CTYPE.TEXT,
      msgId,
      convId: chat.chatId,
      sentMs: this.#parts.environment.now(),
      seq: chat.nextSeq,
      body: { text },
    };
    try {
      encodeContent({ ...content, senderListVersion: this.#parts.account.listVersion });
    } catch (error) {
      // 16 000 units may be more bytes than a content holds (§6.1)
      if (error instanceof ProtocolError) throw new CoreFault('text-too-long', { cause: error });
      throw error;
    }
    return content;
  }

  /**
   * @param {{ account: Uint8Array, device: number, msgId: Uint8Array }} key
   * @param {import('../outbox/item.js').Content} content
   * @param {import('../contact/contact.js').Contact} contact
   * @returns {Omit<import('./thread.js').MessageRow, 'order'>}
   */
  #row(key, { ctype, body, sentMs, seq }, contact) {
    return {
      ...key,
      direction: 'out',
      ctype,
      body,
      sentMs,
      storedMs: sentMs,
      seq,
      state: 'sending',
      listVersion: this.#parts.lists.ofContact(contact)?.listVersion ?? 0,
      ownCheck: this.#parts.ownList.check,
      newDevices: false,
      mailboxFull: false,
      weakForwardSecrecy: false,
      unsupported: false,
    };
  }
}
