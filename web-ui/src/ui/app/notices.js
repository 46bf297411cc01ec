import { faultSentence, rich, t } from '../../i18n/index.js';
import { focusOn } from '../../lib/a11y.js';
import { h, icon } from '../../lib/dom.js';
import { define, given, LiveElement } from '../../lib/element.js';

/** @import { AppState } from '../../state/app.js' */

/** A page that says one thing and offers one way on: other tab, wrong address, signed out, broken. */
export class NoticePageElement extends LiveElement {
  /** @type {AppState} */
  app = given();
  #heading = h('h1', { tabindex: '-1' });

  render() {
    const { picture, title, text, action } = this.#content();
    this.#heading.append(title);
    this.append(
      h('main', { class: 'notice-page' }, icon(picture), this.#heading, h('p', null, ...text), action),
    );
    this.className = 'screen';
  }

  connected() {
    focusOn(this.#heading);
  }

  /** @returns {{picture: string, title: string, text: (string | Node)[], action: HTMLElement}} */
  #content() {
    const session = this.app.session.session.peek();
    if (session.phase === 'elsewhere') {
      return {
        picture: 'tab',
        title: t('elsewhere.title'),
        text: [t('elsewhere.text')],
        action: button(t('elsewhere.use'), () => this.app.session.takeOver().catch(this.app.faults.report)),
      };
    }
    if (session.phase === 'wrong-host') {
      return {
        picture: 'globe',
        title: t('wrongHost.title'),
        text: [t('wrongHost.text')],
        action: h('a', { class: 'button', href: webAddress(session.canonicalUrl) }, session.canonicalUrl),
      };
    }
    if (session.phase === 'signed-out-by-server') {
      return {
        picture: 'warning',
        title: t('signedOut.title'),
        text: rich('signedOut.text', { name: h('bdi', null, session.username) }),
        action: button(t('signedOut.reload'), () => location.reload()),
      };
    }
    const fault = this.app.session.failure.peek() ?? { code: 'defect' };
    return {
      picture: 'warning',
      title: t('defect.title'),
      text: [faultSentence(fault)],
      action: button(t('defect.reload'), () => location.reload()),
    };
  }
}

/**
 * @param {string} label
 * @param {() => void} click
 */
const button = (label, click) => h('button', { type: 'button', class: 'button', on: { click } }, label);

/** The server names it, so it is checked: no other scheme than the web's. @param {string} address */
function webAddress(address) {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : null;
}

define('notice-page', NoticePageElement);
