/**
 * Which chat is open, kept in the session history, so that the back button closes it on a phone and a reload opens it
 * again. The address stays the same: a chat id in it would reach the access log of whoever serves the page, and is
 * made of both account ids.
 */
import { signal } from './signal.js';

/** @typedef {{chatId: string | null}} Route */

export class Router {
  /** @type {import('./signal.js').Signal<string | null>} */
  chatId = signal(null);
  #history;

  /** @param {{history: History, addEventListener: Window['addEventListener']}} window */
  constructor(window) {
    this.#history = window.history;
    this.#read();
    window.addEventListener('popstate', () => this.#read());
  }

  /** From the list a chat is one step forward; from chat to chat the step is replaced: back always leads to the list. */
  /** @param {string} chatId */
  openChat(chatId) {
    if (chatId === this.chatId.peek()) return;
    if (this.chatId.peek() === null) this.#history.pushState({ chatId, opened: true }, '');
    else this.#history.replaceState({ ...this.#history.state, chatId }, '');
    this.chatId.value = chatId;
  }

  closeChat() {
    if (this.chatId.peek() === null) return;
    if (this.#history.state?.opened) {
      this.#history.back();
      return;
    }
    this.#history.replaceState({ chatId: null }, '');
    this.chatId.value = null;
  }

  #read() {
    const chatId = this.#history.state?.chatId;
    this.chatId.value = typeof chatId === 'string' ? chatId : null;
  }
}
