/**
 * The scroller of a thread. It runs in `column-reverse` around one wrapper: its end is position 0,
 * further up is negative, and the browser itself keeps the end where it is.
 */

const NEAR_END = 100;
const FAR_FROM_END = 200;
const AHEAD = 800;
const ANCHORS = () => CSS.supports('overflow-anchor', 'auto');

export class ThreadScroll {
  #scroller;

  /** @param {HTMLElement} scroller */
  constructor(scroller) {
    this.#scroller = scroller;
  }

  get isNearEnd() {
    return this.#scroller.scrollTop > -NEAR_END;
  }

  /** Further than `isNearEnd`, so that the button between the two does not flicker. */
  get isFarFromEnd() {
    return this.#scroller.scrollTop < -FAR_FROM_END;
  }

  get wantsOlder() {
    const { scrollHeight, clientHeight, scrollTop } = this.#scroller;
    return scrollHeight - clientHeight + scrollTop < AHEAD;
  }

  get wantsNewer() {
    return this.#scroller.scrollTop > -AHEAD;
  }

  toEnd() {
    this.#scroller.scrollTop = 0;
  }

  /** At the very end the browser holds on to the end, not to what is read: step off it before rows are put below. */
  leaveEnd() {
    if (this.#scroller.scrollTop > -1) this.#scroller.scrollTop = -1;
  }

  /** Puts an element a little below the upper edge. @param {Element} element */
  toTop(element) {
    const by = element.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top;
    this.#scroller.scrollTop += by - 56;
  }

  /**
   * Changes rows without moving what is read. Only where the browser does not do it (WebKit).
   * @param {Iterable<Element>} rows
   * @param {() => void} change
   */
  hold(rows, change) {
    if (ANCHORS() || this.isNearEnd) {
      change();
      return;
    }
    const edge = this.#scroller.getBoundingClientRect().top;
    const anchor = [...rows].find((row) => row.getBoundingClientRect().bottom > edge);
    const before = anchor?.getBoundingClientRect().top ?? 0;
    change();
    if (anchor?.isConnected) this.#scroller.scrollTop += anchor.getBoundingClientRect().top - before;
  }

  /**
   * The last element that was read to its end, or fills the screen.
   * @template {Element} E
   * @param {E[]} elements from first to last
   */
  lastSeen(elements) {
    const { top, bottom } = this.#scroller.getBoundingClientRect();
    return elements.findLast((element) => {
      const box = element.getBoundingClientRect();
      return box.bottom <= bottom + 8 || (box.top <= top && box.bottom > bottom);
    });
  }
}
