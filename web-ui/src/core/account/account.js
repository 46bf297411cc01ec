/**
 * The unlocked account on this device, as the engine sees it (engine-contract.d.ts).
 *
 * @typedef {import('../engine-contract.js').Account} AccountContract
 * @typedef {import('../engine-contract.js').Audience} Audience
 * @typedef {import('../engine-contract.js').VaultItems} VaultItems
 * @typedef {import('../db/database.js').Database} Database
 * @typedef {import('./device-record.js').DeviceRecord} DeviceRecord
 * @typedef {import('./key-rows.js').DeviceKeysRow} DeviceKeysRow
 * @typedef {import('./key-rows.js').VaultRow} VaultRow
 * @typedef {import('./key-rows.js').ListRow} ListRow
 * @typedef {Pick<import('../environment.js').Environment, 'now' | 'elapsed'>} Clocks
 */
import { Rest } from '../api/rest.js';
import { fromBase64url, toBase64url } from '../crypto/bytes.js';
import { deliveryToken, deliveryTokenHash } from '../crypto/delivery-token.js';
import { decodeDeviceList, deviceOf } from '../crypto/device-list.js';
import { StorageError } from '../db/storage-error.js';
import { Queue } from '../queue.js';
import { DEVICE_KEYS, OWN_LIST, VAULT } from './key-rows.js';
import { fetchNewest, ownPin } from './own-list.js';
import { PrekeyStock } from './prekey-stock.js';
import { Tokens } from './tokens.js';
import { VaultStore } from './vault-store.js';

/**
 * @param {object} options
 * @param {Database} options.db
 * @param {DeviceRecord} options.device
 * @param {string} options.origin
 * @param {Clocks} options.clocks
 * @param {() => void} options.onRevoked the server says that this device is not of the account any more
 * @returns {Promise<Account>}
 */
export async function loadAccount({ db, device, origin, clocks, onRevoked }) {
  const [keys, vault, list] = await db.getMany('keys', [DEVICE_KEYS, VAULT, OWN_LIST]);
  if (!keys || !vault || !list) throw new StorageError('storage-broken', 'keys of the device are missing');
  return new Account({
    db,
    device,
    origin,
    clocks,
    onRevoked,
    keys: /** @type {DeviceKeysRow} */ (keys),
    vault: /** @type {VaultRow} */ (vault),
    list: /** @type {ListRow} */ (list),
  });
}

/** @implements {AccountContract} */
export class Account {
  #db;
  #tokens;
  #vault;
  #prekeys;
  #listWork = new Queue();
  #onRevoked;
  #deliveryTokenPut = '';
  /** @type {Set<() => void>} */
  #stateListeners = new Set();
  /** @type {Promise<void> | null} */
  #upkeep = null;
  /** @type {Promise<boolean> | null} */
  #asking = null;
  /** @type {DeviceKeysRow} */
  #keys;

  /**
   * @param {{ db: Database, device: DeviceRecord, origin: string, clocks: Clocks, onRevoked: () => void,
   *   keys: DeviceKeysRow, vault: VaultRow, list: ListRow }} options
   */
  constructor({ db, device, origin, clocks, onRevoked, keys, vault, list }) {
    const { accountId, deviceId, serverName, username } = device;
    const dskSeed = keys.dsk.seed;
    this.accountId = accountId;
    this.deviceId = deviceId;
    this.serverName = serverName;
    this.username = username;
    this.aik = keys.aik;
    this.dsk = keys.dsk;
    this.dhk = keys.dhk;
    this.joined = keys.joined;
    this.formerDeviceIds = keys.formerDeviceIds;
    this.deviceList = decodeDeviceList(list.bytes);
    this.#db = db;
    this.#keys = keys;
    this.#onRevoked = onRevoked;
    this.#tokens = new Tokens({
      origin,
      device: { accountId, deviceId, serverName, dskSeed },
      clocks,
      onServerFacts: ({ mailboxTtlDays }) => this.#learnTtl(mailboxTtlDays),
      onRevoked,
    });
    this.api = new Rest(origin, this.#tokens);
    this.#vault = new VaultStore({
      db,
      api: this.api,
      accountId,
      row: vault,
      onChange: () => this.#changed(),
    });
    this.#prekeys = new PrekeyStock({
      db,
      api: this.api,
      device: { accountId, deviceId, dskSeed },
      now: clocks.now,
    });
  }

  get listVersion() {
    return this.deviceList.listVersion;
  }

  get vault() {
    const { version, vrkGen, items, pending } = this.#vault;
    return { version, vrkGen, items, pending };
  }

  get deliveryKey() {
    return fromBase64url(this.#vault.items.delivery_key);
  }

  get mailboxTtlDays() {
    return this.#keys.mailboxTtlDays;
  }

  /** @param {Audience} audience */
  token(audience) {
    return this.#tokens.token(audience);
  }

  refreshTokens() {
    return this.#tokens.refresh();
  }

  /** What fails is asked for again by the next upkeep. */
  askVault() {
    this.#asking ??= this.#vault
      .synchronise()
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        this.#asking = null;
      });
    return this.#asking;
  }

  /** @param {(items: VaultItems) => void} change */
  updateVault(change) {
    return this.#vault.update(change);
  }

  async updateOwnDeviceList() {
    // one after the other: of two answers that overlap the older one could come to disk last
    const newest = await this.#listWork.run(() => this.#fetchOwnList());
    // A verified list without this device, but no key log yet to see it in: treated as the server's word.
    if (!deviceOf(newest, this.deviceId)) {
      this.#onRevoked();
      return newest;
    }
    await this.#updateOwnPin();
    return newest;
  }

  async #fetchOwnList() {
    const newest = await fetchNewest(this.api, this.deviceList);
    if (newest.listVersion > this.deviceList.listVersion) {
      await this.#db.commit((tx) => tx.put('keys', OWN_LIST, { bytes: newest.bytes }));
      this.deviceList = newest;
      this.#changed();
    }
    return newest;
  }

  /** @param {Promise<boolean>} [asked] whether the vault was had just now */
  upkeep(asked = Promise.resolve(false)) {
    this.#upkeep ??= this.#runUpkeep(asked).finally(() => {
      this.#upkeep = null;
    });
    return this.#upkeep;
  }

  /** @param {{ exhaustedSpk?: number | null }} [options] */
  replenishPrekeys({ exhaustedSpk } = {}) {
    return this.#prekeys.replenish({ mailboxTtlDays: this.mailboxTtlDays, exhaustedSpk });
  }

  /** @param {() => void} listener */
  onStateChange(listener) {
    this.#stateListeners.add(listener);
    return () => void this.#stateListeners.delete(listener);
  }

  /**
   * What fails does not keep the rest from being done; the first failure is told.
   *
   * @param {Promise<boolean>} asked
   */
  async #runUpkeep(asked) {
    const vault = asked.then((isHere) => (isHere ? undefined : this.#vault.synchronise()));
    const results = await Promise.allSettled([
      // The delivery token comes after the vault that holds its key (§6.3).
      vault.then(() => this.putDeliveryToken()),
      this.updateOwnDeviceList(),
      this.replenishPrekeys(),
    ]);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  /** Once per unlock, and again when the key has changed. */
  async putDeliveryToken() {
    const key = this.#vault.items.delivery_key;
    if (key === this.#deliveryTokenPut) return;
    await this.api.putDeliveryToken(deliveryTokenHash(deliveryToken(fromBase64url(key))));
    this.#deliveryTokenPut = key;
  }

  /** Each device updates the own pin after every list change (§2), and takes out of `left` what has gone. */
  #updateOwnPin() {
    const list = this.deviceList;
    return this.updateVault((items) => {
      const id = toBase64url(this.accountId);
      const before = items.pins.find((pin) => pin.account_id === id);
      if (before && before.list_version >= list.listVersion) return;
      items.pins = [...items.pins.filter((pin) => pin !== before), ownPin(list, before)];
      items.left = items.left.filter((left) => deviceOf(list, left));
    });
  }

  /** @param {number} days */
  #learnTtl(days) {
    if (days === this.#keys.mailboxTtlDays) return;
    const keys = { ...this.#keys, mailboxTtlDays: days };
    this.#keys = keys;
    // Told again at the next refresh, so a commit that fails (the disk is full) costs nothing.
    this.#db.commit((tx) => tx.put('keys', DEVICE_KEYS, keys)).catch(() => {});
  }

  #changed() {
    for (const listener of this.#stateListeners) listener();
  }
}
