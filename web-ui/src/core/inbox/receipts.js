/**
 * RECEIPT (MP2P/1 §6.1): clears the outbox item of the authenticated device and moves the row's state. A receipt
 * may come before the SYNC copy of its message; then it waits in `held`.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('../crypto/content.js').Content} Content
 * @typedef {import('../chat/thread.js').MessageRow} MessageRow
 * @typedef {{ row: 'receipt', number: number, account: Uint8Array, conv: Uint8Array, msgId: Uint8Array,
 *   state: 'delivered' | 'read', atMs: number }} HeldReceipt
 */
import { equal, fromBase64url } from '../crypto/bytes.js';

const HELD_PER_ACCOUNT = 500; // §9.7

export class Receipts {
  #progress;
  #environment;

  /**
   * @param {import('../outbox/progress.js').Progress} progress
   * @param {import('../environment.js').Environment} environment
   */
  constructor(progress, environment) {
    this.#progress = progress;
    this.#environment = environment;
  }

  /**
   * @param {Scratch} scratch
   * @param {import('./receive.js').Origin} from
   * @param {Content} content
   */
  async take(scratch, from, { convId, body, senderListVersion }) {
    for (const state of /** @type {const} */ (['delivered', 'read'])) {
      for (const id of body[state]) {
        const msgId = fromBase64url(id);
        const known = await this.#progress.receipted(scratch, from, convId, msgId, state, senderListVersion);
        if (!known) await this.#hold(scratch, from.account, convId, msgId, state);
      }
    }
  }

  /**
   * A message of this account has come from another own device: what was receipted before applies now.
   *
   * @param {Scratch} scratch
   * @param {Uint8Array} peer
   * @param {MessageRow} row
   * @param {Uint8Array} conv
   */
  async applyHeld(scratch, peer, conv, row) {
    /** @type {'delivered' | 'read' | null} */
    let best = null;
    for (const { value } of await scratch.list('held', namesOf(peer))) {
      if (!equal(value.msgId, row.msgId) || !equal(value.conv, conv)) continue;
      best = best === 'read' ? best : value.state;
      scratch.delete('held', [...namesOf(peer), value.number]);
    }
    if (best) await this.#progress.catchUp(scratch, conv, row, best);
  }

  /**
   * @param {Scratch} scratch
   * @param {Uint8Array} account
   * @param {Uint8Array} conv
   * @param {Uint8Array} msgId
   * @param {'delivered' | 'read'} state
   */
  async #hold(scratch, account, conv, msgId, state) {
    const held = await scratch.list('held', namesOf(account));
    const oldest = held[0];
    if (oldest && held.length >= HELD_PER_ACCOUNT)
      scratch.delete('held', [...namesOf(account), oldest.value.number]);
    const number = (held.at(-1)?.value.number ?? 0) + 1;
    /** @type {HeldReceipt} */
    const receipt = { row: 'receipt', number, account, conv, msgId, state, atMs: this.#environment.now() };
    scratch.put('held', [...namesOf(account), number], receipt);
  }
}

/** @param {Uint8Array} account */
const namesOf = (account) => ['receipt', account];
