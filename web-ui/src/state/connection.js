import { computed, signal } from '../lib/signal.js';

/** @import { CoreClient } from '../lib/rpc.js' */
/** @import { Connection } from '../core/protocol.js' */

const PATIENCE = 2000;

/** The line to the server. A short break is nobody's business: the banner waits two seconds. */
export class ConnectionState {
  /** @type {import('../lib/signal.js').Signal<Connection>} */
  connection = signal({ state: 'connecting' });
  #patient = signal(true);
  /** What the banner says, or null. */
  trouble = computed(() => {
    const connection = this.connection.value;
    return connection.state === 'online' || this.#patient.value ? null : connection;
  });
  #core;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {CoreClient} core */
  constructor(core) {
    this.#core = core;
    core.on('connection', (connection) => this.#change(connection));
  }

  /** Counts the patience from now: the app has just been unlocked. */
  begin() {
    if (this.connection.peek().state !== 'online') this.#wait();
  }

  tryNow() {
    this.#core.call('tryConnectNow', {}).catch(() => {});
  }

  /** @param {boolean} online */
  network(online) {
    this.#core.call('network', { online }).catch(() => {});
  }

  /** @param {Connection} connection */
  #change(connection) {
    const before = this.connection.peek().state;
    this.connection.value = connection;
    if (connection.state === 'online') {
      clearTimeout(this.#timer);
      this.#patient.value = true;
    } else if (before === 'online') this.#wait();
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#patient.value = true;
    this.#timer = setTimeout(() => {
      this.#patient.value = false;
    }, PATIENCE);
  }
}
