import { faultSentence } from '../../i18n/index.js';
import { attr, fill, h, icon } from '../../lib/dom.js';
import { define, given, LiveElement } from '../../lib/element.js';
import { faultOf } from '../../state/faults.js';

/** @import { Settings } from '../../core/protocol.js' */
/** @import { SettingsState } from '../../state/settings.js' */

let switches = 0;

/** One thing that the user may turn on, and what that costs. */
export class SettingSwitchElement extends LiveElement {
  /** @type {SettingsState} */
  settings = given();
  /** @type {(string | Node)[]} */
  label = given();
  /** What it does, by the settings of now. @type {(settings: Settings | null) => (string | Node)[]} */
  text = given();
  /** @type {(settings: Settings) => boolean} */
  isOn = given();
  /** Whether another setting has decided it. @type {(settings: Settings) => boolean} */
  isSettled = () => false;
  /** @type {(isOn: boolean) => Partial<Settings>} */
  change = given();
  /** Where it is said that a change was not kept. @type {HTMLElement} */
  alert = given();
  #text = h('p');
  #input = h('input', { type: 'checkbox', role: 'switch', class: 'switch' });
  /** What the user has switched stays so until the core has answered. @type {symbol | null} */
  #asked = null;

  render() {
    this.#text.id = `setting-${++switches}`;
    attr(this.#input, 'aria-describedby', this.#text.id);
    this.#input.addEventListener('change', () => this.#ask());
    this.append(
      h(
        'div',
        { class: 'setting' },
        h('label', { class: 'setting-name' }, h('span', null, ...this.label), this.#input),
        this.#text,
      ),
    );
  }

  connected() {
    this.watch(() => {
      const settings = this.settings.current.value;
      attr(this.#input, 'disabled', settings === null || this.isSettled(settings));
      fill(this.#text, ...this.text(settings));
      this.#show();
    });
  }

  async #ask() {
    const asked = Symbol('asked');
    this.#asked = asked;
    fill(this.alert);
    try {
      await this.settings.change(this.change(this.#input.checked));
    } catch (error) {
      const sentence = faultSentence(faultOf(error));
      fill(this.alert, h('div', { class: 'form-error' }, icon('failed'), h('p', null, sentence)));
    } finally {
      if (this.#asked === asked) this.#asked = null;
      this.#show();
    }
  }

  #show() {
    const settings = this.settings.current.peek();
    if (!this.#asked) this.#input.checked = settings !== null && this.isOn(settings);
  }
}

define('setting-switch', SettingSwitchElement);
