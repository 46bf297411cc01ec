import { t } from '../../i18n/index.js';
import { announce, roveFocus } from '../../lib/a11y.js';
import { attr, fill, h, icon, keyed } from '../../lib/dom.js';
import { define, given, LiveElement } from '../../lib/element.js';
import { dateAndTime, day, time } from '../../lib/format.js';
import { nameOf } from '../chats/chat-name.js';
import { GapRowElement } from './gap-row.js';
import { MessageRowElement } from './message-row.js';
import { ThreadScroll } from './thread-scroll.js';
import { ThreadStartElement } from './thread-start.js';
import { timeline } from './timeline.js';

/** @import { AppState } from '../../state/app.js' */
/** @import { Computed } from '../../lib/signal.js' */
/** @import { Row, Thread } from '../../state/thread.js' */
/** @import { ChatView, GapView, MessageView } from '../../core/protocol.js' */
/** @import { Day, Item } from './timeline.js' */

/** The rows of a thread and the place where one reads. Sends `text-returned` with the text of a withdrawn row. */
export class MessageListElement extends LiveElement {
  /** @type {AppState} */
  app = given();
  /** @type {Thread} */
  thread = given();
  /** @type {Computed<ChatView | undefined>} */
  chat = given();
  #log = h('div', { class: 'thread-log', role: 'log', 'aria-live': 'off', 'aria-label': t('thread.log') });
  #scroller = h('div', { class: 'thread-scroller', role: 'region', tabindex: '0' });
  #scroll = new ThreadScroll(this.#scroller);
  #jump = h('button', { type: 'button', class: 'icon-button jump', hidden: true });
  #opened = false;
  #lastId = '';
  #frame = 0;

  render() {
    const start = new ThreadStartElement();
    Object.assign(start, {
      thread: this.thread,
      chat: this.chat,
      secondDevice: this.app.session.secondDevice,
    });
    this.#scroller.append(h('div', { class: 'thread-flow' }, start, this.#log));
    this.append(this.#scroller, this.#jump);
  }

  connected() {
    const { thread } = this;
    this.watch(() => this.#show(thread.rows.value, thread.gaps.value));
    this.watch(() => this.#showJump(thread.unseen.value));
    this.watch(() => attr(this.#scroller, 'aria-label', t('thread.region', { name: this.#name() })));
    this.listen(this.#scroller, 'scroll', () => this.#soon(), { passive: true });
    this.listen(document, 'visibilitychange', () => this.#soon());
    this.listen(this.#jump, 'click', () => this.#toEnd());
    this.listen(this.#log, 'keydown', (event) => roveFocus(this.#log, 'article', event));
    this.listen(this.#log, 'copy', (event) => this.#copy(event));
    this.listen(this, 'message-retried', ({ detail }) => thread.retry(detail));
    this.listen(this, 'message-repeated', ({ detail }) => thread.send(detail.text));
    this.listen(this, 'message-withdrawn', ({ detail }) => this.#withdraw(detail));
    this.#announceNew();
    const resized = new ResizeObserver(() => this.#soon());
    const midnight = setInterval(() => this.#draw(thread.rows.peek(), thread.gaps.peek()), 60_000);
    resized.observe(this.#scroller);
    this.atDisconnect(() => {
      resized.disconnect();
      clearInterval(midnight);
      cancelAnimationFrame(this.#frame);
    });
  }

  #name() {
    const chat = this.chat.value;
    return chat ? nameOf(chat) : '';
  }

  /** @param {readonly Row[]} rows @param {readonly GapView[]} gaps */
  #show(rows, gaps) {
    const last = rows.at(-1);
    const isNew = last !== undefined && last.id !== this.#lastId;
    const follows =
      this.thread.atEnd.peek() && (this.#scroll.isNearEnd || (isNew && last.direction === 'out'));
    this.#scroll.hold(this.#elements(), () => this.#draw(rows, gaps));
    if (isNew && follows && this.#opened) this.#scroll.toEnd();
    this.#lastId = last?.id ?? '';
    if (!this.#opened && this.thread.phase.peek() === 'open') {
      this.#opened = true;
      const unread = this.#log.querySelector('.unread-divider');
      if (unread) this.#scroll.toTop(unread);
    }
    this.#soon();
  }

  /** @param {readonly Row[]} rows @param {readonly GapView[]} gaps */
  #draw(rows, gaps) {
    keyed(this.#log, timeline(rows, this.thread.firstUnreadId.peek(), gaps), {
      key: (/** @type {Day} */ { key }) => key,
      create: () => h('div', { class: 'day' }),
      update: (element, { items }) =>
        keyed(element, items, {
          key: ({ key }) => key,
          create: (item) => this.#create(item),
          update: (child, item) => this.#update(child, item),
        }),
    });
    const articles = [...this.#log.querySelectorAll('article')];
    if (!articles.includes(/** @type {HTMLElement} */ (document.activeElement))) {
      for (const article of articles) article.tabIndex = article === articles.at(-1) ? 0 : -1;
    }
  }

  /** @param {Item} item @returns {HTMLElement} */
  #create(item) {
    if (item.kind === 'row') return new MessageRowElement();
    if (item.kind === 'gap') return new GapRowElement();
    if (item.kind === 'day') return h('div', { class: 'day-divider', role: 'separator' });
    return h(
      'h3',
      { class: 'unread-divider' },
      t('thread.unread', { count: this.thread.unreadAtOpen.peek() }),
    );
  }

  /**
   * @param {HTMLElement} element
   * @param {Item} item
   */
  #update(element, item) {
    const name = this.chat.peek() ? this.#nameNow() : '';
    if (element instanceof MessageRowElement && item.kind === 'row') element.show(item, name);
    if (element instanceof GapRowElement && item.kind === 'gap') element.show(item.gap, name);
    if (item.kind !== 'day') return;
    const words = day(item.ms, Date.now(), { today: t('thread.today'), yesterday: t('thread.yesterday') });
    if (element.textContent !== words) fill(element, words);
  }

  #nameNow() {
    return nameOf(/** @type {ChatView} */ (this.chat.peek()));
  }

  /** What follows from the place where one reads: at most once a frame. */
  #soon() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      const { thread } = this;
      if (thread.phase.peek() !== 'open') return;
      if (thread.atEnd.peek() === false && this.#scroll.wantsNewer) {
        this.#scroll.leaveEnd();
        thread.showNewer();
      } else if (this.#scroll.wantsOlder && thread.loadingOlder.peek() !== 'failed') thread.showOlder();
      this.#markSeen();
      this.#showJump(thread.unseen.peek());
    });
  }

  #markSeen() {
    if (document.visibilityState !== 'visible' || this.thread.unseen.peek() === 0) return;
    const incoming = this.#elements().filter(({ row }) => row?.direction === 'in');
    const seen = this.#scroll.lastSeen(incoming);
    if (seen) this.thread.seen(seen.row.order);
  }

  /** @param {number} unseen */
  #showJump(unseen) {
    const away = this.#scroll.isFarFromEnd || !this.thread.atEnd.value;
    if (!away && !this.#scroll.isNearEnd && !this.#jump.hidden) return;
    this.#jump.hidden = !away;
    attr(
      this.#jump,
      'aria-label',
      unseen > 0 ? t('thread.latestCount', { count: unseen }) : t('thread.latest'),
    );
    fill(
      this.#jump,
      icon('down'),
      unseen > 0 && h('span', { class: 'chat-badge', 'aria-hidden': 'true' }, unseen),
    );
  }

  #toEnd() {
    this.thread.showLatest();
    this.#scroll.toEnd();
    this.#soon();
  }

  /** @returns {MessageRowElement[]} */
  #elements() {
    return /** @type {MessageRowElement[]} */ ([...this.#log.querySelectorAll('message-row')]);
  }

  /** @param {Row} row */
  #withdraw(row) {
    this.thread.withdraw(row);
    this.emit('text-returned', row.text);
  }

  #announceNew() {
    let newest = Number.POSITIVE_INFINITY;
    this.watch(() => {
      if (this.thread.phase.value === 'open') newest = this.thread.rows.peek().at(-1)?.order ?? -1;
    });
    const end = this.app.messages.onRows((chatId, /** @type {MessageView[]} */ rows) => {
      for (const row of rows) {
        if (chatId !== this.thread.chatId || row.direction === 'out' || row.order <= newest) continue;
        newest = row.order;
        announce(t('message.announce', { name: this.#nameNow(), text: row.text }));
      }
    });
    this.atDisconnect(end);
  }

  /** Text over several bubbles is copied with who said it and when. @param {ClipboardEvent} event */
  #copy(event) {
    const selection = getSelection();
    const chosen = this.#elements().filter((element) => selection?.containsNode(element, true));
    if (chosen.length < 2) return;
    const lines = chosen.map(({ row }) => {
      const name = row.direction === 'out' ? t('message.you') : this.#nameNow();
      const when = row.sentMs < Date.now() - 86_400_000 ? dateAndTime(row.sentMs) : time(row.sentMs);
      return t('message.copied', { time: when, name, text: row.text });
    });
    event.clipboardData?.setData('text/plain', lines.join('\n'));
    event.preventDefault();
  }
}

define('message-list', MessageListElement);
