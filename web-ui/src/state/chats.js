import { computed, signal } from '../lib/signal.js';
import { folded } from './session.js';

/** @import { CoreClient } from '../lib/rpc.js' */
/** @import { ChatView, Fault, Id } from '../core/protocol.js' */

const DRAFT_PAUSE = 250;

/** The chat list and what is being typed in each chat. */
export class ChatsState {
  /** @type {import('../lib/signal.js').Signal<ReadonlyMap<Id, ChatView>>} */
  byId = signal(new Map());
  loaded = signal(false);
  query = signal('');
  /** Newest activity first. */
  all = computed(() =>
    [...this.byId.value.values()].sort((a, b) => b.lastMs - a.lastMs || compare(a.id, b.id)),
  );
  shown = computed(() => {
    const words = fold(this.query.value.trim());
    return words === ''
      ? this.all.value
      : this.all.value.filter((chat) => fold(chat.username).includes(words));
  });
  unread = computed(() => this.all.value.reduce((sum, chat) => sum + chat.unread, 0));
  #core;
  #report;
  /** What is typed now; kept beside the view, which is older. @type {Map<Id, string>} */
  #drafts = new Map();
  /** @type {Map<Id, ReturnType<typeof setTimeout>>} */
  #unsaved = new Map();

  /**
   * @param {CoreClient} core
   * @param {(error: unknown) => Fault} report
   */
  constructor(core, report) {
    this.#core = core;
    this.#report = report;
    core.on('chats', (rows) => this.#merge(rows));
  }

  async load() {
    try {
      this.#merge(await this.#core.call('chats', {}));
      this.flushDrafts();
      this.loaded.value = true;
    } catch (error) {
      this.#report(error);
    }
  }

  /**
   * Nothing readable stays in the window, but what was typed and could not be saved because another tab took over.
   * @param {boolean} keepUnsaved
   */
  clear(keepUnsaved) {
    for (const timer of this.#unsaved.values()) clearTimeout(timer);
    for (const chatId of this.#drafts.keys()) {
      if (!keepUnsaved || !this.#unsaved.has(chatId)) this.#drafts.delete(chatId);
    }
    if (!keepUnsaved) this.#unsaved.clear();
    this.byId.value = new Map();
    this.query.value = '';
    this.loaded.value = false;
  }

  /** @param {string} username */
  async start(username) {
    const chat = await this.#core.call('startChat', { username: folded(username) });
    this.#merge([chat]);
    return chat;
  }

  /**
   * The user has spoken to the person by another way.
   *
   * @param {Id} chatId
   */
  async trustIdentity(chatId) {
    await this.#core.call('trustIdentity', { chatId });
  }

  /** @param {Id} chatId */
  draft(chatId) {
    return this.#drafts.get(chatId) ?? this.byId.peek().get(chatId)?.draft ?? '';
  }

  /**
   * Remembers at once, saves within 300 ms.
   * @param {Id} chatId
   * @param {string} text
   */
  typed(chatId, text) {
    if (text === this.draft(chatId)) return;
    this.#drafts.set(chatId, text);
    clearTimeout(this.#unsaved.get(chatId));
    this.#unsaved.set(
      chatId,
      setTimeout(() => this.#save(chatId), DRAFT_PAUSE),
    );
  }

  /** The text is on its way: gone from here, but saved until the core has it. @param {Id} chatId */
  emptied(chatId) {
    this.#drafts.set(chatId, '');
    clearTimeout(this.#unsaved.get(chatId));
    this.#unsaved.delete(chatId);
  }

  /**
   * The core took it, or did not: then the text is what a reload must bring back.
   * @param {Id} chatId
   * @param {string} left
   */
  settled(chatId, left) {
    if (this.#drafts.get(chatId) !== '') return;
    this.#core.call('saveDraft', { chatId, text: left }).catch(this.#report);
  }

  /** The page may be gone in a moment: do not wait for the pause. */
  flushDrafts() {
    for (const chatId of [...this.#unsaved.keys()]) this.#save(chatId);
  }

  /** @param {Id} chatId */
  #save(chatId) {
    clearTimeout(this.#unsaved.get(chatId));
    this.#unsaved.delete(chatId);
    const text = this.#drafts.get(chatId) ?? '';
    this.#core.call('saveDraft', { chatId, text }).catch(this.#report);
  }

  /** @param {ChatView[]} rows */
  #merge(rows) {
    const byId = new Map(this.byId.peek());
    for (const row of rows) byId.set(row.id, row);
    this.byId.value = byId;
  }
}

/** @param {string} text */
const fold = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/**
 * @param {string} a
 * @param {string} b
 */
const compare = (a, b) => (a < b ? -1 : Number(a > b));
