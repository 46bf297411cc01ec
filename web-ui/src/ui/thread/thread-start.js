import { rich, t } from '../../i18n/index.js';
import { fill, h, icon } from '../../lib/dom.js';
import { define, given, LiveElement } from '../../lib/element.js';
import { nameOf } from '../chats/chat-name.js';

/** @import { Computed } from '../../lib/signal.js' */
/** @import { ChatView } from '../../core/protocol.js' */
/** @import { Thread } from '../../state/thread.js' */

const PATIENCE = 150;

/** What stands above the first row: that it is encrypted, where older messages are, or that they are being loaded. */
export class ThreadStartElement extends LiveElement {
  /** @type {Thread} */
  thread = given();
  /** @type {Computed<ChatView | undefined>} */
  chat = given();
  secondDevice = false;

  connected() {
    this.className = 'thread-start';
    this.watch(() => {
      const { phase, loadingOlder, atStart } = this.thread;
      if (phase.value === 'failed') this.#failed(() => this.thread.open());
      else if (loadingOlder.value === 'failed') this.#failed(() => this.thread.showOlder());
      else if (atStart.value) this.#beginning();
      else if (phase.value === 'opening' || loadingOlder.value === 'yes') return this.#waiting();
      else fill(this);
    });
  }

  #beginning() {
    const chat = this.chat.value;
    if (!chat) return;
    fill(
      this,
      note('lock', ...rich('thread.intro', { name: h('bdi', null, nameOf(chat)) })),
      this.secondDevice && note('tab', t('thread.olderElsewhere')),
    );
  }

  /** Said only if it takes a while. */
  #waiting() {
    fill(this);
    const timer = setTimeout(
      () => fill(this, h('span', { class: 'spinner' }), h('p', { class: 'field-hint' }, t('thread.loading'))),
      PATIENCE,
    );
    return () => clearTimeout(timer);
  }

  /** @param {() => void} again */
  #failed(again) {
    fill(
      this,
      h('p', null, t('thread.loadFailed')),
      h('button', { type: 'button', class: 'link-button', on: { click: again } }, t('thread.again')),
    );
  }
}

/**
 * @param {string} picture
 * @param {...(string | Node)} words
 */
const note = (picture, ...words) => h('div', { class: 'thread-note' }, icon(picture), h('p', null, ...words));

define('thread-start', ThreadStartElement);
