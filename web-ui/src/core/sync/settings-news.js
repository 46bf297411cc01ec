/**
 * One's other devices fetch the vault when they hear SYNC `state` (MP2P/1 §6.1): it goes to them once the server has a
 * setting that was changed here, in this start or in a later one.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 */
import { loadOwnRow, putOwnRow } from './own-row.js';

export class SettingsNews {
  #account;
  #ownSync;

  /** @param {{ account: import('../engine-contract.js').Account, ownSync: import('./own-sync.js').OwnSync }} parts */
  constructor({ account, ownSync }) {
    this.#account = account;
    this.#ownSync = ownSync;
  }

  /**
   * @param {Scratch} scratch
   * @param {number} vaultVersion that does not hold the change yet
   */
  async changed(scratch, vaultVersion) {
    putOwnRow(scratch, { ...(await loadOwnRow(scratch)), untold: vaultVersion });
  }

  /** The vault changed, or was pushed. @param {Scratch} scratch */
  async tell(scratch) {
    const { untold, ...row } = await loadOwnRow(scratch);
    const { version, pending } = this.#account.vault;
    if (untold === undefined || pending || version <= untold) return;
    putOwnRow(scratch, row);
    await this.#ownSync.state(scratch);
  }
}
