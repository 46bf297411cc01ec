import { t } from '../../i18n/index.js';
import { announce } from '../../lib/a11y.js';
import { attr, fill, h } from '../../lib/dom.js';
import { define, given, LiveElement } from '../../lib/element.js';

/** @import { ConnectionState } from '../../state/connection.js' */
/** @import { Connection } from '../../core/protocol.js' */

/** One banner for the line to the server; it floats, so nothing moves when it comes and goes. */
export class ConnectionBannerElement extends LiveElement {
  /** @type {ConnectionState} */
  connection = given();
  #text = h('span');
  #retry = h('button', { type: 'button', class: 'link-button' }, t('connection.try'));
  #troubled = false;

  render() {
    this.className = 'banner';
    // Its coming is announced once; the seconds are not read out.
    this.setAttribute('role', 'status');
    this.setAttribute('aria-live', 'off');
    this.#retry.addEventListener('click', () => this.connection.tryNow());
    this.append(this.#text, this.#retry);
  }

  connected() {
    this.watch(() => {
      const trouble = this.connection.trouble.value;
      attr(this, 'hidden', trouble === null);
      if (trouble) this.#show(trouble);
      if (!trouble && this.#troubled) announce(t('connection.back'));
      if (trouble && !this.#troubled) announce(sentence({ ...trouble, nextTryMs: undefined }));
      this.#troubled = trouble !== null;
      if (!trouble?.nextTryMs) return;
      const clock = setInterval(() => this.#show(trouble), 1000);
      return () => clearInterval(clock);
    });
  }

  /** @param {Connection} trouble */
  #show(trouble) {
    fill(this.#text, sentence(trouble));
    attr(this.#retry, 'hidden', !isAskedAgain(trouble.state));
  }
}

/** @param {Connection} trouble */
function sentence({ state, nextTryMs }) {
  if (state === 'offline') return t('connection.offline');
  if (!isAskedAgain(state)) return t('connection.connecting');
  const what = t(state === 'busy' ? 'connection.busy' : 'connection.unreachable');
  const seconds = Math.ceil(((nextTryMs ?? 0) - Date.now()) / 1000);
  return seconds > 0 ? t('connection.next', { what, count: seconds }) : what;
}

/** @param {Connection['state']} state */
const isAskedAgain = (state) => state === 'unreachable' || state === 'busy';

define('connection-banner', ConnectionBannerElement);
