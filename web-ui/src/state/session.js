import { faultOf } from '../lib/rpc.js';
import { computed, signal } from '../lib/signal.js';

/** @import { CoreClient } from '../lib/rpc.js' */
/** @import { Fault, Session } from '../core/protocol.js' */

/** Says only that an account was opened in this browser: which screen to paint before the worker answers. */
const HINT = 'mp2p.known';

/** Where this tab stands, and the commands that change it. */
export class SessionState {
  /** @type {import('../lib/signal.js').Signal<Session>} */
  session = signal({ phase: 'starting' });
  /** The core could not start at all. @type {import('../lib/signal.js').Signal<Fault | null>} */
  failure = signal(null);
  /**
   * The screen to show. The form stands before the worker has loaded: what is sent meanwhile waits for it.
   * @type {import('../lib/signal.js').Computed<Session['phase'] | 'failed'>}
   */
  screen = computed(() => {
    if (this.failure.value) return 'failed';
    const { phase } = this.session.value;
    if (phase !== 'starting') return phase;
    return this.#known ? 'locked' : 'signed-out';
  });
  #core;
  #storage;
  #known;

  /**
   * @param {CoreClient} core
   * @param {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null} storage null where the browser keeps none
   */
  constructor(core, storage) {
    this.#core = core;
    this.#storage = storage;
    this.#known = Boolean(storage?.getItem(HINT));
    core.on('session', (session) => this.#set(session));
  }

  get username() {
    const session = this.session.value;
    return 'username' in session ? session.username : '';
  }

  get secondDevice() {
    const session = this.session.value;
    return session.phase === 'ready' && session.secondDevice;
  }

  async start() {
    try {
      this.#set(await this.#core.call('start', {}));
    } catch (error) {
      this.failure.value = faultOf(error);
    }
  }

  /**
   * @param {string} username
   * @param {string} password
   */
  async createAccount(username, password) {
    const bytes = passwordBytes(password);
    this.#set(
      await this.#core.call('createAccount', { username: folded(username), password: bytes }, [bytes.buffer]),
    );
  }

  /**
   * @param {string} username
   * @param {string} password
   */
  async signIn(username, password) {
    const bytes = passwordBytes(password);
    this.#set(
      await this.#core.call('signIn', { username: folded(username), password: bytes }, [bytes.buffer]),
    );
  }

  /** @param {string} password */
  async unlock(password) {
    const bytes = passwordBytes(password);
    this.#set(await this.#core.call('unlock', { password: bytes }, [bytes.buffer]));
  }

  async lock() {
    this.#set(await this.#core.call('lock', {}));
  }

  async takeOver() {
    this.#set(await this.#core.call('takeOver', {}));
  }

  /** @param {Session} session */
  #set(session) {
    this.session.value = session;
    if (session.phase === 'ready' || session.phase === 'locked') this.#storage?.setItem(HINT, '1');
    if (session.phase === 'signed-out') this.#storage?.removeItem(HINT);
  }
}

/** Names are lower-case on the server (MP2P/1 §2); a phone's keyboard begins with a capital. @param {string} name */
export const folded = (name) => name.trim().toLowerCase();

/**
 * NFKC, as the key derivation wants it (MP2P/1 §9.1). The string itself cannot be wiped from memory in a browser.
 * @param {string} password
 */
function passwordBytes(password) {
  return new TextEncoder().encode(password.normalize('NFKC'));
}
