import { rich, t } from '../../i18n/index.js';
import { attr, fill, h, icon } from '../../lib/dom.js';
import { define, given, LiveElement } from '../../lib/element.js';
import { computed } from '../../lib/signal.js';
import { nameOf } from '../chats/chat-name.js';
import { ComposerElement } from './composer.js';
import { MessageListElement } from './message-list.js';
import { ThreadHeaderElement } from './thread-header.js';
import { TrustIdentityElement } from './trust-identity.js';

/** @import { AppState } from '../../state/app.js' */
/** @import { Thread } from '../../state/thread.js' */
/** @import { ChatView } from '../../core/protocol.js' */

/** One conversation: who it is with, what was said, what to know about it now, and where to write. */
export class ThreadViewElement extends LiveElement {
  /** @type {AppState} */
  app = given();
  /** @type {Thread} */
  thread = given();
  #header = new ThreadHeaderElement();
  #messages = new MessageListElement();
  #hint = h('div', { class: 'thread-hint', hidden: true });
  #composer = new ComposerElement();
  #chat = computed(() => this.app.chats.byId.value.get(this.thread.chatId));

  render() {
    this.#header.chat = this.#chat;
    Object.assign(this.#messages, { app: this.app, thread: this.thread, chat: this.#chat });
    Object.assign(this.#composer, { chats: this.app.chats, thread: this.thread, chat: this.#chat });
    this.append(this.#header, this.#messages, this.#hint, this.#composer);
  }

  connected() {
    this.watch(() => {
      const chat = this.#chat.value;
      if (chat) this.#showHint(chat);
    });
    this.listen(this, 'text-returned', ({ detail }) => this.#composer.giveBack(detail));
  }

  /** @param {boolean} writing into the composer; else only to the heading, which raises no keyboard */
  takeFocus(writing) {
    if (writing) this.#composer.takeFocus();
    else this.#header.takeFocus();
  }

  /** @param {ChatView} chat */
  #showHint(chat) {
    const name = () => ({ name: h('bdi', null, nameOf(chat)) });
    const words = chat.identityWarning
      ? rich('thread.identityWarning', name())
      : chat.nameState === 'conflict'
        ? [t('thread.nameConflict')]
        : !chat.accepted
          ? rich('thread.request', name())
          : !chat.theyAccepted && chat.lastDirection === 'out'
            ? rich('thread.waiting', name())
            : null;
    const alarm = chat.identityWarning || chat.nameState === 'conflict';
    attr(this.#hint, 'data-alarm', alarm);
    attr(this.#hint, 'role', chat.identityWarning ? 'alert' : null);
    this.#hint.hidden = words === null;
    const trust = chat.identityWarning && this.#trustButton();
    fill(this.#hint, ...(words ? [icon(alarm ? 'warning' : 'lock'), h('p', null, ...words), trust] : []));
  }

  #trustButton() {
    const click = () => {
      const chat = this.#chat.peek();
      if (chat) this.append(Object.assign(new TrustIdentityElement(), { chats: this.app.chats, chat }));
    };
    const attributes = {
      type: /** @type {const} */ ('button'),
      class: 'link-button',
      'aria-haspopup': 'dialog',
    };
    return h('button', { ...attributes, on: { click } }, t('thread.trust'));
  }
}

define('thread-view', ThreadViewElement);
