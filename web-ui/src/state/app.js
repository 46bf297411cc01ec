import { effect, untracked } from '../lib/signal.js';
import { ChatsState } from './chats.js';
import { ConnectionState } from './connection.js';
import { ExpiredState } from './expired.js';
import { FaultsState } from './faults.js';
import { MessagesState } from './messages.js';
import { SessionState } from './session.js';
import { SettingsState } from './settings.js';

/** @import { CoreClient } from '../lib/rpc.js' */
/** @import { Router } from '../lib/router.js' */

/** All state of the window, and how its parts follow each other. */
export class AppState {
  /**
   * @param {CoreClient} core
   * @param {Router} router
   * @param {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null} storage
   */
  constructor(core, router, storage) {
    this.router = router;
    this.faults = new FaultsState(core);
    this.session = new SessionState(core, storage);
    this.chats = new ChatsState(core, this.faults.report);
    this.messages = new MessagesState(core);
    this.connection = new ConnectionState(core);
    this.expired = new ExpiredState(core);
    this.settings = new SettingsState(core);
  }

  /** Follows the session and the route until the page goes. */
  begin() {
    effect(() => {
      const { phase } = this.session.session.value;
      untracked(() => (phase === 'ready' ? this.#opened() : this.#shut(phase === 'elsewhere')));
    });
    effect(() => {
      const { byId, loaded } = this.chats;
      const chatId = this.router.chatId.value;
      const known = loaded.value && chatId !== null && byId.value.has(chatId);
      untracked(() => {
        if (loaded.peek() && !known) this.router.closeChat();
        this.messages.show(known ? chatId : null);
      });
    });
    return this.session.start();
  }

  #opened() {
    this.connection.begin();
    this.chats.load();
    this.#askToKeep();
  }

  /** That the browser does not throw the database away when its disk is full (MP2P/1 §11.1). It may say no. */
  #askToKeep() {
    navigator.storage?.persist?.().catch(() => {}); // without an answer nothing is different
  }

  /** @param {boolean} elsewhere */
  #shut(elsewhere) {
    this.expired.clear();
    this.settings.clear();
    this.chats.clear(elsewhere);
    this.messages.clear(elsewhere);
  }

  /** Drafts first: afterwards the database is closed. */
  lock() {
    this.chats.flushDrafts();
    return this.session.lock();
  }
}
