/**
 * What the user lets the paths do (MP2P/1 §6.2 *Settings*): kept in the vault, so of all devices of the account.
 *
 * @typedef {import('../protocol.js').Settings} Settings
 */
import { toBase64url } from '../crypto/bytes.js';

/** The name of a contact's own switch in the vault ends with the account (ADR 49). */
const RELAY_ONLY_WITH = 'relay_only:';

export class PathSettings {
  #account;
  #notify;
  #onStore;
  /** @type {Settings} */
  #settings;
  /** @type {((bindsAnew: (account: Uint8Array) => boolean) => void)[]} */
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

  /**
   * P by way of TURN alone: the contact, or no contact, learns this machine's address.
   *
   * @param {Uint8Array} account
   */
  relayOnlyWith(account) {
    return isRelayOnly(this.#settings, account);
  }

  /** S alone: nobody is watched, called, or relayed to. */
  get mailboxOnly() {
    return this.#settings.mailboxOnly;
  }

  /** @param {(bindsAnew: (account: Uint8Array) => boolean) => void} listener is told with whom something else holds now */
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
        const settings = stored(items.settings, wanted);
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
    const settings = this.#inForce();
    const before = this.#settings;
    if (JSON.stringify(settings) === JSON.stringify(this.#settings)) return;
    this.#settings = settings;
    this.#notify('settings', this.#settings);
    const bindsAnew = (/** @type {Uint8Array} */ account) =>
      before.mailboxOnly !== settings.mailboxOnly ||
      isRelayOnly(before, account) !== isRelayOnly(settings, account);
    for (const listener of this.#listeners) listener(bindsAnew);
  }

  /** @returns {Settings} */
  #inForce() {
    const settings = this.#read();
    const on = new Set(Object.keys(settings.relayOnlyWith));
    for (const { relayOnly, mailboxOnly, relayOnlyWith = {} } of this.#underWay) {
      settings.relayOnly ||= relayOnly === true;
      settings.mailboxOnly ||= mailboxOnly === true;
      for (const [account, isOn] of Object.entries(relayOnlyWith)) if (isOn) on.add(account);
    }
    return {
      ...settings,
      relayOnlyWith: Object.fromEntries([...on].sort().map((account) => [account, true])),
    };
  }

  /** @param {Partial<Settings>} wanted */
  #holds({ relayOnly, mailboxOnly, relayOnlyWith = {} }) {
    const kept = this.#read();
    return (
      (relayOnly ?? kept.relayOnly) === kept.relayOnly &&
      (mailboxOnly ?? kept.mailboxOnly) === kept.mailboxOnly &&
      Object.entries(relayOnlyWith).every(
        ([account, isOn]) => isOn === (kept.relayOnlyWith[account] === true),
      )
    );
  }

  /** @returns {Settings} */
  #read() {
    const { settings } = this.#account.vault.items;
    const relayOnlyWith = Object.entries(settings).flatMap(([name, value]) =>
      name.startsWith(RELAY_ONLY_WITH) && value === true ? [[name.slice(RELAY_ONLY_WITH.length), true]] : [],
    );
    return {
      relayOnly: settings.relay_only === true,
      mailboxOnly: settings.mailbox_only === true,
      relayOnlyWith: Object.fromEntries(relayOnlyWith),
    };
  }
}

/**
 * @param {Settings} settings
 * @param {Uint8Array} account
 */
const isRelayOnly = ({ relayOnly, relayOnlyWith }, account) =>
  relayOnly || relayOnlyWith[toBase64url(account)] === true;

/**
 * The settings of the vault with what was named alone.
 *
 * @param {{ [name: string]: unknown }} before
 * @param {Partial<Settings>} wanted
 */
function stored(before, { relayOnly, mailboxOnly, relayOnlyWith = {} }) {
  const after = new Map(Object.entries(before));
  if (relayOnly !== undefined) after.set('relay_only', relayOnly);
  if (mailboxOnly !== undefined) after.set('mailbox_only', mailboxOnly);
  for (const [account, isOn] of Object.entries(relayOnlyWith))
    if (isOn) after.set(RELAY_ONLY_WITH + account, true);
    else after.delete(RELAY_ONLY_WITH + account);
  return Object.fromEntries(after);
}
