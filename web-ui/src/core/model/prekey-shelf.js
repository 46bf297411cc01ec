/**
 * What the server double keeps of a device's prekeys, as PrekeyStock meets it (MP2P/1 §20).
 *
 * @typedef {import('./server-double.js').Device} Device
 */
import { ApiError } from '../api/errors.js';
import { equal } from '../crypto/bytes.js';
import { decodePrekey, PREKEY } from '../crypto/prekey.js';

const CLOCK_TOLERANCE_MS = 86_400_000;

/** @param {Device} device */
export function digestOf({ spk, pql, opks, pqos }) {
  const id = (/** @type {Uint8Array} */ record) => decodePrekey(record).keyId;
  return { signed: id(spk), kemLastResort: id(pql), oneTime: opks.map(id), kemOneTime: pqos.map(id) };
}

/**
 * Appends; what is dated too far ahead is refused.
 *
 * @param {Device} device
 * @param {Uint8Array[]} records
 * @param {number} nowMs
 */
export function appendPrekeys(device, records, nowMs) {
  const prekeys = records.map(decodePrekey);
  if (prekeys.some(({ createdMs }) => createdMs > nowMs + CLOCK_TOLERANCE_MS))
    throw new ApiError(422, 'prekey-invalid');
  for (const { kind, bytes } of prekeys) {
    if (kind === PREKEY.SIGNED) device.spk = bytes;
    else if (kind === PREKEY.KEM_LAST_RESORT) device.pql = bytes;
    else if (kind === PREKEY.ONE_TIME) device.opks.push(bytes);
    else device.pqos.push(bytes);
  }
}

/**
 * @param {Device} device
 * @param {Uint8Array[]} records
 * @param {number} nowMs
 */
export function replacePrekeys(device, records, nowMs) {
  appendPrekeys(device, records, nowMs);
  const isNew = (/** @type {Uint8Array} */ held) => records.some((record) => equal(held, record));
  device.opks = device.opks.filter(isNew);
  device.pqos = device.pqos.filter(isNew);
}
