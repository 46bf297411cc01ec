import { t } from '../../i18n/index.js';
import { attr, fill, h, icon } from '../../lib/dom.js';
import { define, given, LiveElement } from '../../lib/element.js';
import { brief, dateAndTime } from '../../lib/format.js';
import { endsSoon } from '../../state/wait.js';
import { avatar, nameOf } from './chat-name.js';

/** @import { ChatView } from '../../core/protocol.js' */

/** One chat of the list: a button named by the person, which covers the row, and what is to say about it. Sends `chat-chosen`. */
export class ChatRowElement extends LiveElement {
  /** @type {ChatView} */
  #chat = given();
  #name = h('bdi', { class: 'ellipsis' });
  #time = h('time', { class: 'chat-time' });
  #preview = h('span', { class: 'chat-preview' });
  #badge = h('span', { class: 'chat-badge', 'aria-hidden': 'true' });
  #unread = h('span', { class: 'visually-hidden' });
  #avatar = h('span');
  #button = h('button', { type: 'button', class: 'chat-name' }, this.#name, ' ', this.#unread);
  #row = h('div', { class: 'chat-row' });

  render() {
    this.setAttribute('role', 'listitem');
    const click = () => this.emit('chat-chosen', this.#chat.id);
    this.#button.addEventListener('click', click);
    this.#row.append(this.#avatar, this.#button, this.#time, this.#preview, this.#badge);
    this.append(this.#row);
  }

  /**
   * @param {ChatView} chat
   * @param {{current: boolean, draft: string}} about
   */
  show(chat, { current, draft }) {
    if (this.#chat?.accountId !== chat.accountId || this.#chat.username !== chat.username) {
      const next = avatar(chat);
      this.#avatar.replaceWith(next);
      this.#avatar = next;
    }
    this.#chat = chat;
    fill(this.#name, nameOf(chat));
    fill(
      this.#time,
      chat.lastMs ? brief(chat.lastMs, Date.now(), { yesterday: t('chats.yesterday') }) : null,
    );
    attr(this.#time, 'title', chat.lastMs ? dateAndTime(chat.lastMs) : null);
    fill(this.#badge, chat.unread > 0 ? String(Math.min(chat.unread, 999)) : null);
    this.#badge.hidden = chat.unread === 0;
    fill(this.#unread, chat.unread > 0 ? t('chats.unread', { count: chat.unread }) : null);
    attr(this.#row, 'data-unread', chat.unread > 0);
    attr(this.#button, 'aria-current', current ? 'page' : null);
    this.#showPreview(chat, current ? '' : draft);
  }

  /**
   * @param {ChatView} chat
   * @param {string} draft
   */
  #showPreview(chat, draft) {
    const { label, words } = preview(chat, draft);
    const state =
      chat.lastDirection === 'out' && !draft && !chat.identityWarning ? chat.lastState : undefined;
    const picture = state ? icon(state) : null;
    picture?.setAttribute('data-state', state ?? '');
    fill(
      this.#preview,
      picture,
      label && h('bdi', { class: draft || chat.identityWarning ? 'chat-draft' : 'chat-caution' }, label),
      h('span', { class: 'chat-preview-text ellipsis', dir: 'auto' }, words),
    );
    const said = [state && t(`message.${state}`), label, words, this.#time.textContent].filter(Boolean);
    attr(this.#button, 'aria-description', said.join(', '));
  }
}

/**
 * @param {ChatView} chat
 * @param {string} draft
 */
function preview(chat, draft) {
  if (chat.identityWarning) return { label: t('chats.warning'), words: '' };
  if (draft) return { label: t('chats.draft'), words: oneLine(draft) };
  if (!chat.lastDirection) return { label: '', words: t('chats.noMessages') };
  if (endsSoon(chat.wait, Date.now())) return { label: t('chats.waiting'), words: '' };
  const words = oneLine(chat.lastText);
  if (chat.lastDirection === 'out') return { label: '', words: t('chats.you', { text: words }) };
  return { label: '', words };
}

/** @param {string} text */
const oneLine = (text) => text.slice(0, 200).replace(/\s+/g, ' ');

define('chat-row', ChatRowElement);
