import { t } from '../../i18n/index.js';
import { announce } from '../../lib/a11y.js';
import { fill, h, icon } from '../../lib/dom.js';
import { define, given, LiveElement } from '../../lib/element.js';

/** @import { ExpiredState } from '../../state/expired.js' */

/** What expired on the server while this device was away: stays until it is dismissed, for nothing else tells of it. */
export class ExpiredNoticeElement extends LiveElement {
  /** @type {ExpiredState} */
  expired = given();
  #text = h('p');

  render() {
    // Its coming is announced once; it stands in the page from the start for who looks at it.
    this.setAttribute('role', 'status');
    this.setAttribute('aria-live', 'off');
    const click = () => this.expired.dismiss();
    this.append(
      icon('warning'),
      this.#text,
      h(
        'button',
        { type: 'button', class: 'icon-button', 'aria-label': t('expired.close'), on: { click } },
        icon('close'),
      ),
    );
  }

  connected() {
    this.watch(() => {
      const count = this.expired.count.value;
      this.hidden = count === 0;
      const words = count > 0 ? t('expired.text', { count }) : '';
      fill(this.#text, words);
      if (words) announce(words);
    });
  }
}

define('expired-notice', ExpiredNoticeElement);
