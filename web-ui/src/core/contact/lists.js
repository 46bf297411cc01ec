/**
 * Device lists by account: one's own from the account, a contact's highest-seen one from its row.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('../crypto/device-list.js').DeviceList} DeviceList
 */
import { equal, toHex } from '../crypto/bytes.js';
import { decodeDeviceList } from '../crypto/device-list.js';
import { sha256 } from '../crypto/hash.js';
import { loadContact } from './contact.js';

const KEPT = 256;

export class Lists {
  #account;
  /** @type {Map<string, DeviceList>} decoding checks every signature, so once per list is enough */
  #decoded = new Map();

  /** @param {import('../engine-contract.js').Account} account */
  constructor(account) {
    this.#account = account;
  }

  /** @param {Uint8Array} accountId */
  isOwn(accountId) {
    return equal(accountId, this.#account.accountId);
  }

  /**
   * @param {Scratch} scratch
   * @param {Uint8Array} accountId
   * @returns {Promise<DeviceList | null>}
   */
  async of(scratch, accountId) {
    if (this.isOwn(accountId)) return this.#account.deviceList;
    return this.ofContact(await loadContact(scratch, accountId));
  }

  /** @param {import('./contact.js').Contact | undefined} contact */
  ofContact(contact) {
    return contact?.list ? this.decode(contact.list) : null;
  }

  /**
   * Whether a newer list than the one held is known to exist, from a pin of the vault.
   *
   * @param {import('./contact.js').Contact} contact
   */
  isBehind(contact) {
    return (this.ofContact(contact)?.listVersion ?? 0) < Math.max(1, contact.listVersion);
  }

  /**
   * The devices a content for this account goes to: all of a contact's, the *other* ones of one's own.
   *
   * @param {Scratch} scratch
   * @param {Uint8Array} accountId
   */
  async devicesOf(scratch, accountId) {
    const devices = (await this.of(scratch, accountId))?.devices ?? [];
    return this.isOwn(accountId)
      ? devices.filter((device) => device.deviceId !== this.#account.deviceId)
      : devices;
  }

  /**
   * @param {Uint8Array} bytes
   * @returns {DeviceList}
   * @throws {import('../crypto/errors.js').ProtocolError} E_DLC
   */
  decode(bytes) {
    const id = toHex(sha256(bytes));
    const known = this.#decoded.get(id);
    if (known) return known;
    const list = decodeDeviceList(bytes);
    if (this.#decoded.size >= KEPT) this.#decoded.delete(String(this.#decoded.keys().next().value));
    this.#decoded.set(id, list);
    return list;
  }
}
