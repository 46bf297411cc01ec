/**
 * The own device list: fetching it, checking it against what is known of it, and writing the next version
 * (MP2P/1 §2). A new device has no other defence against a stale list than the own pin in the vault.
 *
 * @typedef {import('../crypto/device-list.js').DeviceList} DeviceList
 * @typedef {import('../crypto/device-list.js').DeviceEntry} DeviceEntry
 * @typedef {import('../engine-contract.js').Pin} Pin
 * @typedef {import('../api/rest.js').Rest} Rest
 */
import { equal, fromBase64url, toBase64url } from '../crypto/bytes.js';
import {
  assertCurrent,
  decodeDeviceList,
  FLAG_BROWSER,
  MAX_DEVICES,
  signDeviceEntry,
  signDeviceList,
} from '../crypto/device-list.js';
import { ProtocolError } from '../crypto/errors.js';
import { CoreFault } from '../fault.js';

/** Lists of one answer (§20). */
const PAGE = 100;

/**
 * Every version after `known`, each link checked.
 *
 * @param {Rest} api
 * @param {DeviceList} known
 * @param {string} [pendingToken]
 * @returns {Promise<DeviceList>} the newest, which is `known` if nothing changed
 * @throws {ProtocolError} E_DLC
 */
export async function fetchNewest(api, known, pendingToken) {
  let newest = known;
  for (;;) {
    const chain = await fetchFrom(api, known.accountId, newest.listVersion, pendingToken);
    // the first one is the known one again, or the server has gone back behind it
    newest = assertCurrent(newest, chain);
    if (chain.length < PAGE) return newest;
  }
}

/**
 * The current own list on a device that has seen none, checked against the own pin.
 *
 * @param {Rest} api
 * @param {{ accountId: Uint8Array, aik: Uint8Array, pin: Pin | undefined, pendingToken: string }} known
 * @returns {Promise<DeviceList>}
 * @throws {ProtocolError} E_DLC
 */
export async function fetchFirst(api, { accountId, aik, pin, pendingToken }) {
  const [current] = await fetchFrom(api, accountId, undefined, pendingToken);
  if (!current || !equal(current.aik, aik))
    throw new ProtocolError('E_DLC', 'own list is of another identity');
  if (!pin) return current;
  if (current.listVersion < pin.list_version)
    throw new ProtocolError('E_DLC', 'own list is older than the pin');
  const pinned =
    current.listVersion === pin.list_version
      ? current
      : (await fetchFrom(api, accountId, pin.list_version, pendingToken))[0];
  if (pinned?.listVersion !== pin.list_version || !equal(pinned.hash, fromBase64url(pin.dlc_hash))) {
    throw new ProtocolError('E_DLC', 'own list is not the pinned one');
  }
  return fetchNewest(api, pinned, pendingToken);
}

/**
 * Version n + 1 with this device.
 *
 * @param {object} change
 * @param {DeviceList} change.list version n
 * @param {Uint8Array} change.aikSeed
 * @param {DeviceEntry} change.entry
 * @param {number[]} change.left ids to leave out
 * @param {number} change.nowMs
 * @returns {DeviceList}
 * @throws {CoreFault} devices-full
 */
export function listWith({ list, aikSeed, entry, left, nowMs }) {
  const staying = list.devices.filter(({ deviceId }) => !left.includes(deviceId));
  if (staying.length >= MAX_DEVICES) throw new CoreFault('devices-full');
  const { listVersion, hash } = list;
  return decodeDeviceList(
    signDeviceList({
      aikSeed,
      listVersion: listVersion + 1,
      issuedMs: nowMs,
      prevHash: hash,
      devices: [...staying, entry],
    }),
  );
}

/**
 * @param {object} device
 * @param {Uint8Array} device.accountId
 * @param {Uint8Array} device.aik
 * @param {number} device.deviceId
 * @param {import('../crypto/keys.js').SigningKey} device.dsk
 * @param {import('../crypto/keys.js').AgreementKey} device.dhk
 * @param {number} nowMs
 * @returns {DeviceEntry}
 */
export function entryOf({ accountId, aik, deviceId, dsk, dhk }, nowMs) {
  return signDeviceEntry({
    dskSeed: dsk.seed,
    accountId,
    aik,
    deviceId,
    dsk: dsk.publicKey,
    dhk: dhk.publicKey,
    addedMs: nowMs,
    flags: FLAG_BROWSER,
  });
}

/**
 * The own pin as it has to be after a list change (§9.3).
 *
 * @param {DeviceList} list
 * @param {Pin} [before]
 * @returns {Pin}
 */
export function ownPin(list, before) {
  return {
    state: 'accepted',
    they_accepted: true,
    verified: true,
    at: list.issuedMs,
    ...before,
    account_id: toBase64url(list.accountId),
    aik: toBase64url(list.aik),
    list_version: list.listVersion,
    dlc_hash: toBase64url(list.hash),
  };
}

/**
 * @param {Rest} api
 * @param {Uint8Array} accountId
 * @param {number | undefined} version
 * @param {string} [pendingToken]
 * @returns {Promise<DeviceList[]>}
 */
async function fetchFrom(api, accountId, version, pendingToken) {
  const chain = (await api.deviceLists(accountId, version, pendingToken)).map(decodeDeviceList);
  if (chain.length === 0) throw new ProtocolError('E_DLC', 'the server has no list of this version');
  if (!chain.every((list) => equal(list.accountId, accountId))) {
    throw new ProtocolError('E_DLC', 'list of another account');
  }
  return chain;
}
