import { faultSentence, t } from '../../i18n/index.js';
import { attr, fill, h, icon } from '../../lib/dom.js';
import { define, given, LiveElement } from '../../lib/element.js';
import { faultOf } from '../../state/faults.js';

/** @import { SettingsState } from '../../state/settings.js' */

const SWITCHES = /** @type {const} */ (['relayOnly', 'mailboxOnly']);

/** What the user lets the paths do, each with what it costs. Removes itself when closed. */
export class SettingsSheetElement extends LiveElement {
  /** @type {SettingsState} */
  settings = given();
  #error = h('div', { role: 'alert' });
  #dialog = h('dialog', { class: 'sheet', 'aria-labelledby': 'settings-title' });
  /** @type {Map<typeof SWITCHES[number], HTMLInputElement>} */
  #inputs = new Map();
  /** What the user has switched stays so until the core has answered. @type {Map<typeof SWITCHES[number], symbol>} */
  #asked = new Map();

  render() {
    const close = () => this.#dialog.close();
    this.#dialog.append(
      h(
        'div',
        { class: 'sheet-body' },
        h('h2', { id: 'settings-title' }, t('settings.title')),
        h('p', { class: 'sheet-lead' }, t('settings.text')),
        h('div', { class: 'settings' }, ...SWITCHES.map((name) => this.#switch(name))),
        this.#error,
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
    this.watch(() => {
      for (const input of this.#inputs.values())
        attr(input, 'disabled', this.settings.current.value === null);
      for (const name of SWITCHES) this.#show(name);
    });
    this.#dialog.showModal();
  }

  /** @param {typeof SWITCHES[number]} name */
  #switch(name) {
    const textId = `settings-${name}`;
    const change = () => this.#change(name);
    const input = h('input', {
      type: 'checkbox',
      role: 'switch',
      class: 'switch',
      'aria-describedby': textId,
      on: { change },
    });
    this.#inputs.set(name, input);
    return h(
      'div',
      { class: 'setting' },
      h('label', { class: 'setting-name' }, h('span', null, t(`settings.${name}`)), input),
      h('p', { id: textId }, t(`settings.${name}.text`)),
    );
  }

  /** @param {typeof SWITCHES[number]} name */
  async #change(name) {
    const asked = Symbol(name);
    this.#asked.set(name, asked);
    fill(this.#error);
    try {
      await this.settings.change({ [name]: this.#inputs.get(name)?.checked });
    } catch (error) {
      const sentence = faultSentence(faultOf(error));
      fill(this.#error, h('div', { class: 'form-error' }, icon('failed'), h('p', null, sentence)));
    } finally {
      if (this.#asked.get(name) === asked) this.#asked.delete(name);
      this.#show(name);
    }
  }

  /** @param {typeof SWITCHES[number]} name */
  #show(name) {
    const input = this.#inputs.get(name);
    if (input && !this.#asked.has(name)) input.checked = this.settings.current.value?.[name] ?? false;
  }
}

define('settings-sheet', SettingsSheetElement);
