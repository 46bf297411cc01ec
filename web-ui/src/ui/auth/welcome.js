import { t } from '../../i18n/index.js';
import { fill, h, icon } from '../../lib/dom.js';
import { define, given, LiveElement } from '../../lib/element.js';
import { signal } from '../../lib/signal.js';
import { SignInElement } from './sign-in.js';
import { SignUpElement } from './sign-up.js';
import { UnlockElement } from './unlock.js';

/** @import { SessionState } from '../../state/session.js' */

/** The screens before the messages: create an account, sign in, or unlock. */
export class WelcomeElement extends LiveElement {
  /** @type {SessionState} */
  session = given();
  #form = h('div');
  #signsIn = signal(false);
  #signUp = new SignUpElement();
  #signIn = new SignInElement();
  #unlock = new UnlockElement();

  render() {
    this.className = 'auth';
    this.#form.className = 'auth-form';
    for (const form of [this.#signUp, this.#signIn, this.#unlock]) form.session = this.session;
    this.append(
      h(
        'main',
        { class: 'auth-page' },
        h(
          'div',
          { class: 'brand' },
          icon('mark'),
          h('p', { class: 'brand-name' }, t('app.name')),
          h('p', { class: 'brand-tagline' }, t('auth.tagline')),
        ),
        this.#form,
      ),
    );
  }

  connected() {
    this.watch(() => {
      if (this.session.screen.value === 'locked') fill(this.#form, this.#unlock);
      else if (this.#signsIn.value)
        fill(this.#form, this.#signIn, this.#other('auth.signIn.noAccount', 'auth.signUp.submit'));
      else fill(this.#form, this.#signUp, this.#other('auth.signUp.haveOne', 'auth.signIn.submit'));
    });
  }

  /**
   * @param {import('../../i18n/index.js').Key} question
   * @param {import('../../i18n/index.js').Key} answer
   */
  #other(question, answer) {
    const click = () => {
      this.#signsIn.value = !this.#signsIn.peek();
    };
    return h(
      'p',
      { class: 'auth-switch' },
      `${t(question)} `,
      h('button', { type: 'button', class: 'link-button', on: { click } }, t(answer)),
    );
  }
}

define('welcome-screen', WelcomeElement);
