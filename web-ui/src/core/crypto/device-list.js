import { accountIdOf } from './account-id.js';
import { concat, equal, Reader, Writer } from './bytes.js';
import { ProtocolError } from './errors.js';
import { sha256 } from './hash.js';
import { sign, signingKeyOf, verify } from './keys.js';
import { SIGN } from './labels.js';

/** The device list certificate, DLC, of MP2P/1 §2. */

export const MAX_DEVICES = 8;
export const FLAG_BROWSER = 1;
export const FLAG_CLI = 2;
const KNOWN_FLAGS = FLAG_BROWSER | FLAG_CLI;
const TYPE = 1;
const VERSION = 1;
const SIGNATURE = 64;

/**
 * @typedef {object} DeviceEntry
 * @property {number} deviceId
 * @property {Uint8Array} dsk Ed25519: signs prekeys and logins
 * @property {Uint8Array} dhk X25519: identity agreement, envelopes
 * @property {number} addedMs
 * @property {number} flags
 * @property {Uint8Array} sig
 *
 * @typedef {object} DeviceList a verified certificate
 * @property {Uint8Array} bytes
 * @property {Uint8Array} hash H(bytes): `prev_hash` of the next version
 * @property {Uint8Array} accountId
 * @property {Uint8Array} aik
 * @property {number} listVersion
 * @property {number} issuedMs
 * @property {Uint8Array} prevHash
 * @property {DeviceEntry[]} devices
 *
 * @typedef {object} Identity one device of one account, `id(X)` of MP2P/1 §4
 * @property {Uint8Array} accountId
 * @property {Uint8Array} aik
 * @property {number} deviceId
 * @property {Uint8Array} dsk
 * @property {Uint8Array} dhk
 */

/** Two lists that one identity key signed and that cannot both be true: E_DLC of MP2P/1 §2 that no answer mends. */
export class ForkedLists extends ProtocolError {
  /** @param {string} why */
  constructor(why) {
    super('E_DLC', why);
  }
}

/**
 * An entry with the signature of its device, MP2P/1 §2.
 * @param {{ dskSeed: Uint8Array, accountId: Uint8Array, aik: Uint8Array, deviceId: number, dsk: Uint8Array,
 *   dhk: Uint8Array, addedMs: number, flags: number }} device
 * @returns {DeviceEntry}
 */
export function signDeviceEntry({ dskSeed, accountId, aik, deviceId, dsk, dhk, addedMs, flags }) {
  const entry = { deviceId, dsk, dhk, addedMs, flags };
  return { ...entry, sig: sign(dskSeed, SIGN.device, deviceStatement(accountId, aik, entry)) };
}

/**
 * A certificate, signed by the identity key, MP2P/1 §2.
 * @param {{ aikSeed: Uint8Array, listVersion: number, issuedMs: number, prevHash?: Uint8Array,
 *   devices: DeviceEntry[] }} list `prevHash` is absent in version 1 only
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function signDeviceList({ aikSeed, listVersion, issuedMs, prevHash, devices }) {
  if (devices.length < 1 || devices.length > MAX_DEVICES) throw new RangeError('a list has 1 to 8 devices');
  const aik = signingKeyOf(aikSeed).publicKey;
  const writer = new Writer()
    .u8(TYPE)
    .u8(VERSION)
    .fixed(accountIdOf(aik), 16)
    .fixed(aik, 32)
    .u32(listVersion)
    .u64(issuedMs)
    .fixed(prevHash ?? new Uint8Array(32), 32)
    .u8(devices.length);
  for (const device of devices) writer.bytes(deviceRecord(device)).fixed(device.sig, SIGNATURE);
  const statement = writer.finish();
  return concat(statement, sign(aikSeed, SIGN.deviceList, statement));
}

/**
 * Reads a certificate and checks everything that can be checked without knowing an earlier one (MP2P/1 §2).
 * @param {Uint8Array} bytes
 * @returns {DeviceList}
 * @throws {ProtocolError} E_DLC
 */
export function decodeDeviceList(bytes) {
  const { list, sig } = parse(bytes);
  if (!equal(accountIdOf(list.aik), list.accountId)) fail('account id is not that of the identity key');
  const ids = new Set(list.devices.map((device) => device.deviceId));
  if (ids.size !== list.devices.length) fail('a device stands twice');
  for (const device of list.devices) {
    const statement = deviceStatement(list.accountId, list.aik, device);
    if (!verify(device.dsk, SIGN.device, statement, device.sig)) fail('device signature');
  }
  if (!verify(list.aik, SIGN.deviceList, bytes.subarray(0, bytes.length - SIGNATURE), sig))
    fail('list signature');
  return list;
}

/**
 * The entry of a device in a list (MP2P/1 §2).
 * @param {DeviceList} list
 * @param {number} deviceId
 * @returns {DeviceEntry | undefined}
 */
export function deviceOf(list, deviceId) {
  return list.devices.find((device) => device.deviceId === deviceId);
}

/**
 * `id(X)` of MP2P/1 §4.
 * @param {DeviceList} list
 * @param {DeviceEntry} device
 * @returns {Identity}
 */
export function identityOf(list, { deviceId, dsk, dhk }) {
  return { accountId: list.accountId, aik: list.aik, deviceId, dsk, dhk };
}

/**
 * One link of the chain (MP2P/1 §2): `next` is the version right after `previous`.
 * @param {DeviceList} previous
 * @param {DeviceList} next
 * @throws {ProtocolError} E_DLC
 */
export function assertSuccessor(previous, next) {
  if (!equal(previous.aik, next.aik)) fail('identity key changed');
  if (next.listVersion !== previous.listVersion + 1) fail('a version is missing');
  if (!equal(next.prevHash, previous.hash)) throw new ForkedLists('not chained to the version before');
}

/**
 * A *current* list that a bundle carries, against the highest one seen (MP2P/1 §2): the same, or the version right
 * after it.
 * @param {DeviceList} known
 * @param {DeviceList} list
 * @throws {ProtocolError} E_DLC
 */
export function assertCurrent(known, list) {
  if (list.listVersion !== known.listVersion) return assertSuccessor(known, list);
  if (!equal(list.aik, known.aik)) fail('identity key changed');
  if (!equal(list.bytes, known.bytes)) throw new ForkedLists('two lists of one version');
}

/**
 * How a list that came in a PREKEY stands to the highest one seen (MP2P/1 §2). It may be older, because it waited.
 * - `first`: nothing was known, it becomes the known list
 * - `next`: it follows the known one and replaces it at once
 * - `same`, `older`: nothing changes; the sender stands in the known list with the same keys
 * - `jump`: versions between are to be fetched before it may replace the known list
 * - `unlisted`: older, and the device was removed since
 * @param {DeviceList | null} known
 * @param {DeviceList} carried
 * @param {DeviceEntry} sender entry in `carried`
 * @returns {'first' | 'next' | 'same' | 'older' | 'jump' | 'unlisted'}
 * @throws {ProtocolError} E_DLC if both cannot be true
 */
export function relateCarried(known, carried, sender) {
  if (!known) return 'first';
  if (!equal(known.aik, carried.aik)) fail('identity key changed');
  if (carried.listVersion < known.listVersion) {
    const standing = deviceOf(known, sender.deviceId);
    return standing && equal(deviceRecord(standing), deviceRecord(sender)) ? 'older' : 'unlisted';
  }
  if (carried.listVersion === known.listVersion) {
    if (!equal(carried.bytes, known.bytes)) throw new ForkedLists('two lists of one version');
    return 'same';
  }
  if (carried.listVersion > known.listVersion + 1) return 'jump';
  assertSuccessor(known, carried);
  return 'next';
}

/**
 * The same where a pin alone knows the highest seen list, by version and hash (MP2P/1 §2, §9.3).
 * - `first`: it is the pinned one, and becomes the known list
 * - `next`, `jump`: as above
 * - `unproven`: older, and whether the device stands in the pinned list shows only when that is here
 * @param {{ listVersion: number, listHash: Uint8Array }} pin
 * @param {DeviceList} carried
 * @returns {'first' | 'next' | 'jump' | 'unproven'}
 * @throws {ProtocolError} E_DLC if both cannot be true
 */
export function relatePinned({ listVersion, listHash }, carried) {
  if (carried.listVersion < listVersion) return 'unproven';
  if (carried.listVersion > listVersion + 1) return 'jump';
  const isPinned = carried.listVersion === listVersion;
  if (!equal(isPinned ? carried.hash : carried.prevHash, listHash))
    throw new ForkedLists('not the pinned list');
  return isPinned ? 'first' : 'next';
}

/**
 * @param {Uint8Array} bytes
 * @returns {{ list: DeviceList, sig: Uint8Array }}
 */
function parse(bytes) {
  try {
    const reader = new Reader(bytes);
    if (reader.u8() !== TYPE || reader.u8() !== VERSION) fail('unknown type or version');
    const head = {
      accountId: reader.bytes(16),
      aik: reader.bytes(32),
      listVersion: reader.u32(),
      issuedMs: reader.u64(),
      prevHash: reader.bytes(32),
    };
    if (head.listVersion === 0) fail('versions count from 1');
    const count = reader.u8();
    if (count < 1 || count > MAX_DEVICES) fail('number of devices');
    const devices = Array.from({ length: count }, () => readDevice(reader));
    const sig = reader.bytes(SIGNATURE);
    reader.end();
    return { list: { bytes: bytes.slice(), hash: sha256(bytes), ...head, devices }, sig };
  } catch (error) {
    if (error instanceof ProtocolError && error.code === 'E_FORMAT') fail(error.message);
    throw error;
  }
}

/**
 * @param {Reader} reader
 * @returns {DeviceEntry}
 */
function readDevice(reader) {
  const device = {
    deviceId: reader.u32(),
    dsk: reader.bytes(32),
    dhk: reader.bytes(32),
    addedMs: reader.u64(),
    flags: reader.u8(),
    sig: reader.bytes(SIGNATURE),
  };
  if (device.deviceId === 0) fail('device id 0');
  if (device.flags & ~KNOWN_FLAGS) fail('unknown device flag');
  return device;
}

/** @param {Omit<DeviceEntry, 'sig'>} device */
function deviceRecord({ deviceId, dsk, dhk, addedMs, flags }) {
  return new Writer().u32(deviceId).fixed(dsk, 32).fixed(dhk, 32).u64(addedMs).u8(flags).finish();
}

/**
 * @param {Uint8Array} accountId
 * @param {Uint8Array} aik
 * @param {Omit<DeviceEntry, 'sig'>} device
 */
function deviceStatement(accountId, aik, device) {
  return concat(accountId, aik, deviceRecord(device));
}

/**
 * @param {string} why
 * @returns {never}
 */
function fail(why) {
  throw new ProtocolError('E_DLC', why);
}
