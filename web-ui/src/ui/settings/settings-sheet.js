import { t } from '../../i18n/index.js';
import { h } from '../../lib/dom.js';
import { define, given, LiveElement } from '../../lib/element.js';
import { SettingSwitchElement } from './setting-switch.js';

/** @import { Settings } from '../../core/protocol.js' */
/** @import { SettingsState } from '../../state/settings.js' */

const SWITCHES = /** @type {const} */ (['relayOnly', 'mailboxOnly']);

/** What the user lets the paths do, each with what it costs. Removes itself when closed. */
export class SettingsSheetElement extends LiveElement {
  /** @type {SettingsState} */
  settings = given();
  #alert = h('div', { role: 'alert' });
  #dialog = h('dialog', { class: 'sheet', 'aria-labelledby': 'settings-title' });

  render() {
    const close = () => this.#dialog.close();
    this.#dialog.append(
      h(
        'div',
        { class: 'sheet-body' },
        h('h2', { id: 'settings-title' }, t('settings.title')),
        h('p', { class: 'sheet-lead' }, t('settings.text')),
        h('div', { class: 'settings' }, ...SWITCHES.map((name) => this.#switch(name))),
        this.#alert,
        h(
          'div',
          { class: 'sheet-actions' },
          h('button', { type: 'button', class: 'button', on: { click: close } }, t('settings.close')),
        ),
      ),
    );
    this.#dialog.addEventListener('click', (event) => event.target === this.#dialog && close());
    this.#dialog.addEventListener('close', () => this.remove());
    this.append(this.#dialog);
  }

  connected() {
    this.#dialog.showModal();
  }

  /** @param {typeof SWITCHES[number]} name */
  #switch(name) {
    return Object.assign(new SettingSwitchElement(), {
      settings: this.settings,
      label: [t(`settings.${name}`)],
      text: () => [t(`settings.${name}.text`)],
      isOn: (/** @type {Settings} */ settings) => settings[name],
      change: (/** @type {boolean} */ isOn) => ({ [name]: isOn }),
      alert: this.#alert,
    });
  }
}

define('settings-sheet', SettingsSheetElement);
