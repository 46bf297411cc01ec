/**
 * What lies in the open in `meta` about this device: enough to unlock without the server (MP2P/1 §9.5, §9.7).
 *
 * @typedef {object} DeviceRecord
 * @property {'registering' | 'joining' | 'active' | 'signed-out'} state registering, joining: keys and request are
 *   committed, the server's answer is not; signed-out: the server refused this device, everything is kept
 * @property {boolean} keepsContent messages of a former device lie in the database: it is never erased for another
 *   attempt
 * @property {string} username
 * @property {string} serverName
 * @property {Uint8Array} accountId
 * @property {number} deviceId
 * @property {Uint8Array} serverSalt
 * @property {number} mKib
 * @property {number} t
 * @property {number} p
 * @property {Uint8Array} wrapped LDK under the password
 * @property {{ gen: number, wrapped: Uint8Array }} wrappedByUnlockKey LDK under the vault's unlock key of `gen`
 *
 * @typedef {import('../engine-contract.js').VaultItems} VaultItems
 * @typedef {import('../crypto/password.js').KdfParameters} KdfParameters
 */
import { fromBase64url } from '../crypto/bytes.js';
import { ProtocolError } from '../crypto/errors.js';
import {
  unwrapLocalKey,
  unwrapLocalKeyByUnlockKey,
  wrapLocalKey,
  wrapLocalKeyByUnlockKey,
} from '../crypto/local-key.js';

/**
 * @param {object} device
 * @param {DeviceRecord['state']} device.state
 * @param {boolean} device.keepsContent
 * @param {string} device.username
 * @param {string} device.serverName
 * @param {Uint8Array} device.accountId
 * @param {number} device.deviceId
 * @param {KdfParameters} device.kdf
 * @param {Uint8Array} device.localKek
 * @param {Uint8Array} device.ldk
 * @param {Pick<VaultItems, 'unlock_keys'>} device.items
 * @returns {DeviceRecord}
 */
export function makeDeviceRecord({ localKek, ldk, kdf, items, ...facts }) {
  const where = { accountId: facts.accountId, deviceId: facts.deviceId };
  const newest = items.unlock_keys.reduce((a, b) => (b.gen > a.gen ? b : a));
  return {
    ...facts,
    ...kdf,
    wrapped: wrapLocalKey({ localKek, ldk, serverSalt: kdf.serverSalt, ...where }),
    wrappedByUnlockKey: {
      gen: newest.gen,
      wrapped: wrapLocalKeyByUnlockKey({
        unlockKey: fromBase64url(newest.key),
        ldk,
        gen: newest.gen,
        ...where,
      }),
    },
  };
}

/**
 * Whether what lies here is, or was, a device of its account, and not an attempt to become one: it is never erased for
 * another account.
 *
 * @param {DeviceRecord} device
 */
export function isEntered({ state, keepsContent }) {
  return keepsContent || state === 'active' || state === 'signed-out';
}

/**
 * @param {DeviceRecord} device
 * @param {Uint8Array} localKek
 * @returns {Uint8Array | null} LDK, or null if the password is another one
 */
export function openWithPassword({ accountId, deviceId, serverSalt, wrapped }, localKek) {
  return nullIfAnotherKey(() => unwrapLocalKey({ localKek, accountId, deviceId, serverSalt, wrapped }));
}

/**
 * For a device whose password was changed elsewhere.
 *
 * @param {DeviceRecord} device
 * @param {Pick<VaultItems, 'unlock_keys'>} items
 * @returns {Uint8Array | null}
 */
export function openWithUnlockKey({ accountId, deviceId, wrappedByUnlockKey: { gen, wrapped } }, items) {
  const entry = items.unlock_keys.find((key) => key.gen === gen);
  if (!entry) return null;
  const unlockKey = fromBase64url(entry.key);
  return nullIfAnotherKey(() => unwrapLocalKeyByUnlockKey({ unlockKey, accountId, deviceId, gen, wrapped }));
}

/** @param {() => Uint8Array} unwrap */
function nullIfAnotherKey(unwrap) {
  try {
    return unwrap();
  } catch (error) {
    if (error instanceof ProtocolError && error.code === 'E_AUTH') return null;
    throw error;
  }
}
