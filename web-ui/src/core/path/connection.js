/**
 * How this device stands to the server, as the window shows it.
 *
 * @typedef {import('../protocol.js').Connection} State
 */

export class Connection {
  #notify;
  /** @type {State} */
  #told = { state: 'connecting' };
  /** Of the socket. @type {State} */
  #line = { state: 'connecting' };
  /** When the mailbox, which refuses for the moment, is asked again; 0: it does not. */
  #refusedMs = 0;
  #networkDown = false;
  #failures = 0;

  /** @param {import('../engine-contract.js').Notify} notify */
  constructor(notify) {
    this.#notify = notify;
  }

  /** @param {boolean} online as the browser says */
  network(online) {
    this.#networkDown = !online;
    this.#failures = 0;
    this.#tell({ state: online ? 'connecting' : 'offline' });
  }

  /**
   * @param {'connecting' | 'online' | 'waiting'} state of the socket
   * @param {number} [nextTryMs]
   */
  socket(state, nextTryMs) {
    if (this.#networkDown) return;
    if (state === 'online') {
      this.#failures = 0;
      this.#tell({ state: 'online' });
    } else if (state === 'waiting') {
      this.#failures += 1;
      // one lost socket is a moment's matter, not a server that is away
      if (this.#failures > 1) this.#tell({ state: 'unreachable', ...(nextTryMs && { nextTryMs }) });
      else this.#tell({ state: 'connecting' });
    } else if (this.#line.state !== 'unreachable') {
      this.#tell({ state: 'connecting' });
    }
  }

  /** The mailbox answered, so the server is there although the socket is not. */
  reached() {
    if (this.#line.state === 'unreachable') this.#tell({ state: 'connecting' });
  }

  /** @param {number} nextTryMs when the mailbox, which refuses for the moment, is asked again */
  refused(nextTryMs) {
    this.#refusedMs = nextTryMs;
    this.#tell(this.#line);
  }

  /** The mailbox has done what it was asked. */
  served() {
    this.#refusedMs = 0;
    this.#tell(this.#line);
  }

  /** @param {State} line */
  #tell(line) {
    this.#line = line;
    const isThere = line.state === 'online' || line.state === 'connecting';
    /** @type {State} */
    const state = isThere && this.#refusedMs > 0 ? { state: 'busy', nextTryMs: this.#refusedMs } : line;
    if (JSON.stringify(state) === JSON.stringify(this.#told)) return;
    this.#told = state;
    this.#notify('connection', state);
  }
}
