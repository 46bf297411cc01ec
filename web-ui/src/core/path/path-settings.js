/**
 * What the user lets the paths do (MP2P/1 §6.2 *Settings*): kept in the vault, so of all devices of the account.
 *
 * @typedef {import('../protocol.js').Settings} Settings
 */
export class PathSettings {
  #account;
  #notify;
  #onStore;
  /** @type {Settings} */
  #settings;
  /** @type {(() => void)[]} */
  #listeners = [];
  /** Changes that are not on this disk yet, or not on the server. @type {Set<Partial<Settings>>} */
  #underWay = new Set();
  /** @type {() => void} */
  #stopFollowing = () => {};

  /**
   * @param {import('../engine-contract.js').Account} account
   * @param {import('../engine-contract.js').Notify} notify
   * @param {(vaultVersion: number) => Promise<unknown>} onStore a change made here is about to come to
   *   disk, after this version
   */
  constructor(account, notify, onStore) {
    this.#account = account;
    this.#notify = notify;
    this.#onStore = onStore;
    this.#settings = this.#inForce();
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
    this.#settings = this.#inForce(); // the vault may have changed since the constructor
    this.#notify('settings', this.#settings);
  }

  stop() {
    this.#stopFollowing();
  }

  /**
   * What is turned on is in force at once, what is turned off when it is on this disk.
   *
   * @param {Partial<Settings>} wanted what is not named stays as it is when the change comes to disk
   */
  async change(wanted) {
    this.#underWay.add(wanted);
    this.#follow();
    /** @type {Promise<unknown> | null} */
    let noted = null;
    try {
      await this.#account.updateVault((items) => {
        const settings = { ...items.settings, ...stored(wanted) };
        if (JSON.stringify(settings) !== JSON.stringify(items.settings))
          noted = this.#onStore(this.#account.vault.version);
        items.settings = settings;
      });
    } catch (error) {
      // kept here and in force; the server is told by the next upkeep
      if (!this.#holds(wanted)) throw error;
    } finally {
      await noted;
      this.#underWay.delete(wanted);
      this.#follow();
    }
  }

  #follow() {
    const { relayOnly, mailboxOnly } = this.#inForce();
    if (relayOnly === this.relayOnly && mailboxOnly === this.mailboxOnly) return;
    this.#settings = { relayOnly, mailboxOnly };
    this.#notify('settings', this.#settings);
    for (const listener of this.#listeners) listener();
  }

  /** @returns {Settings} */
  #inForce() {
    const { relayOnly, mailboxOnly } = this.#read();
    const underWay = [...this.#underWay];
    return {
      relayOnly: relayOnly || underWay.some((wanted) => wanted.relayOnly),
      mailboxOnly: mailboxOnly || underWay.some((wanted) => wanted.mailboxOnly),
    };
  }

  /** @param {Partial<Settings>} wanted */
  #holds({ relayOnly, mailboxOnly }) {
    const kept = this.#read();
    return (
      (relayOnly ?? kept.relayOnly) === kept.relayOnly &&
      (mailboxOnly ?? kept.mailboxOnly) === kept.mailboxOnly
    );
  }

  /** @returns {Settings} */
  #read() {
    const { relay_only, mailbox_only } = this.#account.vault.items.settings;
    return { relayOnly: relay_only === true, mailboxOnly: mailbox_only === true };
  }
}

/**
 * The names of the vault, for what was named alone.
 *
 * @param {Partial<Settings>} wanted
 */
const stored = ({ relayOnly, mailboxOnly }) => ({
  ...(relayOnly !== undefined && { relay_only: relayOnly }),
  ...(mailboxOnly !== undefined && { mailbox_only: mailboxOnly }),
});
