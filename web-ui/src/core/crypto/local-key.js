import { Writer } from './bytes.js';
import { SEAL } from './labels.js';
import { open, seal } from './seal.js';

/**
 * The local database key LDK under its two wraps, MP2P/1 §9.5: by the password for unlocking offline, and by the
 * vault's newest unlock key for the case that the password was changed elsewhere.
 */

/**
 * The wrap by the password, MP2P/1 §9.5.
 * @param {{ localKek: Uint8Array, accountId: Uint8Array, deviceId: number, serverSalt: Uint8Array, ldk: Uint8Array }} wrap
 */
export function wrapLocalKey({ localKek, ldk, ...where }) {
  return seal(localKek, SEAL.localKey, passwordWrapPlace(where), ldk);
}

/**
 * Opens the wrap by the password, MP2P/1 §9.5.
 * @param {{ localKek: Uint8Array, accountId: Uint8Array, deviceId: number, serverSalt: Uint8Array, wrapped: Uint8Array }} wrap
 * @throws {import('./errors.js').ProtocolError} E_AUTH if the password is another one
 */
export function unwrapLocalKey({ localKek, wrapped, ...where }) {
  return open(localKek, SEAL.localKey, passwordWrapPlace(where), wrapped);
}

/**
 * The wrap by an unlock key of the vault, MP2P/1 §9.5.
 * @param {{ unlockKey: Uint8Array, accountId: Uint8Array, deviceId: number, gen: number, ldk: Uint8Array }} wrap
 */
export function wrapLocalKeyByUnlockKey({ unlockKey, ldk, ...where }) {
  return seal(unlockKey, SEAL.localKeyByUnlockKey, unlockWrapPlace(where), ldk);
}

/**
 * Opens the wrap by an unlock key, MP2P/1 §9.5.
 * @param {{ unlockKey: Uint8Array, accountId: Uint8Array, deviceId: number, gen: number, wrapped: Uint8Array }} wrap
 * @throws {import('./errors.js').ProtocolError} E_AUTH
 */
export function unwrapLocalKeyByUnlockKey({ unlockKey, wrapped, ...where }) {
  return open(unlockKey, SEAL.localKeyByUnlockKey, unlockWrapPlace(where), wrapped);
}

/** @param {{ accountId: Uint8Array, deviceId: number, serverSalt: Uint8Array }} where */
function passwordWrapPlace({ accountId, deviceId, serverSalt }) {
  return new Writer().fixed(accountId, 16).u32(deviceId).fixed(serverSalt, 16).finish();
}

/** @param {{ accountId: Uint8Array, deviceId: number, gen: number }} where */
function unlockWrapPlace({ accountId, deviceId, gen }) {
  return new Writer().fixed(accountId, 16).u32(deviceId).u32(gen).finish();
}
