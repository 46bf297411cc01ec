import { rich, t } from '../../i18n/index.js';
import { attr, fill, h, icon } from '../../lib/dom.js';
import { define, LiveElement } from '../../lib/element.js';

/** @import { GapView } from '../../core/protocol.js' */

/** Messages that are missing here: they are waited for, or lost. */
export class GapRowElement extends LiveElement {
  #words = h('p', { dir: 'auto' }); // begins with a number, which takes the direction of what stands around it

  render() {
    attr(this, 'role', 'note');
  }

  /**
   * @param {GapView} gap
   * @param {string} name of the other person
   */
  show({ count, lost }, name) {
    const words = lost ? t('thread.gapLost', { count, name }) : t('thread.gap', { count });
    if (words === this.getAttribute('aria-label')) return;
    attr(this, 'aria-label', words);
    attr(this, 'data-lost', lost);
    const shown = lost ? rich('thread.gapLost', { count, name: h('bdi', null, name) }) : [words];
    fill(this.#words, ...shown);
    fill(this, icon(lost ? 'failed' : 'sending'), this.#words);
  }
}

define('gap-row', GapRowElement);
