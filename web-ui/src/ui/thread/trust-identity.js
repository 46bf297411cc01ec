import { faultSentence, rich, t } from '../../i18n/index.js';
import { attr, fill, h, icon } from '../../lib/dom.js';
import { define, given, LiveElement } from '../../lib/element.js';
import { faultOf } from '../../state/faults.js';
import { nameOf } from '../chats/chat-name.js';

/** @import { ChatsState } from '../../state/chats.js' */
/** @import { ChatView } from '../../core/protocol.js' */

/**
 * Asks whether the user has spoken to the person, and trusts the identity that the server shows now. Nothing but the
 * button does so: Escape and Cancel leave everything as it is. Once the server is asked, the question stays for the
 * answer: nothing takes it back.
 */
export class TrustIdentityElement extends LiveElement {
  /** @type {ChatsState} */
  chats = given();
  /** @type {ChatView} */
  chat = given();
  #error = h('div', { role: 'alert' });
  #button = h('button', { type: 'button', class: 'button button--danger' });
  #cancel = h('button', { type: 'button', class: 'button button--quiet' });
  #dialog = h('dialog', { class: 'sheet', 'aria-labelledby': 'trust-title' });
  #busy = false;

  render() {
    const name = () => ({ name: h('bdi', null, nameOf(this.chat)) });
    this.#cancel.append(t('trust.cancel'));
    this.#cancel.addEventListener('click', () => {
      if (!this.#busy) this.#dialog.close();
    });
    this.#button.addEventListener('click', () => this.#trust());
    this.#dialog.append(
      h(
        'div',
        { class: 'sheet-body' },
        h('h2', { id: 'trust-title' }, ...rich('trust.title', name())),
        h('p', null, ...rich('trust.ask', name())),
        h('p', null, ...rich('trust.risk', name())),
        this.#error,
        h('div', { class: 'sheet-actions' }, this.#cancel, this.#button),
      ),
    );
    this.#dialog.addEventListener('cancel', (event) => {
      if (this.#busy) event.preventDefault();
    });
    this.#dialog.addEventListener('close', () => this.remove());
    this.#show(false);
    this.append(this.#dialog);
  }

  connected() {
    this.#dialog.showModal();
  }

  async #trust() {
    if (this.#busy) return;
    fill(this.#error);
    this.#show(true);
    try {
      await this.chats.trustIdentity(this.chat.id);
      this.#dialog.close();
    } catch (error) {
      const sentence = faultSentence(faultOf(error));
      fill(this.#error, h('div', { class: 'form-error' }, icon('failed'), h('p', null, sentence)));
    } finally {
      this.#show(false);
    }
  }

  /** @param {boolean} busy */
  #show(busy) {
    this.#busy = busy;
    for (const button of [this.#button, this.#cancel]) attr(button, 'aria-disabled', busy ? 'true' : null);
    attr(this.#dialog, 'closedby', busy ? 'none' : null); // Chromium lets nobody prevent a second Escape in a row
    if (busy) fill(this.#button, h('span', { class: 'spinner' }), t('trust.busy'));
    else fill(this.#button, t('trust.submit'));
  }
}

define('trust-identity', TrustIdentityElement);
