import { faultSentence, t } from '../../i18n/index.js';
import { h, icon, keyed } from '../../lib/dom.js';
import { define, given, LiveElement } from '../../lib/element.js';

/** @import { FaultsState } from '../../state/faults.js' */

/** What went wrong without belonging to a form: stays until it is dismissed, for it may be the only word about it. */
export class ToastStackElement extends LiveElement {
  /** @type {FaultsState} */
  faults = given();

  render() {
    this.setAttribute('role', 'alert');
  }

  connected() {
    this.watch(() => {
      keyed(this, this.faults.faults.value, {
        key: (fault) => fault.code,
        create: (fault) => this.#toast(fault),
      });
    });
  }

  /** @param {import('../../core/protocol.js').Fault} fault */
  #toast(fault) {
    const click = () => this.faults.dismiss(fault.code);
    return h(
      'div',
      { class: 'toast' },
      h('p', null, faultSentence(fault)),
      h(
        'button',
        { type: 'button', class: 'icon-button', 'aria-label': t('toast.close'), on: { click } },
        icon('close'),
      ),
    );
  }
}

define('toast-stack', ToastStackElement);
