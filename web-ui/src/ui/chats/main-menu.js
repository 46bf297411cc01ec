import { t } from '../../i18n/index.js';
import { attr, fill, h, icon } from '../../lib/dom.js';
import { define, given, LiveElement } from '../../lib/element.js';

/** @import { AppState } from '../../state/app.js' */

/** Who is signed in, and *Lock*. */
export class MainMenuElement extends LiveElement {
  /** @type {AppState} */
  app = given();
  #name = h('bdi');
  #button = h('button', {
    type: 'button',
    class: 'icon-button',
    'aria-label': t('chats.menu'),
    title: t('chats.menu'),
    'aria-expanded': 'false',
    popovertarget: 'main-menu',
  });
  #sheet = h('div', { id: 'main-menu', class: 'main-menu', popover: 'auto' });

  render() {
    const click = () => this.app.lock().catch(this.app.faults.report);
    this.#button.append(icon('menu'));
    this.#sheet.append(
      h('p', { class: 'menu-account' }, h('span', null, t('chats.signedInAs')), this.#name),
      h('button', { type: 'button', class: 'menu-item', on: { click } }, icon('lock'), t('chats.lock')),
    );
    this.append(this.#button, this.#sheet);
  }

  connected() {
    this.watch(() => {
      this.app.session.session.value;
      fill(this.#name, this.app.session.username);
    });
    this.listen(this.#sheet, 'beforetoggle', (event) => {
      const open = event.newState === 'open';
      attr(this.#button, 'aria-expanded', String(open));
      if (open) this.#place();
    });
    this.listen(this.#sheet, 'toggle', (event) => {
      if (event.newState === 'open') this.#sheet.querySelector('button')?.focus();
    });
  }

  /** Below its button, ends aligned. Anchor positioning is not everywhere yet. */
  #place() {
    const box = this.#button.getBoundingClientRect();
    const rightToLeft = getComputedStyle(this).direction === 'rtl';
    const atEnd = rightToLeft ? box.left : document.documentElement.clientWidth - box.right;
    this.#sheet.style.insetBlockStart = `${box.bottom + 4}px`;
    this.#sheet.style.insetInlineEnd = `${atEnd}px`;
  }
}

define('main-menu', MainMenuElement);
