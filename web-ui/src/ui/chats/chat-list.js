import { t } from '../../i18n/index.js';
import { announce } from '../../lib/a11y.js';
import { attr, fill, h, icon, keyed } from '../../lib/dom.js';
import { define, given, LiveElement } from '../../lib/element.js';
import { ChatRowElement } from './chat-row.js';
import { MainMenuElement } from './main-menu.js';

/** @import { AppState } from '../../state/app.js' */
/** @import { ChatView } from '../../core/protocol.js' */

/** All chats, newest first; the order stands still while the pointer is over it. Sends `new-chat-wanted`. */
export class ChatListElement extends LiveElement {
  /** @type {AppState} */
  app = given();
  #list = h('div', { role: 'list', 'aria-label': t('chats.title') });
  #below = h('div');
  #input = h('input', {
    type: 'text',
    'aria-label': t('chats.search'),
    placeholder: t('chats.search'),
    enterkeyhint: 'search',
    autocomplete: 'off',
    spellcheck: 'false',
    dir: 'auto',
  });
  #clear = h(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': t('chats.search.clear'), hidden: true },
    icon('close'),
  );
  /** @type {Map<string, number> | null} where each chat stood when the pointer came */
  #held = null;

  render() {
    const menu = Object.assign(new MainMenuElement(), { app: this.app });
    const search = h(
      'form',
      { role: 'search', class: 'chats-search' },
      icon('search'),
      this.#input,
      this.#clear,
    );
    const scroll = h(
      'nav',
      { class: 'chats-scroll', 'aria-label': t('chats.title') },
      this.#list,
      this.#below,
    );
    search.addEventListener('submit', (event) => event.preventDefault());
    this.append(
      h('header', { class: 'bar chats-bar' }, h('h2', null, t('chats.title')), this.#newChat(), menu),
      search,
      scroll,
    );
  }

  connected() {
    const { chats, router } = this.app;
    this.#input.value = chats.query.peek();
    this.watch(() => this.#show(chats.shown.value, router.chatId.value));
    this.watch(() => {
      const query = chats.query.value.trim();
      this.#clear.hidden = chats.query.value === '';
      if (query) announce(this.#count(query, chats.shown.peek().length));
    });
    this.listen(this.#input, 'input', () => {
      chats.query.value = this.#input.value;
    });
    this.listen(this.#input, 'keydown', (event) => {
      if (event.key === 'Escape') this.#clearSearch();
    });
    this.listen(this.#clear, 'click', () => this.#clearSearch());
    this.listen(this.#list, 'pointerenter', () => this.#hold());
    this.listen(this.#list, 'pointerleave', () => this.#release());
    // Times become dates at midnight, and "Today" is wrong tomorrow.
    const clock = setInterval(() => this.#show(chats.shown.peek(), router.chatId.peek()), 60_000);
    this.atDisconnect(() => clearInterval(clock));
  }

  /** @param {string} chatId */
  focusRow(chatId) {
    const row = this.#list.querySelector(`[data-chat="${CSS.escape(chatId)}"] button`);
    /** @type {HTMLElement} */ (row ?? this.#input).focus();
  }

  #newChat() {
    const click = () => this.emit('new-chat-wanted');
    return h(
      'button',
      {
        type: 'button',
        class: 'icon-button',
        'aria-label': t('chats.new'),
        title: t('chats.new'),
        on: { click },
      },
      icon('compose'),
    );
  }

  /**
   * @param {ChatView[]} shown
   * @param {string | null} current
   */
  #show(shown, current) {
    const { chats } = this.app;
    keyed(this.#list, this.#ordered(shown), {
      key: (chat) => chat.id,
      create: (chat) => {
        const row = new ChatRowElement();
        attr(row, 'data-chat', chat.id);
        return row;
      },
      update: (row, chat) => row.show(chat, { current: chat.id === current, draft: chats.draft(chat.id) }),
    });
    this.#list.hidden = shown.length === 0;
    fill(this.#below, shown.length > 0 ? this.#footnote() : this.#emptiness());
  }

  /** A joined device may know people from the start, but not what was said before it came. */
  #footnote() {
    const { chats, session } = this.app;
    if (!session.secondDevice || chats.query.value.trim()) return null;
    return h('p', { class: 'chats-note' }, t('chats.secondDevice'));
  }

  #emptiness() {
    const { chats, session } = this.app;
    const query = chats.query.value.trim();
    if (!chats.loaded.value) return null;
    if (query) return h('p', { class: 'chats-note' }, this.#count(query, 0));
    const click = () => this.emit('new-chat-wanted');
    return h(
      'div',
      { class: 'empty' },
      icon('bubbles'),
      h('h2', null, t('chats.empty.title')),
      h('p', null, session.secondDevice ? t('chats.secondDevice') : t('chats.empty.text')),
      h('button', { type: 'button', class: 'button', on: { click } }, t('chats.empty.action')),
    );
  }

  /**
   * @param {string} query
   * @param {number} count
   */
  #count(query, count) {
    return count === 0 ? t('chats.search.none', { query }) : t('chats.search.count', { count });
  }

  #clearSearch() {
    this.#input.value = '';
    this.app.chats.query.value = '';
    this.#input.focus();
  }

  #hold() {
    this.#held = new Map(this.app.chats.shown.peek().map((chat, at) => [chat.id, at]));
  }

  #release() {
    this.#held = null;
    this.#show(this.app.chats.shown.peek(), this.app.router.chatId.peek());
  }

  /** New chats come first even then. @param {ChatView[]} shown */
  #ordered(shown) {
    const held = this.#held;
    return held ? [...shown].sort((a, b) => (held.get(a.id) ?? -1) - (held.get(b.id) ?? -1)) : shown;
  }
}

define('chat-list', ChatListElement);
