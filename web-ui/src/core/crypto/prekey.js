import { concat, Reader, Writer } from './bytes.js';
import { deviceOf, identityOf } from './device-list.js';
import { ProtocolError } from './errors.js';
import { KEM_PUBLIC_KEY, sign, verify } from './keys.js';
import { SIGN } from './labels.js';

/** Prekey records of MP2P/1 §2 and what a sender checks of a bundle. */

/** @enum {1 | 2 | 3 | 4} */
export const PREKEY = Object.freeze({ SIGNED: 1, ONE_TIME: 2, KEM_LAST_RESORT: 3, KEM_ONE_TIME: 4 });

const SIGNATURE = 64;
const DAY_MS = 86_400_000;
const MAX_AGE_MS = 180 * DAY_MS;
const MAX_AHEAD_MS = DAY_MS;
const WEAK_AGE_MS = 45 * DAY_MS;

/**
 * @typedef {object} Prekey
 * @property {1 | 2 | 3 | 4} kind
 * @property {number} keyId
 * @property {number} createdMs
 * @property {Uint8Array} publicKey 32 bytes, or 1184 for the KEM kinds
 * @property {Uint8Array} sig
 * @property {Uint8Array} bytes the record
 *
 * @typedef {object} BundleDevice a device that a session can be started with
 * @property {import('./device-list.js').Identity} identity
 * @property {Prekey} spk
 * @property {Prekey | null} opk
 * @property {Prekey} pq
 * @property {boolean} weakFs its first chain is not fully forward secret (§2 `weak-fs`)
 */

/**
 * A prekey record, signed by its device, MP2P/1 §2.
 * @param {{ dskSeed: Uint8Array, accountId: Uint8Array, deviceId: number, kind: 1 | 2 | 3 | 4, keyId: number,
 *   createdMs: number, publicKey: Uint8Array }} prekey
 * @returns {Uint8Array<ArrayBuffer>} the record
 */
export function signPrekey({ dskSeed, accountId, deviceId, kind, keyId, createdMs, publicKey }) {
  if (keyId === 0) throw new RangeError('key ids are not zero');
  const statement = new Writer()
    .u8(kind)
    .u32(keyId)
    .u64(createdMs)
    .fixed(publicKey, publicKeyLength(kind))
    .finish();
  return concat(statement, sign(dskSeed, SIGN.prekey, signedStatement(accountId, deviceId, statement)));
}

/**
 * A prekey record whose signature is still to be verified, MP2P/1 §2.
 * @param {Uint8Array} bytes
 * @returns {Prekey}
 */
export function decodePrekey(bytes) {
  const reader = new Reader(bytes);
  const kind = reader.u8();
  if (kind < PREKEY.SIGNED || kind > PREKEY.KEM_ONE_TIME) throw new ProtocolError('E_FORMAT', 'prekey kind');
  const prekey = {
    kind: /** @type {1 | 2 | 3 | 4} */ (kind),
    keyId: reader.u32(),
    createdMs: reader.u64(),
    publicKey: reader.bytes(publicKeyLength(kind)),
    sig: reader.bytes(SIGNATURE),
    bytes: bytes.slice(),
  };
  reader.end();
  if (prekey.keyId === 0) throw new ProtocolError('E_FORMAT', 'prekey id 0');
  return prekey;
}

/**
 * A prekey record of exactly that device, MP2P/1 §2.
 * @param {Uint8Array} record
 * @param {Uint8Array} dsk
 * @param {Uint8Array} accountId
 * @param {number} deviceId
 * @returns {Prekey}
 * @throws {ProtocolError} E_FORMAT, or E_AUTH if the device did not sign it
 */
export function verifyPrekey(record, dsk, accountId, deviceId) {
  const prekey = decodePrekey(record);
  const statement = signedStatement(accountId, deviceId, record.subarray(0, record.length - SIGNATURE));
  if (!verify(dsk, SIGN.prekey, statement, prekey.sig)) throw new ProtocolError('E_AUTH', 'prekey signature');
  return prekey;
}

/**
 * The client's checks of one device of a bundle (§2).
 * @param {import('./device-list.js').DeviceList} list
 * @param {{ deviceId: number, spk: Uint8Array, opk?: Uint8Array | null, pq: Uint8Array }} offered
 * @param {number} nowMs
 * @returns {BundleDevice}
 * @throws {ProtocolError} E_AUTH or E_FORMAT for what the device did not sign so, E_DLC for a device that is not
 *   listed, E_STATE for prekeys that are too old or from the future: the device is skipped and the user told
 */
export function verifyBundleDevice(list, offered, nowMs) {
  const device = deviceOf(list, offered.deviceId);
  if (!device) throw new ProtocolError('E_DLC', 'prekeys of a device that is not listed');
  /** @param {Uint8Array} record @param {...number} kinds */
  const verified = (record, ...kinds) => {
    const prekey = verifyPrekey(record, device.dsk, list.accountId, device.deviceId);
    if (!kinds.includes(prekey.kind)) throw new ProtocolError('E_FORMAT', 'prekey of another kind');
    return prekey;
  };
  const spk = verified(offered.spk, PREKEY.SIGNED);
  const opk = offered.opk ? verified(offered.opk, PREKEY.ONE_TIME) : null;
  const pq = verified(offered.pq, PREKEY.KEM_LAST_RESORT, PREKEY.KEM_ONE_TIME);
  for (const { createdMs } of [spk, pq]) {
    if (nowMs - createdMs > MAX_AGE_MS || createdMs - nowMs > MAX_AHEAD_MS) {
      throw new ProtocolError('E_STATE', 'prekey too old or from the future');
    }
  }
  return { identity: identityOf(list, device), spk, opk, pq, weakFs: isWeak(spk, opk !== null, pq, nowMs) };
}

/**
 * `weak-fs` of MP2P/1 §2, at session creation.
 * @param {{ createdMs: number }} spk
 * @param {boolean} hasOneTime
 * @param {{ kind: number, createdMs: number }} pq
 * @param {number} nowMs
 */
export function isWeak(spk, hasOneTime, pq, nowMs) {
  const old = Math.min(spk.createdMs, pq.createdMs) < nowMs - WEAK_AGE_MS;
  return !hasOneTime || pq.kind === PREKEY.KEM_LAST_RESORT || old;
}

/** @param {number} kind */
function publicKeyLength(kind) {
  return kind === PREKEY.KEM_LAST_RESORT || kind === PREKEY.KEM_ONE_TIME ? KEM_PUBLIC_KEY : 32;
}

/**
 * @param {Uint8Array} accountId
 * @param {number} deviceId
 * @param {Uint8Array} statement
 */
function signedStatement(accountId, deviceId, statement) {
  return new Writer().fixed(accountId, 16).u32(deviceId).bytes(statement).finish();
}
