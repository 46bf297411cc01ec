/**
 * What every new device makes for itself, whether it begins an account or joins one (MP2P/1 §2, §9.5).
 *
 * @typedef {import('../engine-contract.js').PrekeyRow} PrekeyRow
 * @typedef {import('./key-rows.js').DeviceKeysRow} DeviceKeysRow
 */
import { toBase64url } from '../crypto/bytes.js';
import { newAgreementKey, newSigningKey } from '../crypto/keys.js';
import { randomU32 } from '../crypto/random.js';
import { recordOf } from './prekey-rows.js';
import { fullStock } from './prekey-stock.js';

/**
 * @param {number} nowMs
 * @param {number[]} [usedIds] a device id is never used twice
 */
export function makeDevice(nowMs, usedIds = []) {
  let deviceId = randomU32();
  while (usedIds.includes(deviceId)) deviceId = randomU32();
  return { deviceId, dsk: newSigningKey(), dhk: newAgreementKey(), prekeys: fullStock(nowMs) };
}

/**
 * @param {PrekeyRow[]} prekeys
 * @param {{ accountId: Uint8Array, deviceId: number, dskSeed: Uint8Array }} device
 */
export function prekeyRecords(prekeys, device) {
  return prekeys.map((row) => toBase64url(recordOf(row, device)));
}
