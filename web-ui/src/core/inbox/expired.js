/**
 * What the mailbox let expire before this device collected it (MP2P/1 §6.3). The server tells a total that never
 * falls; the one that was seen last is kept, so that no answer that is lost loses the difference, and none that comes
 * twice tells it twice.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {{ row: 'expired', device: number, total: number, untold: number }} ExpiredRow `total` as the mailbox of
 *   `device` said it last; `untold`: what the user has not dismissed
 */

/** @type {import('../engine-contract.js').KeyPart[]} */
const KEY = ['expired'];

export class Expired {
  #account;
  #transactions;
  #notify;
  /** As committed. @type {ExpiredRow | undefined} */
  #row;

  /**
   * @param {{ account: import('../engine-contract.js').Account, transactions: import('../transactions.js').Transactions,
   *   notify: import('../engine-contract.js').Notify }} parts
   */
  constructor({ account, transactions, notify }) {
    this.#account = account;
    this.#transactions = transactions;
    this.#notify = notify;
  }

  /** @param {import('../engine-contract.js').Database} database */
  async load(database) {
    this.#row = await database.get('seen', KEY);
    const count = this.#row?.untold ?? 0;
    if (count > 0) this.#notify('expired', { count });
  }

  /** @param {number} total as the mailbox has just said it */
  seen(total) {
    if (total === this.#of(this.#row).total) return;
    // if it does not come to disk, the next answer says it again
    this.#transactions.runAlone(async (scratch) => {
      const { device, total: before, untold } = this.#of(await scratch.get('seen', KEY));
      // a server that was restored says less: that is no news
      const more = Math.max(0, total - before);
      this.#put(scratch, { row: 'expired', device, total, untold: atMost(untold + more) });
    });
  }

  /**
   * The user has read of so many; others may have come since.
   *
   * @param {number} count
   */
  dismiss(count) {
    return this.#transactions.run(async (scratch) => {
      const row = this.#of(await scratch.get('seen', KEY));
      this.#put(scratch, { ...row, untold: Math.max(0, row.untold - count) });
    });
  }

  /**
   * The row of this device. The mailbox of an earlier one is gone, and what it lost is told all the same.
   *
   * @param {ExpiredRow | undefined} row
   * @returns {ExpiredRow}
   */
  #of(row) {
    const device = this.#account.deviceId;
    return row?.device === device ? row : { row: 'expired', device, total: 0, untold: row?.untold ?? 0 };
  }

  /**
   * @param {Scratch} scratch
   * @param {ExpiredRow} row
   */
  #put(scratch, row) {
    scratch.put('seen', KEY, row);
    scratch.afterCommit(() => {
      const before = this.#row?.untold ?? 0;
      this.#row = row;
      if (row.untold !== before) this.#notify('expired', { count: row.untold });
    });
  }
}

/** @param {number} count of a server that may say anything, again and again */
const atMost = (count) => Math.min(count, Number.MAX_SAFE_INTEGER);
