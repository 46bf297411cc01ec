import { newId } from '../lib/id.js';
import { faultOf } from '../lib/rpc.js';
import { batch, computed, signal } from '../lib/signal.js';

/** @import { CoreClient } from '../lib/rpc.js' */
/** @import { Fault, GapView, Id, MessageView, ThreadPage } from '../core/protocol.js' */
/** @typedef {MessageView & {fault?: Fault}} Row a message; `fault` says why this window could not hand it over */

export const PAGE = 60;
export const MOST_ROWS = 240;

/**
 * One open thread: all rows that were read so far, and the part of them that is on the page. The part
 * is counted from the end, so that rows which come in front of it do not move it.
 */
export class Thread {
  /** Rows of the core, by `order`. @type {import('../lib/signal.js').Signal<Row[]>} */
  #stored = signal([]);
  /** Rows that the core has not answered for yet: they stand last. */
  #optimistic;
  /** How many rows at the end, and how many before them, are in memory only or on the page. */
  #below = signal(0);
  #count = signal(PAGE);
  /** Rows that changed while the page that may hold them was read. @type {Row[]} */
  #early = [];
  #core;
  #readTo = signal(-1);

  /** @type {import('../lib/signal.js').Signal<'opening' | 'open' | 'failed'>} */
  phase = signal('opening');
  /** @type {import('../lib/signal.js').Signal<'no' | 'yes' | 'failed'>} */
  loadingOlder = signal('no');
  hasOlder = signal(false);
  firstUnreadId = signal(/** @type {Id | undefined} */ (undefined));
  unreadAtOpen = signal(0);
  /** What is known to be missing, in the whole thread. @type {import('../lib/signal.js').Signal<GapView[]>} */
  gaps = signal([]);

  #all = computed(() => [...this.#stored.value, ...this.#optimistic.value]);
  rows = computed(() => {
    const end = this.#all.value.length - this.#below.value;
    return this.#all.value.slice(Math.max(0, end - this.#count.value), end);
  });
  /** Nothing older in memory or in the database. */
  atStart = computed(
    () =>
      this.phase.value === 'open' &&
      !this.hasOlder.value &&
      this.#all.value.length - this.#below.value <= this.#count.value,
  );
  atEnd = computed(() => this.#below.value === 0);
  /** Incoming rows that were not on the screen yet. */
  unseen = computed(
    () =>
      this.#stored.value.filter(({ direction, order }) => direction === 'in' && order > this.#readTo.value)
        .length,
  );

  /**
   * @param {CoreClient} core
   * @param {Id} chatId
   * @param {import('../lib/signal.js').Signal<Row[]>} optimistic outlives this thread
   */
  constructor(core, chatId, optimistic) {
    this.#core = core;
    this.chatId = chatId;
    this.#optimistic = optimistic;
  }

  async open() {
    this.phase.value = 'opening';
    try {
      const page = await this.#core.call('openChat', { chatId: this.chatId });
      this.gaps.value = page.gaps;
      await this.#reach(page);
    } catch (error) {
      faultOf(error);
      this.phase.value = 'failed';
    }
  }

  /**
   * Pages back until the first unread row is in memory, as far as a page can show it at once.
   * @param {ThreadPage} page
   */
  async #reach(page) {
    let rows = page.messages;
    let hasOlder = page.hasOlder;
    const found = () => !page.firstUnreadId || rows.some((row) => row.id === page.firstUnreadId);
    while (!found() && hasOlder && rows.length < MOST_ROWS) {
      const older = await this.#core.call('loadOlder', {
        chatId: this.chatId,
        beforeOrder: rows[0]?.order ?? 0,
      });
      if (older.messages.length === 0) break;
      rows = [...older.messages, ...rows];
      hasOlder = older.hasOlder;
    }
    batch(() => {
      this.merge(rows);
      this.#below.value = 0;
      this.#count.value = Math.max(PAGE, Math.min(rows.length, MOST_ROWS));
      this.hasOlder.value = hasOlder;
      this.firstUnreadId.value = found() ? page.firstUnreadId : undefined;
      this.unreadAtOpen.value = page.unread;
      const first = rows.find((row) => row.id === page.firstUnreadId);
      // Halfway before the first unread row: everything else in memory was seen.
      if (page.unread === 0) this.#readTo.value = rows.at(-1)?.order ?? -1;
      else if (first) this.#readTo.value = first.order - 0.5;
      this.phase.value = 'open';
    });
  }

  close() {
    this.#core.call('closeChat', { chatId: this.chatId }).catch(faultOf);
  }

  /**
   * New and changed rows; an optimistic row of the same id is replaced. A row that has another name now is known by
   * its order; one that is older than all in memory comes with its page.
   * @param {readonly Row[]} given
   */
  merge(given) {
    const first = this.hasOlder.peek() ? (this.#stored.peek()[0]?.order ?? 0) : 0;
    const rows = given.filter((row) => row.order >= first);
    if (this.loadingOlder.peek() === 'yes') this.#early.push(...given.filter((row) => row.order < first));
    const incoming = new Set(given.map((row) => row.id));
    const orders = new Set(rows.map((row) => row.order));
    const before = this.#stored.peek();
    const kept = before.filter((row) => !incoming.has(row.id) && !orders.has(row.order));
    const added = rows.length - (before.length - kept.length);
    batch(() => {
      const waiting = this.#optimistic.peek();
      const left = waiting.filter((row) => !incoming.has(row.id));
      this.#stored.value = [...kept, ...rows].sort((a, b) => a.order - b.order);
      if (left.length < waiting.length) this.#optimistic.value = left;
      this.#grow(added - (waiting.length - left.length));
    });
  }

  /** Rows came at the end: the part on the page keeps what it shows. @param {number} added */
  #grow(added) {
    if (this.phase.peek() !== 'open' || added <= 0) return;
    if (this.#below.peek() > 0) this.#below.value += added;
    else this.#count.value = Math.min(MOST_ROWS, this.#count.peek() + added);
  }

  /**
   * The row is there when this returns; the answer of the core replaces it.
   * @param {string} text
   */
  send(text) {
    /** @type {Row} */
    const row = {
      id: newId(),
      chatId: this.chatId,
      direction: 'out',
      state: 'sending',
      text,
      sentMs: Date.now(),
      order: Number.MAX_SAFE_INTEGER,
    };
    batch(() => {
      this.#optimistic.value = [...this.#optimistic.peek(), row];
      this.showLatest();
      this.#grow(1);
    });
    return this.#handOver(row);
  }

  /** Again, under the same id and in the same place. @param {Row} row */
  retry(row) {
    const again = { ...row, state: /** @type {const} */ ('sending'), fault: undefined };
    this.#replace(again);
    return this.#handOver(again);
  }

  /** Takes back a row that the core never took, so that its text can be edited. @param {Row} row */
  withdraw(row) {
    this.#optimistic.value = this.#optimistic.peek().filter((other) => other.id !== row.id);
  }

  /** @param {Row} row @returns {Promise<boolean>} whether the core has it */
  async #handOver(row) {
    try {
      const stored = await this.#core.call('sendText', { chatId: this.chatId, id: row.id, text: row.text });
      this.merge([stored]);
      return true;
    } catch (error) {
      this.#replace({ ...row, state: 'failed', fault: faultOf(error) });
      return false;
    }
  }

  /** @param {Row} row */
  #replace(row) {
    const swap = (/** @type {Row} */ other) => (other.id === row.id ? row : other);
    batch(() => {
      this.#optimistic.value = this.#optimistic.peek().map(swap);
      this.#stored.value = this.#stored.peek().map(swap);
    });
  }

  /** One page further up: from memory, else from the core. */
  async showOlder() {
    if (this.phase.peek() !== 'open' || this.loadingOlder.peek() === 'yes' || this.atStart.peek()) return;
    const inMemory = this.#all.peek().length - this.#below.peek() - this.#count.peek();
    if (inMemory > 0) {
      this.#extend(Math.min(PAGE, inMemory));
      return;
    }
    const first = this.#stored.peek()[0];
    if (!this.hasOlder.peek() || !first) return;
    this.loadingOlder.value = 'yes';
    this.#early = [];
    try {
      const page = await this.#core.call('loadOlder', { chatId: this.chatId, beforeOrder: first.order });
      batch(() => {
        this.#stored.value = [...page.messages, ...this.#stored.peek()];
        this.hasOlder.value = page.hasOlder && page.messages.length > 0;
        this.#extend(page.messages.length);
        this.loadingOlder.value = 'no';
        this.merge(this.#early);
      });
    } catch (error) {
      faultOf(error);
      this.loadingOlder.value = 'failed';
    }
  }

  /** @param {number} rows */
  #extend(rows) {
    const count = this.#count.peek() + rows;
    batch(() => {
      this.#below.value += Math.max(0, count - MOST_ROWS);
      this.#count.value = Math.min(count, MOST_ROWS);
    });
  }

  showNewer() {
    this.#below.value = Math.max(0, this.#below.peek() - PAGE);
  }

  /** Back to the end, with no more rows than a page needs. */
  showLatest() {
    if (this.#below.peek() === 0) return;
    batch(() => {
      this.#below.value = 0;
      this.#count.value = PAGE;
    });
  }

  /** Everything incoming up to this row was seen. @param {number} order */
  seen(order) {
    if (order <= this.#readTo.peek()) return;
    this.#readTo.value = order;
    this.#core.call('markRead', { chatId: this.chatId, order }).catch(faultOf);
  }
}
