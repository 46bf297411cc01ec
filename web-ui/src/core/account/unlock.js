/**
 * Unlocking a known device without the server (MP2P/1 §9.5): everything needed lies in `meta`.
 *
 * @typedef {import('./registration.js').Place} Place
 * @typedef {import('./registration.js').KnownDevice} KnownDevice
 * @typedef {import('./device-record.js').DeviceRecord} DeviceRecord
 */
import { zero } from '../crypto/bytes.js';
import { openDatabase } from '../db/database.js';
import { CoreFault } from '../fault.js';
import { derivePasswordKeys } from '../kdf/password-keys.js';
import { openWithPassword } from './device-record.js';

/**
 * @param {Place} place
 * @param {DeviceRecord} device
 * @param {Uint8Array} password transferred
 * @returns {Promise<KnownDevice>}
 * @throws {CoreFault} password-wrong
 */
export async function unlock({ storage }, device, password) {
  const { serverName, username, serverSalt, mKib, t, p } = device;
  const { localKek, authSecret, vaultKek } = await derivePasswordKeys({
    password,
    serverName,
    username,
    serverSalt,
    mKib,
    t,
    p,
  });
  zero(authSecret, vaultKek);
  const ldk = openWithPassword(device, localKek);
  zero(localKek);
  if (!ldk) throw new CoreFault('password-wrong');
  return { db: openDatabase(storage, ldk), device };
}
