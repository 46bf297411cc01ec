/**
 * What the window is told of chats and threads: rows of open threads as they are committed, rows of the chat list
 * gathered, each built from committed state alone.
 *
 * @typedef {import('../engine-contract.js').Database} Database
 * @typedef {import('../protocol.js').ChatView} ChatView
 * @typedef {import('./chat-row.js').Chat} Chat
 * @typedef {import('./thread.js').MessageRow} MessageRow
 *
 * @typedef {object} Ways how things stand at this moment, beside what is committed
 * @property {(account: Uint8Array) => Parameters<typeof chatView>[3]} to
 * @property {(chatId: Uint8Array, msgId: Uint8Array) => import('../protocol.js').Wait | null} waitOf
 */
import { fromBase64url, toBase64url } from '../crypto/bytes.js';
import { chatView, gapViews, messageView } from './views.js';

export class ReadModel {
  #database;
  #notify;
  #ways;
  /** @type {Set<string>} */
  #open = new Set();
  /** @type {Map<string, Map<number, import('../protocol.js').MessageView>>} of one commit, the last of each order */
  #rows = new Map();
  /** @type {Map<string, import('../protocol.js').GapView[]>} of one commit */
  #gaps = new Map();
  /** @type {Set<string>} */
  #changed = new Set();
  #telling = false;
  #stopped = false;

  /**
   * @param {Database} database
   * @param {import('../engine-contract.js').Notify} notify
   * @param {Ways} ways
   */
  constructor(database, notify, ways) {
    this.#database = database;
    this.#notify = notify;
    this.#ways = ways;
  }

  /** @param {Uint8Array} chatId */
  open(chatId) {
    this.#open.add(toBase64url(chatId));
  }

  /** @param {Uint8Array} chatId */
  close(chatId) {
    this.#open.delete(toBase64url(chatId));
  }

  /**
   * A committed row, new or changed.
   *
   * @param {Uint8Array} chatId
   * @param {MessageRow} row
   */
  rowChanged(chatId, row) {
    const id = toBase64url(chatId);
    if (this.#open.has(id)) {
      this.#tellSoon();
      const rows = this.#rows.get(id) ?? new Map();
      this.#rows.set(id, rows.set(row.order, this.message(chatId, row)));
    }
    this.chatChanged(chatId);
  }

  /**
   * What is missing in a chat, as committed.
   *
   * @param {Uint8Array} chatId
   * @param {readonly import('./numbers.js').DeviceNumbers[]} numbers
   */
  gapsChanged(chatId, numbers) {
    const id = toBase64url(chatId);
    if (!this.#open.has(id)) return;
    this.#tellSoon();
    this.#gaps.set(id, gapViews(numbers));
  }

  /** @param {Uint8Array} chatId */
  chatChanged(chatId) {
    this.#changed.add(toBase64url(chatId));
    if (!this.#telling) this.#tellChanged();
  }

  /** @returns {Promise<ChatView[]>} newest first */
  async all() {
    /** @type {import('../engine-contract.js').Row<Chat>[]} */
    const rows = await this.#database.list('chats', []);
    const views = await Promise.all(rows.map((row) => this.view(row.value)));
    return views.sort((a, b) => b.lastMs - a.lastMs);
  }

  /**
   * @param {Chat} chat
   * @returns {Promise<ChatView>}
   */
  async view(chat) {
    /** @type {import('../contact/contact.js').Contact | undefined} */
    const contact = await this.#database.get('contacts', [chat.account]);
    /** @type {{ text: string } | undefined} */
    const draft = await this.#database.get('drafts', [chat.chatId]);
    return chatView(chat, contact, draft?.text ?? '', this.#ways.to(chat.account));
  }

  /**
   * @param {Uint8Array} chatId
   * @param {MessageRow} row
   */
  message(chatId, row) {
    return messageView(chatId, row, row.state === 'sent' ? this.#ways.waitOf(chatId, row.msgId) : null);
  }

  stop() {
    this.#stopped = true;
    this.#open.clear();
  }

  /** Once for all that one commit changed. */
  #tellSoon() {
    if (this.#rows.size === 0 && this.#gaps.size === 0) queueMicrotask(() => this.#tell());
  }

  #tell() {
    const [rows, gaps] = [[...this.#rows], [...this.#gaps]];
    this.#rows.clear();
    this.#gaps.clear();
    if (this.#stopped) return;
    for (const [chatId, changed] of rows) this.#notify('messages', { chatId, rows: [...changed.values()] });
    for (const [chatId, open] of gaps) this.#notify('gaps', { chatId, gaps: open });
  }

  /** One after the other, so that an older state is never told after a newer one. */
  async #tellChanged() {
    this.#telling = true;
    try {
      while (this.#changed.size > 0 && !this.#stopped) {
        const ids = [...this.#changed];
        this.#changed.clear();
        const views = [];
        for (const id of ids) {
          /** @type {Chat | undefined} */
          const chat = await this.#database.get('chats', [fromBase64url(id)]);
          if (chat) views.push(await this.view(chat));
        }
        if (!this.#stopped && views.length > 0) this.#notify('chats', views);
      }
    } catch {
      // the database went away: the leader's own fault handling tells the user, nothing is lost with a notice
    } finally {
      this.#telling = false;
    }
  }
}
