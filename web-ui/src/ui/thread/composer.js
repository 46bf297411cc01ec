import { faultSentence, t } from '../../i18n/index.js';
import { isTouch } from '../../lib/a11y.js';
import { attr, fill, h, icon } from '../../lib/dom.js';
import { define, given, LiveElement } from '../../lib/element.js';

/** @import { Computed } from '../../lib/signal.js' */
/** @import { ChatsState } from '../../state/chats.js' */
/** @import { Thread } from '../../state/thread.js' */
/** @import { ChatView } from '../../core/protocol.js' */

/** UTF-16 units, as the core counts (fault `text-too-long`). */
const LONGEST = 16_000;
const WARN_AT = 15_000;
const IME = 229; // Safari: the key belongs to the input method, though isComposing is false already

/** Where a message is written. The draft is kept as it is typed, and comes back with the chat. */
export class ComposerElement extends LiveElement {
  /** @type {ChatsState} */
  chats = given();
  /** @type {Thread} */
  thread = given();
  /** @type {Computed<ChatView | undefined>} */
  chat = given();
  #box = h('textarea', {
    rows: '1',
    'aria-label': t('composer.name'),
    placeholder: t('composer.name'),
    autocomplete: 'off',
    dir: 'auto',
  });
  #send = h('button', {
    type: 'submit',
    class: 'icon-button composer-send',
    'aria-label': t('composer.send'),
    title: t('composer.send'),
  });
  #note = h('p', { class: 'composer-note', hidden: true, role: 'status' });

  render() {
    this.#send.append(icon('send'));
    const form = h('form', { class: 'composer' }, h('div', { class: 'composer-box' }, this.#box), this.#send);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    // A tap on the button must not take the focus, or the keyboard of a phone would close and open again.
    this.#send.addEventListener('pointerdown', (event) => event.preventDefault());
    attr(this.#box, 'enterkeyhint', isTouch() ? 'enter' : 'send');
    this.append(form, this.#note);
  }

  connected() {
    this.#set(this.chats.draft(this.thread.chatId));
    this.watch(() => this.#judge(this.chat.value));
    this.listen(this.#box, 'input', () => {
      this.chats.typed(this.thread.chatId, this.#box.value);
      this.#grow();
      this.#judge(this.chat.peek());
    });
    this.listen(this.#box, 'keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === IME || isTouch())
        return;
      event.preventDefault();
      this.#submit();
    });
  }

  takeFocus() {
    this.#box.focus({ preventScroll: true });
  }

  /** Text of a message that could not be sent, before what is typed now. @param {string} text */
  giveBack(text) {
    const joined = this.#box.value ? `${text}\n${this.#box.value}` : text;
    this.#set(joined);
    this.chats.typed(this.thread.chatId, joined);
    this.takeFocus();
  }

  async #submit() {
    const text = this.#box.value.trim();
    if (!this.#maySend()) return;
    const { chatId } = this.thread;
    this.#set('');
    this.chats.emptied(chatId);
    this.takeFocus();
    const taken = await this.thread.send(text);
    this.chats.settled(chatId, taken ? '' : text);
  }

  #maySend() {
    const text = this.#box.value.trim();
    return text !== '' && text.length <= LONGEST && !this.chat.peek()?.identityWarning;
  }

  /** @param {string} text */
  #set(text) {
    this.#box.value = text;
    this.#grow();
    this.#judge(this.chat.peek());
  }

  /** @param {ChatView | undefined} chat */
  #judge(chat) {
    const { length } = this.#box.value.trim();
    attr(
      this.#send,
      'aria-disabled',
      length === 0 || length > LONGEST || chat?.identityWarning ? 'true' : null,
    );
    this.#note.hidden = length < WARN_AT;
    attr(this.#note, 'data-over', length > LONGEST);
    if (length > LONGEST)
      fill(
        this.#note,
        faultSentence({ code: 'text-too-long' }),
        ' ',
        t('composer.tooLong', { count: length - LONGEST }),
      );
    else fill(this.#note, t('composer.left', { count: LONGEST - length }));
  }

  /** Only where the style sheet cannot do it (`field-sizing`). */
  #grow() {
    if (CSS.supports('field-sizing', 'content')) return;
    this.#box.style.blockSize = 'auto';
    this.#box.style.blockSize = `${this.#box.scrollHeight}px`;
  }
}

define('message-composer', ComposerElement);
