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

  /** @param {import('../engine-contract.js').Notify} notify */
  constructor(notify) {
    this.#notify = notify;
  }

  /** @param {boolean} online as the browser says */
  network(online) {
    this.#networkDown = !online;
    this.#tell({ state: online ? 'connecting' : 'offline' });
  }

  /** @param {import('./socket.js').SocketState} now */
  socket(now) {
    if (this.#networkDown) return;
    if (now.state === 'online') {
      this.#tell({ state: 'online' });
    } else if (now.state === 'waiting' && now.failures > 1) {
      this.#tell({ state: 'unreachable', nextTryMs: now.nextTryMs });
    } else if (now.state === 'waiting' || this.#line.state !== 'unreachable') {
      // one lost socket is a moment's matter, not a server that is away
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
