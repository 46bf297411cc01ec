/**
 * RECEIPT (MP2P/1 §6.1): clears the outbox item of the authenticated device and moves the row's state. A receipt
 * may come before the SYNC copy of its message; then it waits in `held`.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('../crypto/content.js').Content} Content
 * @typedef {import('../chat/thread.js').MessageRow} MessageRow
 * @typedef {{ msgId: Uint8Array, state: 'delivered' | 'read' }} Mark
 * @typedef {Mark & { conv: Uint8Array, atMs: number }} Waiting
 * @typedef {{ row: 'receipts', account: Uint8Array, waiting: Waiting[], atMs: number }} HeldReceipts of one account,
 *   one row, so that a receipt of many messages costs one reading
 */
import { equal, fromBase64url } from '../crypto/bytes.js';

const HELD_PER_ACCOUNT = 500; // §1.3 HELD_MAX

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
    const marks = [...marksOf(body, 'delivered'), ...marksOf(body, 'read')];
    const unknown = await this.#progress.receipted(scratch, from, convId, marks, senderListVersion);
    if (unknown.length > 0) await this.#hold(scratch, from.account, convId, unknown);
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
    const held = await heldOf(scratch, peer);
    const named = held.filter(({ msgId, conv: of }) => equal(msgId, row.msgId) && equal(of, conv));
    if (named.length === 0) return;
    this.#put(
      scratch,
      peer,
      held.filter((receipt) => !named.includes(receipt)),
    );
    const state = named.some((receipt) => receipt.state === 'read') ? 'read' : 'delivered';
    await this.#progress.catchUp(scratch, conv, row, state);
  }

  /**
   * @param {Scratch} scratch
   * @param {Uint8Array} account
   * @param {Uint8Array} conv
   * @param {Mark[]} marks
   */
  async #hold(scratch, account, conv, marks) {
    const atMs = this.#environment.now();
    const added = marks.map((mark) => ({ ...mark, conv, atMs }));
    this.#put(scratch, account, [...(await heldOf(scratch, account)), ...added].slice(-HELD_PER_ACCOUNT));
  }

  /**
   * @param {Scratch} scratch
   * @param {Uint8Array} account
   * @param {Waiting[]} waiting
   */
  #put(scratch, account, waiting) {
    const atMs = waiting.at(-1)?.atMs;
    if (atMs === undefined) scratch.delete('held', ['receipts', account]);
    else scratch.put('held', ['receipts', account], { row: 'receipts', account, waiting, atMs });
  }
}

/**
 * @param {Scratch} scratch
 * @param {Uint8Array} account
 * @returns {Promise<Waiting[]>} oldest first
 */
async function heldOf(scratch, account) {
  /** @type {HeldReceipts | undefined} */
  const row = await scratch.get('held', ['receipts', account]);
  return row?.waiting ?? [];
}

/**
 * @param {{ [key: string]: any }} body
 * @param {'delivered' | 'read'} state
 * @returns {Mark[]}
 */
const marksOf = (body, state) =>
  body[state].map((/** @type {string} */ id) => ({ msgId: fromBase64url(id), state }));
