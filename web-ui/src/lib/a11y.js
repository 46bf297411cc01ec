/** What assistive technology needs beyond good elements. */

/**
 * Says `text` once, politely. There is one live region in the page: a live log would read its whole
 * history again when older messages are put in.
 * @param {string} text
 */
export function announce(text) {
  const region = document.getElementById('announcer');
  if (!region) return;
  const line = document.createElement('p');
  line.textContent = text;
  region.append(line);
  while (region.childElementCount > 3) region.firstElementChild?.remove();
}

/**
 * Moves focus to a place that is not in the tab order, such as the heading of a new screen.
 * @param {HTMLElement | null | undefined} element
 */
export function focusOn(element) {
  if (!element) return;
  if (element.tabIndex < 0 && !element.hasAttribute('tabindex')) element.setAttribute('tabindex', '-1');
  element.focus({ preventScroll: true });
}

/**
 * Arrow keys, Home and End move through rows of which one is in the tab order.
 * @param {HTMLElement} container
 * @param {string} selector
 * @param {KeyboardEvent} event
 */
export function roveFocus(container, selector, event) {
  const rows = /** @type {HTMLElement[]} */ ([...container.querySelectorAll(selector)]);
  const at = rows.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  if (at < 0) return;
  const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: rows.length - 1 }[event.key];
  const row = to === undefined ? undefined : rows[to];
  if (!row) return;
  event.preventDefault();
  for (const other of rows) other.tabIndex = other === row ? 0 : -1;
  row.focus();
}

/** Touch without a mouse: there Enter makes a new line, and focus must not pull up the keyboard. */
export const isTouch = () => matchMedia('(pointer: coarse)').matches;
