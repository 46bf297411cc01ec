/**
 * Which devices have said something since what they owe a receipt for was sent: those are active, and what they have
 * not receipted is sealed again (MP2P/1 §6.2 RETRANSMIT). Kept on disk, for a tab may be open for minutes only.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {{ row: 'heard', account: Uint8Array, device: number, atMs: number }} HeardRow
 */
import { credibleMs } from '../stored-time.js';

export class HeardDevices {
  #outbox;
  #environment;

  /**
   * @param {import('./outbox.js').Outbox} outbox
   * @param {import('../environment.js').Environment} environment
   */
  constructor(outbox, environment) {
    this.#outbox = outbox;
    this.#environment = environment;
  }

  /**
   * Something authenticated came from it. Written only where it is news to an item, so once for a burst.
   *
   * @param {Scratch} scratch
   * @param {Uint8Array} account
   * @param {number} device
   */
  async note(scratch, account, device) {
    const items = this.#outbox.to(account, device).filter(({ state }) => state === 'sent');
    if (items.length === 0) return;
    const lastMs = await this.lastMs(scratch, account, device);
    if (items.every(({ sentMs }) => lastMs > sentMs)) return;
    /** @type {HeardRow} */
    const row = { row: 'heard', account, device, atMs: this.#environment.now() };
    scratch.put('outbox', keyOf(account, device), row);
  }

  /**
   * @param {Scratch} scratch
   * @param {Uint8Array} account
   * @param {number} device
   * @returns {Promise<number>} at least later than what has been sent to it since, if it has been heard since
   */
  async lastMs(scratch, account, device) {
    /** @type {HeardRow | undefined} */
    const row = await scratch.get('outbox', keyOf(account, device));
    if (!row) return 0;
    const atMs = credibleMs(row.atMs, this.#environment.now());
    if (atMs !== row.atMs) scratch.put('outbox', keyOf(account, device), { ...row, atMs });
    return atMs;
  }

  /**
   * It has left its account's list.
   *
   * @param {Scratch} scratch
   * @param {Uint8Array} account
   * @param {number} device
   */
  forget(scratch, account, device) {
    scratch.delete('outbox', keyOf(account, device));
  }
}

/**
 * @param {Uint8Array} account
 * @param {number} device
 */
const keyOf = (account, device) => ['heard', account, String(device)];
