import { faultSentence, t } from '../../i18n/index.js';
import { attr, fill, h, icon } from '../../lib/dom.js';
import { given, LiveElement } from '../../lib/element.js';
import { faultOf } from '../../state/faults.js';

/** @import { SessionState } from '../../state/session.js' */
/** @typedef {import('./username-field.js').UsernameFieldElement | import('./password-field.js').PasswordFieldElement} Field */

/**
 * A form that runs one command of the session. Whatever goes wrong is said in it, and what was typed stays.
 */
export class AuthFormElement extends LiveElement {
  /** @type {SessionState} */
  session = given();
  #busy = false;
  #error = h('div', { role: 'alert' });
  #button = h('button', { type: 'submit', class: 'button' });
  #status = h('p', { class: 'field-hint', role: 'status' });
  #label = '';
  /** @type {Field[]} */
  #fields = [];

  /**
   * @param {object} parts
   * @param {Field[]} parts.fields
   * @param {string} parts.submit
   * @param {string} parts.busy
   * @param {Node[]} [parts.before]
   * @param {Node[]} [parts.after]
   * @param {() => Promise<unknown>} parts.command
   */
  build({ fields, submit, busy, before = [], after = [], command }) {
    this.#fields = fields;
    this.#label = submit;
    fill(this.#button, submit);
    const form = h('form', { class: 'auth-card', novalidate: true });
    form.append(...before, ...fields, this.#error, ...after, this.#button, this.#status);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit(command, busy);
    });
    this.append(form);
  }

  connected() {
    this.#fields.find((field) => field.value === '')?.input.focus();
  }

  /**
   * @param {() => Promise<unknown>} command
   * @param {string} busy
   */
  async #submit(command, busy) {
    if (this.#busy) return;
    fill(this.#error);
    const wrong = this.#fields.filter((field) => !field.check());
    if (wrong[0]) {
      wrong[0].input.focus();
      return;
    }
    this.#show(busy);
    try {
      await command();
    } catch (error) {
      fill(
        this.#error,
        h('div', { class: 'form-error' }, icon('failed'), h('p', null, faultSentence(faultOf(error)))),
      );
      this.#fields.at(-1)?.input.focus();
    } finally {
      this.#show(null);
    }
  }

  /** @param {string | null} busy what is being done, or null */
  #show(busy) {
    this.#busy = busy !== null;
    attr(this.#button, 'aria-disabled', this.#busy ? 'true' : null);
    if (busy === null) fill(this.#button, this.#label);
    else fill(this.#button, h('span', { class: 'spinner' }), busy);
    fill(this.#status, busy === null ? null : t('auth.wait'));
  }
}
