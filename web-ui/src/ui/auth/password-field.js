import { t } from '../../i18n/index.js';
import { attr, fill, h } from '../../lib/dom.js';
import { define } from '../../lib/element.js';
import { FieldElement } from './field.js';
import { isLongEnough, strengthOf } from './password-strength.js';

const LEVELS = /** @type {const} */ (['weak', 'fair', 'good', 'strong']);

/** A password with a button that shows it. Set `chooses` where a new one is made: then it is judged. */
export class PasswordFieldElement extends FieldElement {
  chooses = false;
  /** For the estimate: a password must not be the user name. */
  username = () => '';
  #toggle = h(
    'button',
    { type: 'button', class: 'field-toggle', 'aria-pressed': 'false' },
    t('auth.password.show'),
  );
  #word = h('span', { class: 'strength-word' });
  #strength = h(
    'div',
    { class: 'strength' },
    h('div', { class: 'strength-bar', 'aria-hidden': 'true' }, h('i'), h('i'), h('i'), h('i')),
    h('p', null, `${t('auth.strength.name')}: `, this.#word),
    h('p', { class: 'field-hint' }, t('auth.strength.honest')),
  );

  render() {
    this.build(
      t('auth.password'),
      this.chooses ? t('auth.password.rule') : '',
      {
        type: 'password',
        name: 'password',
        autocomplete: this.chooses ? 'new-password' : 'current-password',
        autocapitalize: 'none',
        spellcheck: 'false',
      },
      [this.#toggle],
    );
    this.#toggle.addEventListener('click', () => this.#reveal(this.input.type === 'password'));
    if (!this.chooses) return;
    this.#strength.hidden = true;
    this.append(this.#strength);
    this.input.addEventListener('input', () => this.#judge());
  }

  check() {
    const wrong = this.#wrong();
    this.refuse(wrong);
    return wrong === null;
  }

  #wrong() {
    if (this.value === '') return t('auth.password.missing');
    if (!this.chooses) return null;
    if (!isLongEnough(this.value)) return t('fault.password-short');
    return strengthOf(this.value, this.username()) === 1 ? t('auth.strength.refused') : null;
  }

  #judge() {
    const level = isLongEnough(this.value) ? strengthOf(this.value, this.username()) : 1;
    this.#strength.hidden = this.value === '';
    attr(this.#strength, 'data-level', level);
    fill(
      this.#word,
      isLongEnough(this.value)
        ? t(`auth.strength.${LEVELS[level - 1] ?? 'weak'}`)
        : t('fault.password-short'),
    );
  }

  /** @param {boolean} shown */
  #reveal(shown) {
    this.input.type = shown ? 'text' : 'password';
    attr(this.#toggle, 'aria-pressed', String(shown));
    fill(this.#toggle, shown ? t('auth.password.hide') : t('auth.password.show'));
    this.input.focus();
  }
}

define('password-field', PasswordFieldElement);
