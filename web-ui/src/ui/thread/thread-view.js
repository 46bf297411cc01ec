import { define, given, LiveElement } from '../../lib/element.js';
import { computed } from '../../lib/signal.js';
import { ComposerElement } from './composer.js';
import { MessageListElement } from './message-list.js';
import { ThreadHeaderElement } from './thread-header.js';
import { ThreadHintElement } from './thread-hint.js';
import { TrustIdentityElement } from './trust-identity.js';

/** @import { AppState } from '../../state/app.js' */
/** @import { Thread } from '../../state/thread.js' */

/** One conversation: who it is with, what was said, what to know about it now, and where to write. */
export class ThreadViewElement extends LiveElement {
  /** @type {AppState} */
  app = given();
  /** @type {Thread} */
  thread = given();
  #header = new ThreadHeaderElement();
  #messages = new MessageListElement();
  #hint = new ThreadHintElement();
  #composer = new ComposerElement();
  #chat = computed(() => this.app.chats.byId.value.get(this.thread.chatId));

  render() {
    Object.assign(this.#header, { chat: this.#chat, settings: this.app.settings });
    this.#hint.chat = this.#chat;
    Object.assign(this.#messages, { app: this.app, thread: this.thread, chat: this.#chat });
    Object.assign(this.#composer, { chats: this.app.chats, thread: this.thread, chat: this.#chat });
    this.append(this.#header, this.#messages, this.#hint, this.#composer);
  }

  connected() {
    this.listen(this, 'text-returned', ({ detail }) => this.#composer.giveBack(detail));
    this.listen(this, 'try-wanted', () => this.app.connection.tryNow());
    this.listen(this, 'trust-wanted', () => {
      const chat = this.#chat.peek();
      if (chat) this.append(Object.assign(new TrustIdentityElement(), { chats: this.app.chats, chat }));
    });
  }

  /** @param {boolean} writing into the composer; else only to the heading, which raises no keyboard */
  takeFocus(writing) {
    if (writing) this.#composer.takeFocus();
    else this.#header.takeFocus();
  }
}

define('thread-view', ThreadViewElement);
