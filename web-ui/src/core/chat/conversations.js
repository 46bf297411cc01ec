/**
 * The commands of the window about chats and threads (protocol.d.ts CoreApi).
 *
 * @typedef {import('../protocol.js').CoreApi} CoreApi
 */
import { isAccepted } from '../contact/contact.js';
import { fromBase64url } from '../crypto/bytes.js';
import { CoreFault } from '../fault.js';
import { loadChat } from './chat-row.js';
import { markReadUpTo, unreadRows } from './read-mark.js';
import { pageBefore } from './thread.js';
import { gapViews, messageView } from './views.js';

const PAGE_ROWS = 60;
const DRAFT_UNITS = 16_000;

export class Conversations {
  #database;
  #transactions;
  #readModel;
  #startChat;
  #sendText;
  #contacts;
  #owed;
  #ownSync;
  #identityTrust;

  /**
   * @param {{ database: import('../engine-contract.js').Database,
   *   transactions: import('../transactions.js').Transactions, readModel: import('./read-model.js').ReadModel,
   *   startChat: import('./start-chat.js').StartChat, sendText: import('./send-text.js').SendText,
   *   contacts: import('../contact/contacts.js').Contacts, owed: import('../outbox/owed-receipts.js').OwedReceipts,
   *   ownSync: import('../sync/own-sync.js').OwnSync,
   *   identityTrust: import('../contact/identity-trust.js').IdentityTrust }} parts
   */
  constructor({
    database,
    transactions,
    readModel,
    startChat,
    sendText,
    contacts,
    owed,
    ownSync,
    identityTrust,
  }) {
    this.#database = database;
    this.#transactions = transactions;
    this.#readModel = readModel;
    this.#startChat = startChat;
    this.#sendText = sendText;
    this.#contacts = contacts;
    this.#owed = owed;
    this.#ownSync = ownSync;
    this.#identityTrust = identityTrust;
  }

  chats() {
    return this.#readModel.all();
  }

  /** @param {Parameters<CoreApi['startChat']>[0]} params */
  async startChat({ username }) {
    return this.#readModel.view(await this.#startChat.byUsername(username));
  }

  /**
   * In the queue: a row is either on the page or told afterwards.
   *
   * @param {Parameters<CoreApi['openChat']>[0]} params
   */
  openChat({ chatId: id }) {
    return this.#transactions.run(async (scratch) => {
      const chatId = fromBase64url(id);
      const chat = await loadChat(scratch, chatId);
      if (!chat) throw new CoreFault('contact-unknown');
      const page = await this.#page(chatId, chat.nextOrder);
      this.#readModel.open(chatId);
      let firstUnread;
      for await (const row of unreadRows(scratch, chat)) firstUnread = row;
      return {
        ...page,
        unread: chat.unread,
        gaps: gapViews(chat.numbers ?? []),
        ...(firstUnread && { firstUnreadId: messageView(chatId, firstUnread).id }),
      };
    });
  }

  /** @param {Parameters<CoreApi['loadOlder']>[0]} params */
  loadOlder({ chatId: id, beforeOrder }) {
    return this.#transactions.run(async (scratch) => {
      const chatId = fromBase64url(id);
      const chat = await loadChat(scratch, chatId);
      return { ...(await this.#page(chatId, beforeOrder)), unread: chat?.unread ?? 0 };
    });
  }

  /** @param {Parameters<CoreApi['closeChat']>[0]} params */
  closeChat({ chatId }) {
    this.#readModel.close(fromBase64url(chatId));
  }

  /** @param {Parameters<CoreApi['sendText']>[0]} params */
  async sendText({ chatId: id, id: messageId, text }) {
    const chatId = fromBase64url(id);
    return this.#readModel.message(chatId, await this.#sendText.send(chatId, fromBase64url(messageId), text));
  }

  /**
   * Read on this device: the sender is told if accepted, one's other devices are.
   *
   * @param {Parameters<CoreApi['markRead']>[0]} params
   */
  markRead({ chatId: id, order }) {
    return this.#transactions.run(async (scratch) => {
      const chat = await loadChat(scratch, fromBase64url(id));
      const rows = chat ? await markReadUpTo(scratch, chat, order) : [];
      if (!chat || rows.length === 0) return;
      scratch.afterCommit(() => this.#readModel.chatChanged(chat.chatId));
      if (isAccepted(this.#contacts.get(chat.account)))
        for (const { msgId } of rows) this.#owed.owe(scratch, chat.account, chat.chatId, msgId, 'read');
      const ids = rows.map((row) => row.msgId);
      await this.#ownSync.read(scratch, chat.chatId, ids);
    });
  }

  /** @param {Parameters<CoreApi['saveDraft']>[0]} params */
  saveDraft({ chatId: id, text }) {
    return this.#transactions.run(async (scratch) => {
      const chatId = fromBase64url(id);
      if (!(await loadChat(scratch, chatId))) return;
      if (text === '') scratch.delete('drafts', [chatId]);
      else scratch.put('drafts', [chatId], { chatId, text: text.slice(0, DRAFT_UNITS) });
      scratch.afterCommit(() => this.#readModel.chatChanged(chatId));
    });
  }

  /** @param {Parameters<CoreApi['trustIdentity']>[0]} params */
  async trustIdentity({ chatId: id }) {
    const chat = await loadChat(this.#database, fromBase64url(id));
    if (!chat) throw new CoreFault('contact-unknown');
    await this.#identityTrust.trust(chat.account);
  }

  /**
   * @param {Uint8Array} chatId
   * @param {number} beforeOrder
   */
  async #page(chatId, beforeOrder) {
    const { rows, hasOlder } = await pageBefore(this.#database, chatId, beforeOrder, PAGE_ROWS);
    return { messages: rows.map((row) => this.#readModel.message(chatId, row)), hasOlder };
  }
}
