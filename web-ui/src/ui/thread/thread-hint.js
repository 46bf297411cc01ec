import { rich, t } from '../../i18n/index.js';
import { announce } from '../../lib/a11y.js';
import { attr, fill, h, icon } from '../../lib/dom.js';
import { define, given, LiveElement } from '../../lib/element.js';
import { date, time } from '../../lib/format.js';
import { endsSoon } from '../../state/wait.js';
import { nameOf } from '../chats/chat-name.js';

/** @import { Computed } from '../../lib/signal.js' */
/** @import { ChatView, Delay } from '../../core/protocol.js' */

/**
 * @typedef {object} Hint
 * @property {'identity' | 'name' | 'request' | 'delay' | 'wait' | 'waiting'} kind
 * @property {string} picture
 * @property {(string | Node)[]} words
 */

const MINUTE = 60_000;

/** The one thing to know about a chat now, above where one writes. Sends `trust-wanted` and `try-wanted`. */
export class ThreadHintElement extends LiveElement {
  /** @type {Computed<ChatView | undefined>} */
  chat = given();
  #words = h('p');
  /** @type {Hint['kind'] | null} */
  #kind = null;

  render() {
    this.className = 'thread-hint';
    this.hidden = true;
  }

  connected() {
    this.watch(() => this.#show(this.chat.value));
    // A time that is told passes, and one comes near.
    const clock = setInterval(() => this.#show(this.chat.peek()), MINUTE);
    this.atDisconnect(() => clearInterval(clock));
  }

  /** @param {ChatView | undefined} chat */
  #show(chat) {
    const hint = chat ? hintOf(chat, Date.now()) : null;
    if (hint) fill(this.#words, ...hint.words);
    if (hint?.kind === this.#kind || (!hint && !this.#kind)) return; // the button keeps its focus
    this.#kind = hint?.kind ?? null;
    this.hidden = hint === null;
    attr(this, 'data-alarm', hint?.kind === 'identity' || hint?.kind === 'name');
    attr(this, 'role', hint?.kind === 'identity' ? 'alert' : null);
    fill(this, ...(hint ? [icon(hint.picture), this.#words, this.#action(hint)] : []));
    if (hint?.kind === 'delay') announce(this.#words.textContent ?? '');
  }

  /** @param {Hint} hint */
  #action({ kind }) {
    if (kind === 'identity')
      return button(t('thread.trust'), () => this.emit('trust-wanted'), { 'aria-haspopup': 'dialog' });
    return kind === 'delay' && button(t('connection.try'), () => this.emit('try-wanted'));
  }
}

/**
 * @param {ChatView} chat
 * @param {number} now
 * @returns {Hint | null}
 */
function hintOf(chat, now) {
  const name = h('bdi', null, nameOf(chat));
  if (chat.identityWarning)
    return { kind: 'identity', picture: 'warning', words: rich('thread.identityWarning', { name }) };
  if (chat.nameState === 'conflict')
    return { kind: 'name', picture: 'warning', words: [t('thread.nameConflict')] };
  if (!chat.accepted) return { kind: 'request', picture: 'lock', words: rich('thread.request', { name }) };
  if (chat.delay) return { kind: 'delay', picture: 'sending', words: delayed(chat.delay, name, now) };
  if (chat.wait && endsSoon(chat.wait, now)) {
    const key = chat.wait.last ? 'thread.waitLast' : 'thread.wait';
    const words = rich(key, { name, date: date(chat.wait.untilMs, now) });
    return { kind: 'wait', picture: 'sending', words };
  }
  if (chat.theyAccepted || chat.lastDirection !== 'out') return null;
  return { kind: 'waiting', picture: 'lock', words: rich('thread.waiting', { name }) };
}

/**
 * @param {Delay} delay
 * @param {Node} name
 * @param {number} now
 */
function delayed({ why, nextTryMs }, name, now) {
  const next =
    nextTryMs - now < MINUTE ? t('thread.delay.soon') : t('thread.delay.at', { time: time(nextTryMs) });
  return why === 'server' ? rich('thread.delay.server', { next }) : rich('thread.delay.full', { name, next });
}

/**
 * @param {string} label
 * @param {() => void} click
 * @param {Record<string, string>} [attributes]
 */
const button = (label, click, attributes) =>
  h('button', { type: 'button', class: 'link-button', ...attributes, on: { click } }, label);

define('thread-hint', ThreadHintElement);
