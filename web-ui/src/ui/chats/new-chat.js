import { faultSentence, t } from '../../i18n/index.js';
import { attr, fill, h, icon } from '../../lib/dom.js';
import { define, given, LiveElement } from '../../lib/element.js';
import { faultOf } from '../../state/faults.js';
import { UsernameFieldElement } from '../auth/username-field.js';

/** @import { ChatsState } from '../../state/chats.js' */

/** Asks for the name of the other person. Sends `chat-started` with the chat, and removes itself when closed. */
export class NewChatElement extends LiveElement {
  /** @type {ChatsState} */
  chats = given();
  #field = new UsernameFieldElement();
  #error = h('div', { role: 'alert' });
  #button = h('button', { type: 'submit', class: 'button' }, t('newChat.submit'));
  #dialog = h('dialog', { class: 'sheet', 'aria-labelledby': 'new-chat-title' });
  #busy = false;

  render() {
    this.#field.autocomplete = 'off';
    const form = h(
      'form',
      { class: 'sheet-body', novalidate: true },
      h('h2', { id: 'new-chat-title' }, t('newChat.title')),
      h('p', { class: 'sheet-lead' }, t('newChat.text')),
      this.#field,
      this.#error,
      h(
        'div',
        { class: 'sheet-actions' },
        h(
          'button',
          { type: 'button', class: 'button button--quiet', on: { click: () => this.#dialog.close() } },
          t('newChat.cancel'),
        ),
        this.#button,
      ),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#start();
    });
    this.#dialog.append(form);
    this.#dialog.addEventListener('close', () => this.remove());
    this.append(this.#dialog);
  }

  connected() {
    this.#dialog.showModal();
    this.#field.input.focus();
  }

  async #start() {
    if (this.#busy) return;
    fill(this.#error);
    if (!this.#field.check()) {
      this.#field.input.focus();
      return;
    }
    this.#show(true);
    try {
      const chat = await this.chats.start(this.#field.value);
      this.#dialog.close();
      this.emit('chat-started', chat.id);
    } catch (error) {
      fill(
        this.#error,
        h('div', { class: 'form-error' }, icon('failed'), h('p', null, faultSentence(faultOf(error)))),
      );
      this.#field.input.select();
    } finally {
      this.#show(false);
    }
  }

  /** @param {boolean} busy */
  #show(busy) {
    this.#busy = busy;
    attr(this.#button, 'aria-disabled', busy ? 'true' : null);
    if (busy) fill(this.#button, h('span', { class: 'spinner' }), t('newChat.busy'));
    else fill(this.#button, t('newChat.submit'));
  }
}

define('new-chat', NewChatElement);
