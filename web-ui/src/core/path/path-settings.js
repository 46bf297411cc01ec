/**
 * What the user lets the paths do (MP2P/1 §6.2 *Settings*): kept in the vault, so of all devices of the account.
 *
 * @typedef {import('../protocol.js').Settings} Settings
 */
export class PathSettings {
  #account;
  #notify;
  /** @type {Settings} */
  #settings;
  /** @type {(() => void)[]} */
  #listeners = [];
  /** @type {() => void} */
  #stopFollowing = () => {};

  /**
   * @param {import('../engine-contract.js').Account} account
   * @param {import('../engine-contract.js').Notify} notify
   */
  constructor(account, notify) {
    this.#account = account;
    this.#notify = notify;
    this.#settings = this.#read();
  }

  /** P by way of TURN alone: no contact learns this machine's address. */
  get relayOnly() {
    return this.#settings.relayOnly;
  }

  /** S alone: nobody is watched, called, or relayed to. */
  get mailboxOnly() {
    return this.#settings.mailboxOnly;
  }

  /** @param {() => void} listener */
  onChange(listener) {
    this.#listeners.push(listener);
  }

  start() {
    this.#stopFollowing = this.#account.onStateChange(() => this.#follow());
    this.#notify('settings', this.#settings);
  }

  stop() {
    this.#stopFollowing();
  }

  /** @param {Partial<Settings>} wanted */
  async change({ relayOnly = this.relayOnly, mailboxOnly = this.mailboxOnly }) {
    try {
      await this.#account.updateVault((items) => {
        items.settings = { ...items.settings, relay_only: relayOnly, mailbox_only: mailboxOnly };
      });
    } catch (error) {
      // kept here and in force; the server is told by the next upkeep
      const kept = this.#read();
      if (kept.relayOnly !== relayOnly || kept.mailboxOnly !== mailboxOnly) throw error;
    }
  }

  #follow() {
    const { relayOnly, mailboxOnly } = this.#read();
    if (relayOnly === this.relayOnly && mailboxOnly === this.mailboxOnly) return;
    this.#settings = { relayOnly, mailboxOnly };
    this.#notify('settings', this.#settings);
    for (const listener of this.#listeners) listener();
  }

  /** @returns {Settings} */
  #read() {
    const { relay_only, mailbox_only } = this.#account.vault.items.settings;
    return { relayOnly: relay_only === true, mailboxOnly: mailbox_only === true };
  }
}
