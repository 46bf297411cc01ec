import { attr, fill, h, icon } from '../../lib/dom.js';
import { LiveElement } from '../../lib/element.js';

let made = 0;

/** A text box with its label, what is asked of it, and what is wrong with it. */
export class FieldElement extends LiveElement {
  input = h('input', { type: 'text' });
  #error = h('p', { class: 'field-error', hidden: true });

  /**
   * @param {string} label
   * @param {string} hint
   * @param {Record<string, string | boolean>} attributes of the text box
   * @param {HTMLElement[]} [inBox] beside the text box
   */
  build(label, hint, attributes, inBox = []) {
    const id = `field-${++made}`;
    const hints = hint ? [h('p', { class: 'field-hint', id: `${id}-hint` }, hint)] : [];
    this.#error.id = `${id}-error`;
    for (const [name, value] of Object.entries({ id, ...attributes })) attr(this.input, name, value);
    attr(this.input, 'aria-describedby', `${this.#error.id}${hint ? ` ${id}-hint` : ''}`);
    this.input.addEventListener('input', () => this.refuse(null));
    this.className = 'field';
    this.append(
      h('label', { for: id }, label),
      h('div', { class: 'field-box' }, this.input, ...inBox),
      this.#error,
      ...hints,
    );
  }

  get value() {
    return this.input.value;
  }

  /** @param {string | null} sentence what is wrong, or null */
  refuse(sentence) {
    this.#error.hidden = sentence === null;
    attr(this.input, 'aria-invalid', sentence === null ? null : 'true');
    fill(this.#error, ...(sentence === null ? [] : [icon('failed'), h('span', null, sentence)]));
  }
}
