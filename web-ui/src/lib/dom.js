/** Makes and updates elements without markup strings: there is nothing here that could be injected into. */
import { ICONS_URL } from './assets.js';

const SVG = 'http://www.w3.org/2000/svg';

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {Record<string, unknown> & {on?: Record<string, (event: any) => void>, prop?: Record<string, unknown>}} Props */

/**
 * `h('button', { type: 'button', on: { click } }, 'Text')`. Attributes by name (false and null leave them out, true
 * writes them empty), listeners under `on`, properties under `prop`.
 * @template {string} K
 * @param {K} tag
 * @param {Props | null} [props]
 * @param {...(Child | Child[])} children
 * @returns {K extends keyof HTMLElementTagNameMap ? HTMLElementTagNameMap[K] : HTMLElement}
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  const { on = {}, prop = {}, ...attributes } = props ?? {};
  for (const [name, value] of Object.entries(attributes)) attr(element, name, value);
  for (const [type, listener] of Object.entries(on)) element.addEventListener(type, listener);
  Object.assign(element, prop);
  element.append(...nodes(children));
  return /** @type {any} */ (element);
}

/** @param {(Child | Child[])[]} children */
function nodes(children) {
  return children
    .flat()
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));
}

/**
 * Sets, empties or removes one attribute.
 * @param {Element} element
 * @param {string} name
 * @param {unknown} value
 */
export function attr(element, name, value) {
  if (name === 'style' || name.startsWith('on')) throw new TypeError(`${name} is not an attribute to set`);
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? '' : String(value));
}

/**
 * Replaces what is inside.
 * @param {Element} parent
 * @param {...(Child | Child[])} children
 */
export function fill(parent, ...children) {
  parent.replaceChildren(...nodes(children));
}

/**
 * A picture of the sprite, for the eye only: what it says stands beside it or in the label of its button.
 * @param {string} name
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `${ICONS_URL}#${name}`);
  svg.append(use);
  return svg;
}

/** @type {WeakMap<Element, Map<string, Element>>} */
const known = new WeakMap();

/**
 * Makes the children of `parent` follow `items`: one element a key, kept over updates, moved only where the order
 * changed. Focus, selection and scroll position of kept elements survive.
 * @template T
 * @template {Element} E
 * @param {Element} parent
 * @param {readonly T[]} items
 * @param {{key: (item: T) => string, create: (item: T) => E, update?: (element: E, item: T) => void}} how
 */
export function keyed(parent, items, { key, create, update }) {
  const before = known.get(parent) ?? new Map();
  /** @type {Map<string, Element>} */
  const after = new Map();
  for (const item of items) {
    const name = key(item);
    const element = /** @type {E} */ (before.get(name) ?? create(item));
    update?.(element, item);
    after.set(name, element);
  }
  for (const [name, element] of before) if (!after.has(name)) element.remove();
  let next = parent.firstElementChild;
  for (const element of after.values()) {
    if (element === next) next = next.nextElementSibling;
    else parent.insertBefore(element, next);
  }
  known.set(parent, after);
}
