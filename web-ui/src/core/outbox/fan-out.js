/**
 * One content, one item per device of an account (docs/architecture.md *One message*).
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('./item.js').Content} Content
 */
import { randomBytes } from '../crypto/random.js';
import { newItem } from './item.js';

const OWN_COPY_MIN_MS = 500; // §6.3: else the pair is linkable by time
const OWN_COPY_SPREAD_MS = 4500;

export class FanOut {
  #account;
  #lists;
  #outbox;
  #sealing;
  #environment;

  /**
   * @param {import('../engine-contract.js').Account} account
   * @param {import('../contact/lists.js').Lists} lists
   * @param {import('./outbox.js').Outbox} outbox
   * @param {import('./sealing.js').Sealing} sealing
   * @param {import('../environment.js').Environment} environment
   */
  constructor(account, lists, outbox, sealing, environment) {
    this.#account = account;
    this.#lists = lists;
    this.#outbox = outbox;
    this.#sealing = sealing;
    this.#environment = environment;
  }

  /**
   * A content without seq that no row holds.
   *
   * @param {number} ctype
   * @param {Uint8Array} convId
   * @param {{ [key: string]: any }} body
   * @returns {Content}
   */
  content(ctype, convId, body) {
    return { ctype, msgId: randomBytes(16), convId, sentMs: this.#environment.now(), seq: 0, body };
  }

  /**
   * Puts an item for each device of the account.
   *
   * @param {Scratch} scratch
   * @param {Uint8Array} account
   * @param {Content} content
   * @param {{ inRow?: boolean, sender?: number }} [how] inRow: the message row holds the content; sender: who wrote it
   */
  async toAccount(scratch, account, content, how = {}) {
    for (const { deviceId } of await this.#lists.devicesOf(scratch, account))
      await this.toDevice(scratch, account, deviceId, content, how);
  }

  /**
   * @param {Scratch} scratch
   * @param {Uint8Array} account
   * @param {number} device
   * @param {Content} content
   * @param {{ inRow?: boolean, newSession?: boolean, sender?: number }} [how]
   */
  async toDevice(scratch, account, device, content, { inRow = false, newSession = false, sender } = {}) {
    const nowMs = this.#environment.now();
    const delay = OWN_COPY_MIN_MS + this.#environment.chance() * OWN_COPY_SPREAD_MS;
    const item = newItem({
      number: this.#outbox.nextNumber(),
      account,
      device,
      content,
      inRow,
      newSession,
      sender: sender ?? this.#account.deviceId,
      nowMs,
      notBeforeMs: this.#lists.isOwn(account) ? nowMs + delay : 0,
    });
    await this.#sealing.put(scratch, item);
  }
}
