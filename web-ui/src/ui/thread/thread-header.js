import { t } from '../../i18n/index.js';
import { focusOn } from '../../lib/a11y.js';
import { fill, h, icon } from '../../lib/dom.js';
import { define, given, LiveElement } from '../../lib/element.js';
import { avatar, nameOf } from '../chats/chat-name.js';
import { PathChipElement } from './path-chip.js';

/** @import { Computed } from '../../lib/signal.js' */
/** @import { ChatView } from '../../core/protocol.js' */
/** @import { SettingsState } from '../../state/settings.js' */

/** Who this is with and how messages travel. Sends `thread-left`. */
export class ThreadHeaderElement extends LiveElement {
  /** @type {Computed<ChatView | undefined>} */
  chat = given();
  /** @type {SettingsState} */
  settings = given();
  #picture = h('span');
  #name = h('h2', { class: 'thread-name', tabindex: '-1' });
  #chip = new PathChipElement();

  render() {
    const click = () => this.emit('thread-left');
    Object.assign(this.#chip, { chat: this.chat, settings: this.settings });
    this.append(
      h(
        'div',
        { class: 'bar thread-bar' },
        h(
          'button',
          { type: 'button', class: 'icon-button thread-back', 'aria-label': t('thread.back'), on: { click } },
          icon('back'),
        ),
        this.#picture,
        h(
          'div',
          { class: 'thread-who' },
          this.#name,
          h(
            'p',
            { class: 'thread-status' },
            this.#chip,
            h('span', { class: 'thread-status-more ellipsis' }, t('thread.encrypted')),
          ),
        ),
      ),
    );
  }

  connected() {
    this.watch(() => {
      const chat = this.chat.value;
      if (!chat) return;
      fill(this.#picture, avatar(chat));
      fill(this.#name, h('bdi', { class: 'ellipsis' }, nameOf(chat)), doubt(chat));
    });
  }

  takeFocus() {
    focusOn(this.#name);
  }
}

/** @param {ChatView} chat */
function doubt({ nameState }) {
  if (nameState === 'checked') return null;
  const words = t(nameState === 'conflict' ? 'thread.nameConflict' : 'thread.nameUnchecked');
  return h(
    'span',
    { class: 'thread-doubt', role: 'img', 'aria-label': words, title: words },
    icon('warning'),
  );
}

define('thread-header', ThreadHeaderElement);
