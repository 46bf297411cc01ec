/**
 * How this device stands to the server, as the window shows it.
 *
 * @typedef {import('../protocol.js').Connection} State
 */

export class Connection {
  #notify;
  /** @type {State} */
  #told = { state: 'connecting' };
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
    } else if (this.#told.state !== 'unreachable') {
      this.#tell({ state: 'connecting' });
    }
  }

  /** The mailbox answered, so the server is there although the socket is not. */
  reached() {
    if (this.#told.state === 'unreachable') this.#tell({ state: 'connecting' });
  }

  /** @param {State} state */
  #tell(state) {
    if (JSON.stringify(state) === JSON.stringify(this.#told)) return;
    this.#told = state;
    this.#notify('connection', state);
  }
}
