import { t } from '../../i18n/index.js';
import { attr, fill, h, icon } from '../../lib/dom.js';
import { define, given, LiveElement } from '../../lib/element.js';

/** @import { AppState } from '../../state/app.js' */

/** Who is signed in, *Settings* and *Lock*. Sends `settings-wanted`. */
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
    const lock = () => this.app.lock().catch(this.app.faults.report);
    this.#button.append(icon('menu'));
    this.#sheet.append(
      h('p', { class: 'menu-account' }, h('span', null, t('chats.signedInAs')), this.#name),
      item('settings', t('settings.title'), () => this.#wantSettings()),
      item('lock', t('chats.lock'), lock),
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

  /** The menu goes first: where the sheet gives focus back to is its button. */
  #wantSettings() {
    this.#sheet.hidePopover();
    this.#button.focus();
    this.emit('settings-wanted');
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

/**
 * @param {string} picture
 * @param {string} label
 * @param {() => void} click
 */
function item(picture, label, click) {
  return h('button', { type: 'button', class: 'menu-item', on: { click } }, icon(picture), label);
}

define('main-menu', MainMenuElement);
