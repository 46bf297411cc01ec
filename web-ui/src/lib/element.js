import { effect } from './signal.js';

/**
 * Base of all elements: light DOM, properties in, bubbling events out. `render()` builds the content once, at the
 * first connect; `connected()` runs at every connect, and what it watches or listens to ends with the disconnect.
 */
export class LiveElement extends HTMLElement {
  #rendered = false;
  /** @type {(() => void)[]} */
  #endings = [];

  connectedCallback() {
    if (!this.#rendered) {
      this.#rendered = true;
      this.render();
    }
    this.connected();
  }

  disconnectedCallback() {
    for (const end of this.#endings.splice(0)) end();
  }

  render() {}
  connected() {}

  /**
   * Runs again whenever a signal that it read changes.
   * @param {() => void | (() => void)} fn
   */
  watch(fn) {
    this.#endings.push(effect(fn));
  }

  /**
   * @param {EventTarget} target
   * @param {string} type
   * @param {(event: any) => void} listener
   * @param {AddEventListenerOptions} [options]
   */
  listen(target, type, listener, options) {
    target.addEventListener(type, listener, options);
    this.#endings.push(() => target.removeEventListener(type, listener, options));
  }

  /** @param {() => void} end */
  atDisconnect(end) {
    this.#endings.push(end);
  }

  /**
   * @param {string} type past tense: `chat-opened`
   * @param {unknown} [detail]
   */
  emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { bubbles: true, detail }));
  }
}

/**
 * Registers once; elements import each other, and a module may be evaluated for a test beside the bundle.
 * @param {string} tag
 * @param {CustomElementConstructor} type
 */
export function define(tag, type) {
  if (!customElements.get(tag)) customElements.define(tag, type);
}

/**
 * A property that the owner sets before the element is connected: `app = given()` under its JSDoc type.
 * @returns {any}
 */
export const given = () => undefined;
