import { rich, t } from '../../i18n/index.js';
import { fill, h } from '../../lib/dom.js';
import { define } from '../../lib/element.js';
import { AuthFormElement } from './auth-form.js';
import { PasswordFieldElement } from './password-field.js';

/** Opens what this device holds. Stands before the worker has told the name, which then joins the sentence. */
export class UnlockElement extends AuthFormElement {
  #lead = h('p', { class: 'auth-lead' });
  #username = h('input', { type: 'text', name: 'username', autocomplete: 'username', hidden: true });

  render() {
    const password = new PasswordFieldElement();
    this.build({
      fields: [password],
      submit: t('auth.unlock.submit'),
      busy: t('auth.unlock.busy'),
      before: [h('h1', null, t('auth.unlock.title')), this.#lead, this.#username],
      command: () => this.session.unlock(password.value),
    });
  }

  connected() {
    super.connected();
    this.watch(() => {
      this.session.session.value;
      const name = this.session.username;
      // A hidden user name lets the browser's password store find the right entry.
      this.#username.value = name;
      fill(
        this.#lead,
        ...(name ? rich('auth.unlock.as', { name: h('bdi', null, name) }) : [t('auth.unlock.hint')]),
      );
    });
  }
}

define('unlock-form', UnlockElement);
