import { faultSentence, t } from '../../i18n/index.js';
import { attr, fill, h, icon } from '../../lib/dom.js';
import { define, given, LiveElement } from '../../lib/element.js';
import { date, dateAndTime, shortDateAndTime, time } from '../../lib/format.js';
import { endsSoon } from '../../state/wait.js';
import { isLong, isPictures, withLinks } from './message-text.js';

/** @import { Wait } from '../../core/protocol.js' */
/** @import { Row } from '../../state/thread.js' */
/** @import { RowItem } from './timeline.js' */

/** One message. Sends `message-retried`, `message-repeated` and `message-withdrawn`, each with the row. */
export class MessageRowElement extends LiveElement {
  /** @type {Row} */
  row = given();
  #bubble = h('div', { class: 'bubble' });
  #who = h('span', { class: 'visually-hidden' });
  #text = h('span', { class: 'message-text', dir: 'auto' });
  #time = h('time');
  #state = h('span', { class: 'message-state', role: 'img', hidden: true });
  #meta = h('span', { class: 'message-meta' }, this.#time, this.#state);
  #aside = h('div', { class: 'message-aside', hidden: true });
  #article = h('article', { tabindex: '-1' }, this.#bubble, this.#aside);
  #shownText = '';
  /** Its time on the server ends soon. */
  #soon = false;

  render() {
    this.#bubble.append(this.#who, this.#text, this.#meta);
    this.append(this.#article);
  }

  /**
   * @param {RowItem} item
   * @param {string} name of the other person
   */
  show({ row, group, late }, name) {
    attr(this, 'data-group', group);
    const soon = endsSoon(row.wait, Date.now());
    if (this.row === row && this.#soon === soon) return;
    this.row = row;
    this.#soon = soon;
    attr(this, 'data-direction', row.direction);
    fill(this.#who, row.direction === 'out' ? t('message.you') : h('bdi', null, t('message.said', { name })));
    this.#showText(row);
    fill(this.#time, late ? shortDateAndTime(row.sentMs) : time(row.sentMs));
    attr(this.#time, 'datetime', new Date(row.sentMs).toISOString());
    attr(this.#time, 'title', dateAndTime(row.sentMs));
    this.#showState(row);
    this.#showAside(row);
  }

  /** @param {Row} row */
  #showText(row) {
    const text = row.unsupported ? t('message.unsupported') : row.text;
    if (text === this.#shownText) return;
    this.#shownText = text;
    this.#text.classList.toggle('message-unsupported', row.unsupported === true);
    attr(this.#text, 'data-emoji', isPictures(text));
    fill(this.#text, ...withLinks(text));
    if (isLong(text)) this.#fold();
  }

  #fold() {
    const more = h(
      'button',
      { type: 'button', class: 'message-more', 'aria-expanded': 'false' },
      t('message.more'),
    );
    attr(this.#text, 'data-long', true);
    more.addEventListener('click', () => {
      const opens = this.#text.toggleAttribute('data-long') === false;
      attr(more, 'aria-expanded', String(opens));
      fill(more, t(opens ? 'message.less' : 'message.more'));
    });
    this.#text.after(more);
  }

  /** @param {Row} row */
  #showState({ state, weakForwardSecrecy, wait }) {
    const words = state ? t(`message.${state}`) : '';
    this.#state.hidden = !state;
    attr(this.#state, 'data-state', state);
    attr(this.#state, 'aria-label', words);
    attr(this.#state, 'title', waiting(wait) ?? words);
    fill(this.#state, state && icon(state));
    this.#meta.querySelector('.message-weak')?.remove();
    if (weakForwardSecrecy) {
      const weak = t('message.weak');
      this.#meta.prepend(
        h('span', { class: 'message-weak', role: 'img', 'aria-label': weak, title: weak }, icon('warning')),
      );
    }
  }

  /** @param {Row} row */
  #showAside(row) {
    const failed = row.state === 'failed';
    attr(this.#aside, 'data-failed', failed);
    const words = row.mailboxFull ? t('message.mailboxFull') : this.#soon && waiting(row.wait);
    this.#aside.hidden = !failed && !words;
    if (failed) fill(this.#aside, icon('failed'), ...this.#failure(row));
    else fill(this.#aside, words);
  }

  /** @param {Row} row */
  #failure(row) {
    // The core has it and its time is over: what is sent again is another message.
    if (!row.fault) {
      const again = () => this.emit('message-repeated', row);
      return [h('span', null, t('message.givenUp')), action(t('message.again'), again)];
    }
    const reason = t('message.failedWhy', { reason: faultSentence(row.fault) });
    // The core never took it, so it can be taken back: nothing of it was sent.
    return [
      h('span', null, reason),
      action(t('message.retry'), () => this.emit('message-retried', row)),
      action(t('message.edit'), () => this.emit('message-withdrawn', row)),
    ];
  }
}

/**
 * @param {string} label
 * @param {() => void} click
 */
const action = (label, click) => h('button', { type: 'button', class: 'link-button', on: { click } }, label);

/**
 * Until when it waits to be collected, and what comes then.
 * @param {Wait | undefined} wait
 */
function waiting(wait) {
  const now = Date.now();
  if (!wait || wait.untilMs <= now) return undefined;
  return t(wait.last ? 'message.waitLast' : 'message.wait', { date: date(wait.untilMs, now) });
}

define('message-row', MessageRowElement);
