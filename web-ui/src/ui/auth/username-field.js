import { t } from '../../i18n/index.js';
import { define } from '../../lib/element.js';
import { FieldElement } from './field.js';

const FORM = /^[a-z0-9._-]{3,32}$/;

/** A user name, lower-cased before it is judged. Set `explains` where somebody chooses one. */
export class UsernameFieldElement extends FieldElement {
  explains = false;
  autocomplete = 'username';

  render() {
    this.build(t('auth.username'), this.explains ? t('auth.username.rule') : '', {
      name: 'username',
      autocomplete: this.autocomplete,
      autocapitalize: 'none',
      autocorrect: 'off',
      spellcheck: 'false',
      maxlength: '64',
      dir: 'auto',
    });
  }

  /** Says what is wrong, if anything is. */
  check() {
    const name = this.value.trim().toLowerCase();
    const wrong =
      name === '' ? t('auth.username.missing') : FORM.test(name) ? null : t('fault.username-form');
    this.refuse(wrong);
    return wrong === null;
  }
}

define('username-field', UsernameFieldElement);
