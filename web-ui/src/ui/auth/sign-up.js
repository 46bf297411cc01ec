import { t } from '../../i18n/index.js';
import { h } from '../../lib/dom.js';
import { define } from '../../lib/element.js';
import { AuthFormElement } from './auth-form.js';
import { PasswordFieldElement } from './password-field.js';
import { UsernameFieldElement } from './username-field.js';

/** Creates an account. */
export class SignUpElement extends AuthFormElement {
  render() {
    const username = new UsernameFieldElement();
    const password = new PasswordFieldElement();
    username.explains = true;
    password.chooses = true;
    password.username = () => username.value.trim();
    this.build({
      fields: [username, password],
      submit: t('auth.signUp.submit'),
      busy: t('auth.signUp.busy'),
      before: [h('h1', null, t('auth.signUp.title'))],
      after: [h('p', { class: 'form-note' }, t('auth.signUp.noReset'))],
      command: () => this.session.createAccount(username.value, password.value),
    });
  }
}

define('sign-up', SignUpElement);
