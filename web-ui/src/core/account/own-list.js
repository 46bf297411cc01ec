/**
 * The own device list: fetching it, checking it against what is known of it, and writing the next version
 * (MP2P/1 §2). A new device has no other defence against a stale list than the own pin in the vault.
 *
 * @typedef {import('../crypto/device-list.js').DeviceList} DeviceList
 * @typedef {import('../crypto/device-list.js').DeviceEntry} DeviceEntry
 * @typedef {import('../engine-contract.js').Pin} Pin
 * @typedef {import('../api/rest.js').Rest} Rest
 */
import { equal, toBase64url } from '../crypto/bytes.js';
import {
  assertSuccessor,
  decodeDeviceList,
  FLAG_BROWSER,
  ForkedLists,
  MAX_DEVICES,
  signDeviceEntry,
  signDeviceList,
} from '../crypto/device-list.js';
import { ProtocolError } from '../crypto/errors.js';
import { CoreFault } from '../fault.js';

/** Lists of one answer (§20). */
const PAGE = 100;

/**
 * What is known of the own list of one version.
 *
 * @typedef {{ listVersion: number, hash: Uint8Array }} KnownVersion
 */

/**
 * The newest own list on a device that holds one.
 *
 * @param {Rest} api
 * @param {DeviceList} known
 * @returns {Promise<DeviceList>} `known` if nothing changed
 * @throws {ProtocolError} E_DLC
 */
export async function fetchNewest(api, known) {
  const newest = await fetchChecked(api, { ...known, known: [known] });
  return newest.listVersion === known.listVersion ? known : newest;
}

/**
 * The newest own list, which fits everything that is known: each of these versions is in its chain with that hash, and
 * every version from the lowest of them on is linked to the one before. Of a list of which nothing is known the newest
 * is taken as it is.
 *
 * @param {Pick<Rest, 'deviceLists'>} api
 * @param {{ accountId: Uint8Array, aik: Uint8Array, known: KnownVersion[], pendingToken?: string }} own
 * @returns {Promise<DeviceList>}
 * @throws {ProtocolError} E_DLC
 */
export async function fetchChecked(api, { accountId, aik, known, pendingToken }) {
  const versions = known.map(({ listVersion }) => listVersion);
  const first = versions.length > 0 ? Math.min(...versions) : undefined;
  /** @type {DeviceList | null} */
  let newest = null;
  for (;;) {
    const from = newest ? newest.listVersion + 1 : first;
    const page = await api.deviceLists(accountId, from, pendingToken);
    for (const bytes of page) newest = link(newest, decodeDeviceList(bytes), { aik, first, known });
    if (!newest) throw new ProtocolError('E_DLC', 'the server has no list of this version');
    if (first === undefined || page.length < PAGE) break;
  }
  if (newest.listVersion < Math.max(0, ...versions))
    throw new ProtocolError('E_DLC', 'own list is older than the known one');
  return newest;
}

/**
 * @param {DeviceList | null} before
 * @param {DeviceList} list
 * @param {{ aik: Uint8Array, first: number | undefined, known: KnownVersion[] }} own
 */
function link(before, list, { aik, first, known }) {
  if (!equal(list.aik, aik)) throw new ProtocolError('E_DLC', 'own list is of another identity');
  if (before) assertSuccessor(before, list);
  else if (first !== undefined && list.listVersion !== first)
    throw new ProtocolError('E_DLC', 'the server has left out a version');
  if (known.some(({ listVersion, hash }) => listVersion === list.listVersion && !equal(hash, list.hash)))
    throw new ForkedLists('two own lists of one version');
  return list;
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
