import { t } from '../../i18n/index.js';
import { announce, isTouch } from '../../lib/a11y.js';
import { attr, h, icon } from '../../lib/dom.js';
import { define, given, LiveElement } from '../../lib/element.js';
import { untracked } from '../../lib/signal.js';
import { ChatListElement } from '../chats/chat-list.js';
import { nameOf } from '../chats/chat-name.js';
import { NewChatElement } from '../chats/new-chat.js';
import { SettingsSheetElement } from '../settings/settings-sheet.js';
import { ThreadViewElement } from '../thread/thread-view.js';
import { ExpiredNoticeElement } from './expired-notice.js';

/** @import { AppState } from '../../state/app.js' */
/** @import { Thread } from '../../state/thread.js' */

/** The chat list and the open thread: side by side, or one at a time where there is little room. */
export class WorkspaceElement extends LiveElement {
  /** @type {AppState} */
  app = given();
  #list = new ChatListElement();
  #main = h('main', { class: 'workspace' });
  #nothing = h('div', { class: 'thread-none' });
  /** @type {ThreadViewElement | null} */
  #view = null;

  render() {
    this.className = 'screen';
    this.#list.app = this.app;
    const expired = Object.assign(new ExpiredNoticeElement(), { expired: this.app.expired });
    const skip = h(
      'button',
      { type: 'button', class: 'skip-link', on: { click: () => this.#focusThread() } },
      t('app.skip'),
    );
    this.#nothing.append(
      h(
        'div',
        { class: 'empty' },
        icon('bubbles'),
        h('h2', null, t('thread.none.title')),
        h('p', null, t('thread.none.text')),
      ),
    );
    const heading = h('h1', { class: 'visually-hidden' }, t('app.name'));
    this.#main.append(heading, skip, expired, this.#list, this.#nothing);
    this.append(this.#main);
  }

  connected() {
    const { messages, router } = this.app;
    this.watch(() => {
      const thread = messages.thread.value;
      untracked(() => this.#show(thread));
    });
    this.#announceOthers();
    this.listen(this, 'chat-chosen', ({ detail }) => this.#open(detail));
    this.listen(this, 'chat-started', ({ detail }) => this.#open(detail));
    this.listen(this, 'thread-left', () => router.closeChat());
    this.listen(this, 'new-chat-wanted', () => {
      this.append(Object.assign(new NewChatElement(), { chats: this.app.chats }));
    });
    this.listen(this, 'settings-wanted', () => {
      this.append(Object.assign(new SettingsSheetElement(), { settings: this.app.settings }));
    });
    this.listen(document, 'keydown', (event) => this.#typeAnywhere(event));
  }

  /** @param {string} chatId */
  #open(chatId) {
    if (this.app.router.chatId.peek() === chatId) this.#focusThread();
    else this.app.router.openChat(chatId);
  }

  /** @param {Thread | null} thread */
  #show(thread) {
    const before = this.#view;
    const hadFocus = document.activeElement === document.body || this.contains(document.activeElement);
    const next = thread ? Object.assign(new ThreadViewElement(), { app: this.app, thread }) : null;
    attr(this.#main, 'data-open', thread !== null);
    (before ?? this.#nothing).replaceWith(next ?? this.#nothing);
    this.#view = next;
    if (!hadFocus) return;
    if (next) this.#focusThread();
    else if (before) this.#list.focusRow(before.thread.chatId);
  }

  #focusThread() {
    this.#view?.takeFocus(!isTouch());
  }

  /** A message in a chat that is not open is said by name only. */
  #announceOthers() {
    const { chats, router } = this.app;
    /** @type {Map<string, number> | null} */
    let before = null;
    this.watch(() => {
      const open = router.chatId.value;
      const now = new Map(chats.all.value.map((chat) => [chat.id, chat.unread]));
      const known = before;
      if (known) {
        for (const chat of chats.all.value) {
          const more = chat.unread > (known.get(chat.id) ?? 0);
          if (more && chat.id !== open) announce(t('chats.announce', { name: nameOf(chat) }));
        }
      }
      before = chats.loaded.value ? now : null;
    });
  }

  /** Whoever starts to type without having chosen a place means the message. @param {KeyboardEvent} event */
  #typeAnywhere(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const printable =
      event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!printable || event.isComposing || target.closest('input, textarea, dialog, [popover]')) return;
    this.#view?.takeFocus(true);
  }
}

define('messenger-workspace', WorkspaceElement);
