/**
 * The request that makes this device one of an account (MP2P/1 §2): the own list with it, committed before it leaves,
 * and the same bytes again for as long as the list under it is the newest. Two lists of one version under one identity
 * key are what a forger's look like to everybody else.
 *
 * @typedef {import('./key-rows.js').DeviceKeysRow} DeviceKeysRow
 * @typedef {import('../engine-contract.js').Database} Database
 * @typedef {import('../crypto/device-list.js').DeviceList} DeviceList
 * @typedef {import('./own-list.js').KnownVersion} KnownVersion
 *
 * @typedef {object} Entered a login with the opened vault
 * @property {Pick<import('../api/rest.js').Rest, 'deviceLists' | 'putDevices'>} api
 * @property {string} pendingToken
 * @property {Uint8Array} accountId
 * @property {Uint8Array} aik
 * @property {Uint8Array} aikSeed
 * @property {Uint8Array} vrk
 * @property {Uint8Array} vault
 * @property {import('../engine-contract.js').VaultItems} items
 */
import { ApiError } from '../api/errors.js';
import { equal, fromBase64url, toBase64url } from '../crypto/bytes.js';
import { decodeDeviceList, deviceOf } from '../crypto/device-list.js';
import { StorageError } from '../db/storage-error.js';
import { ATTEMPT, DEVICE_KEYS, OWN_LIST, VAULT } from './key-rows.js';
import { prekeyRecords } from './new-device.js';
import { entryOf, fetchChecked, listWith } from './own-list.js';
import { loadPrekeys } from './prekey-rows.js';

/** Each round loses against another device that changed the list in between. */
const ROUNDS = 5;

/**
 * The newest own list, checked against the own pin in the vault and against what this device knows besides.
 *
 * @param {Entered} entered
 * @param {KnownVersion | null} known
 * @returns {Promise<DeviceList>}
 */
export function newestOwnList({ api, accountId, aik, items, pendingToken }, known) {
  const id = toBase64url(accountId);
  const pin = items.pins.find(({ account_id }) => account_id === id);
  const pinned = pin && { listVersion: pin.list_version, hash: fromBase64url(pin.dlc_hash) };
  return fetchChecked(api, {
    accountId,
    aik,
    known: [pinned, known].filter((version) => version != null),
    pendingToken,
  });
}

/** @param {DeviceList} list @param {string[]} prekeys */
export function joinRequest(list, prekeys) {
  return JSON.stringify({ dlc: toBase64url(list.bytes), prekeys });
}

/**
 * Sends the committed request until the newest list names this device.
 *
 * @param {Entered} entered
 * @param {Database} db
 * @param {number} deviceId
 */
export async function putUntilListed(entered, db, deviceId) {
  for (let round = 0; ; round++) {
    const json = await requestOverNewest(entered, db, deviceId);
    if (json === null) return;
    try {
      await entered.api.putDevices(json, entered.pendingToken);
      return;
    } catch (error) {
      const lost = error instanceof ApiError && error.is('list-version');
      if (!lost || round === ROUNDS) throw error;
    }
  }
}

/**
 * @param {Entered} entered
 * @param {Database} db
 * @param {number} deviceId
 * @returns {Promise<string | null>} null: the newest list names this device already
 */
async function requestOverNewest(entered, db, deviceId) {
  const [attempt, deviceKeys] = await db.getMany('keys', [ATTEMPT, DEVICE_KEYS]);
  if (!attempt || !deviceKeys) throw new StorageError('storage-broken', 'the request to join is missing');
  const { json } = /** @type {{ json: string }} */ (attempt);
  const keys = /** @type {DeviceKeysRow} */ (deviceKeys);
  const tried = decodeDeviceList(fromBase64url(JSON.parse(json).dlc));
  const list = await newestOwnList(entered, { listVersion: tried.listVersion - 1, hash: tried.prevHash });
  if (equal(list.hash, tried.prevHash) || equal(list.hash, tried.hash)) return json;
  const listed = deviceOf(list, deviceId);
  if (listed && equal(listed.dsk, keys.dsk.publicKey)) {
    await db.commit((tx) => tx.put('keys', OWN_LIST, { bytes: list.bytes }));
    return null;
  }
  return signOver(list, entered, { db, deviceId, keys });
}

/**
 * The list has changed in between: the same device over the newest list, committed again before it is sent.
 *
 * @param {DeviceList} list
 * @param {Entered} entered
 * @param {{ db: Database, deviceId: number, keys: DeviceKeysRow }} device
 */
async function signOver(list, { accountId, aik, aikSeed, items, vrk, vault }, { db, deviceId, keys }) {
  const { dsk, dhk, formerDeviceIds } = keys;
  const nowMs = Date.now();
  const next = listWith({
    list,
    aikSeed,
    entry: entryOf({ accountId, aik, deviceId, dsk, dhk }, nowMs),
    left: [...items.left, ...formerDeviceIds],
    nowMs,
  });
  const records = prekeyRecords(await loadPrekeys(db), { accountId, deviceId, dskSeed: dsk.seed });
  const json = joinRequest(next, records);
  await db.commit((tx) => {
    tx.put('keys', VAULT, { vrk, blob: vault, items, dirty: false });
    tx.put('keys', OWN_LIST, { bytes: next.bytes });
    tx.put('keys', ATTEMPT, { json });
  });
  return json;
}
