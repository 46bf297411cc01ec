import { t } from '../../i18n/index.js';
import { h } from '../../lib/dom.js';
import { define } from '../../lib/element.js';
import { AuthFormElement } from './auth-form.js';
import { PasswordFieldElement } from './password-field.js';
import { UsernameFieldElement } from './username-field.js';

/** Adds this browser to an account. */
export class SignInElement extends AuthFormElement {
  render() {
    const username = new UsernameFieldElement();
    const password = new PasswordFieldElement();
    this.build({
      fields: [username, password],
      submit: t('auth.signIn.submit'),
      busy: t('auth.signIn.busy'),
      before: [h('h1', null, t('auth.signIn.title'))],
      after: [h('p', { class: 'form-note' }, t('auth.signIn.newDevice'))],
      command: () => this.session.signIn(username.value, password.value),
    });
  }
}

define('sign-in', SignInElement);
