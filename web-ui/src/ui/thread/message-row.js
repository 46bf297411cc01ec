import { faultSentence, t } from '../../i18n/index.js';
import { attr, fill, h, icon } from '../../lib/dom.js';
import { define, given, LiveElement } from '../../lib/element.js';
import { dateAndTime, shortDateAndTime, time } from '../../lib/format.js';
import { isLong, isPictures, withLinks } from './message-text.js';

/** @import { Row } from '../../state/thread.js' */
/** @import { RowItem } from './timeline.js' */

/** One message. Sends `message-retried` and `message-withdrawn`, each with the row. */
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
    if (this.row === row) return;
    this.row = row;
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
  #showState({ state, weakForwardSecrecy }) {
    const words = state ? t(`message.${state}`) : '';
    this.#state.hidden = !state;
    attr(this.#state, 'data-state', state);
    attr(this.#state, 'aria-label', words);
    attr(this.#state, 'title', words);
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
    this.#aside.hidden = !failed && !row.mailboxFull;
    if (failed) fill(this.#aside, icon('failed'), ...this.#failure(row));
    else fill(this.#aside, row.mailboxFull && t('message.mailboxFull'));
  }

  /** @param {Row} row */
  #failure(row) {
    const retry = () => this.emit('message-retried', row);
    const withdraw = () => this.emit('message-withdrawn', row);
    const reason = row.fault
      ? t('message.failedWhy', { reason: faultSentence(row.fault) })
      : `${t('message.failed')}.`;
    return [
      h('span', null, reason),
      h('button', { type: 'button', class: 'link-button', on: { click: retry } }, t('message.retry')),
      // Only a row that the core never took can be taken back: the other one may have been sent already.
      row.fault &&
        h('button', { type: 'button', class: 'link-button', on: { click: withdraw } }, t('message.edit')),
    ].filter((node) => node !== undefined);
  }
}

define('message-row', MessageRowElement);
