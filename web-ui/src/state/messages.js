import { computed, signal } from '../lib/signal.js';
import { Thread } from './thread.js';

/** @import { CoreClient } from '../lib/rpc.js' */
/** @import { Id, MessageView } from '../core/protocol.js' */
/** @import { Row } from './thread.js' */

/** The thread on the screen, and rows of any chat that the core has not taken yet. */
export class MessagesState {
  /** @type {import('../lib/signal.js').Signal<Thread | null>} */
  thread = signal(null);
  /** @type {Map<Id, import('../lib/signal.js').Signal<Row[]>>} */
  #optimistic = new Map();
  #core;
  /** @type {Set<(chatId: Id, rows: MessageView[]) => void>} */
  #arrivals = new Set();
  /** Something typed exists nowhere but in this window. */
  unsafe = computed(() => this.#waiting.value.some((rows) => rows.value.length > 0));
  /** @type {import('../lib/signal.js').Signal<import('../lib/signal.js').Signal<Row[]>[]>} */
  #waiting = signal([]);

  /** @param {CoreClient} core */
  constructor(core) {
    this.#core = core;
    core.on('messages', ({ chatId, rows }) => {
      const thread = this.thread.peek();
      if (thread?.chatId !== chatId || thread.phase.peek() !== 'open') return;
      thread.merge(rows);
      for (const listener of this.#arrivals) listener(chatId, rows);
    });
    core.on('gaps', ({ chatId, gaps }) => {
      const thread = this.thread.peek();
      if (thread?.chatId === chatId) thread.gaps.value = gaps;
    });
  }

  /** @param {(chatId: Id, rows: MessageView[]) => void} listener rows that came or changed in the open thread */
  onRows(listener) {
    this.#arrivals.add(listener);
    return () => this.#arrivals.delete(listener);
  }

  /** @param {Id | null} chatId */
  show(chatId) {
    const before = this.thread.peek();
    if (before?.chatId === chatId || (!before && !chatId)) return;
    before?.close();
    const thread = chatId ? new Thread(this.#core, chatId, this.#rowsOf(chatId)) : null;
    this.thread.value = thread;
    thread?.open();
  }

  /**
   * Nothing readable stays in the window, but what the core could not take because another tab is in charge.
   * @param {boolean} keepUnsent
   */
  clear(keepUnsent) {
    this.thread.value = null;
    if (keepUnsent) return;
    this.#optimistic.clear();
    this.#waiting.value = [];
  }

  /** @param {Id} chatId */
  #rowsOf(chatId) {
    const found = this.#optimistic.get(chatId);
    if (found) return found;
    /** @type {import('../lib/signal.js').Signal<Row[]>} */
    const rows = signal([]);
    this.#optimistic.set(chatId, rows);
    this.#waiting.value = [...this.#optimistic.values()];
    return rows;
  }
}
