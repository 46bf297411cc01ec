import { rich, t } from '../../i18n/index.js';
import { attr, fill, h, icon } from '../../lib/dom.js';
import { define, given, LiveElement } from '../../lib/element.js';
import { nameOf } from '../chats/chat-name.js';
import { SettingSwitchElement } from '../settings/setting-switch.js';

/** @import { SettingsState } from '../../state/settings.js' */
/** @import { Computed } from '../../lib/signal.js' */
/** @import { ChatView, Settings } from '../../core/protocol.js' */

const PATHS = /** @type {const} */ (['direct', 'relayed', 'server']);

/** The path that messages take now; pressed, it explains all three, and lets the user rule one out with this contact. */
export class PathChipElement extends LiveElement {
  /** @type {Computed<ChatView | undefined>} */
  chat = given();
  /** @type {SettingsState} */
  settings = given();
  #button = h('button', { type: 'button', class: 'path-chip', 'aria-haspopup': 'dialog' });

  render() {
    this.#button.addEventListener('click', () => this.#explain());
    this.append(this.#button);
  }

  connected() {
    this.watch(() => {
      const path = this.chat.value?.path ?? 'server';
      attr(this.#button, 'data-path', path);
      attr(this.#button, 'aria-label', t('path.more', { path: t(`path.${path}`) }));
      fill(this.#button, icon(path), t(`path.${path}`));
    });
  }

  #explain() {
    const list = h('ul', { class: 'paths' });
    const chat = this.chat.peek();
    const close = () => dialog.close();
    const alert = h('div', { role: 'alert' });
    const dialog = h(
      'dialog',
      { class: 'sheet', 'aria-labelledby': 'paths-title' },
      h(
        'div',
        { class: 'sheet-body' },
        h('h2', { id: 'paths-title' }, t('path.title')),
        list,
        h('p', { class: 'sheet-lead' }, t('path.same')),
        chat && this.#relayOnlyWith(chat, alert),
        alert,
        h(
          'div',
          { class: 'sheet-actions' },
          h('button', { type: 'button', class: 'button', on: { click: close } }, t('path.close')),
        ),
      ),
    );
    for (const path of PATHS) list.append(explanation(path, path === chat?.path));
    dialog.addEventListener('close', () => dialog.remove());
    dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
    this.append(dialog);
    dialog.showModal();
  }

  /**
   * @param {ChatView} chat
   * @param {HTMLElement} alert
   */
  #relayOnlyWith(chat, alert) {
    const { accountId } = chat;
    const name = () => h('bdi', null, nameOf(chat));
    return Object.assign(new SettingSwitchElement(), {
      settings: this.settings,
      label: rich('path.relayOnly', { name: name() }),
      text: (/** @type {Settings | null} */ settings) =>
        settings?.relayOnly
          ? [t('path.relayOnly.everybody')]
          : rich('path.relayOnly.text', { name: name(), again: name() }),
      isOn: (/** @type {Settings} */ { relayOnly, relayOnlyWith }) =>
        relayOnly || relayOnlyWith[accountId] === true,
      isSettled: (/** @type {Settings} */ { relayOnly }) => relayOnly,
      change: (/** @type {boolean} */ isOn) => ({ relayOnlyWith: { [accountId]: isOn } }),
      alert,
    });
  }
}

/**
 * @param {typeof PATHS[number]} path
 * @param {boolean} current
 */
function explanation(path, current) {
  return h(
    'li',
    { 'aria-current': current ? 'true' : null },
    h('span', { 'data-path': path }, icon(path)),
    h('h3', null, t(`path.${path}`), current && h('span', { class: 'paths-now' }, t('path.now'))),
    h('p', null, t(`path.${path}.text`)),
  );
}

define('path-chip', PathChipElement);
