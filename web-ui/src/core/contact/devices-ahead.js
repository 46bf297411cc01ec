/**
 * Devices with which sessions began by a carried list that is not the known one yet (MP2P/1 §2). No known list names
 * them, so without this memory one that was removed before its list was adopted would keep its session. A list ahead
 * may be a thief's, who gives the id of a device to other keys.
 *
 * @typedef {import('../crypto/device-list.js').DeviceList['devices'][number]} Device
 *
 * @typedef {object} DeviceAhead
 * @property {number} device
 * @property {Uint8Array} [keys] that the session began with: DSK, DHK; not in rows of before
 * @property {number} listVersion of the list that it came by
 */
import { concat, equal } from '../crypto/bytes.js';

const MOST = 64;

/** @param {Pick<Device, 'dsk' | 'dhk'>} device */
const keysOf = ({ dsk, dhk }) => concat(dsk, dhk);

/**
 * @param {Device} device
 * @param {number} listVersion
 * @returns {DeviceAhead}
 */
export const deviceAhead = ({ deviceId, dsk, dhk }, listVersion) => ({
  device: deviceId,
  keys: keysOf({ dsk, dhk }),
  listVersion,
});

/**
 * @param {DeviceAhead[] | undefined} ahead undefined in rows of before
 * @param {DeviceAhead} came
 * @returns {DeviceAhead[]}
 */
export function noteAhead(ahead = [], came) {
  const known = ahead.find(({ device, keys }) => device === came.device && sameKeys(keys, came.keys));
  if (known && known.listVersion >= came.listVersion) return ahead;
  return [...ahead.filter((other) => other !== known), came];
}

/**
 * An account can sign lists of ever other devices, as far ahead as it likes.
 *
 * @param {DeviceAhead[]} ahead
 * @returns {{ kept: DeviceAhead[], tooMany: number[] }} tooMany: devices that came first
 */
export const boundAhead = (ahead) => ({
  kept: ahead.slice(-MOST),
  tooMany: ahead.slice(0, -MOST).map(({ device }) => device),
});

/**
 * Of which devices a list decides: it names them, or their sessions end.
 *
 * @param {DeviceAhead[] | undefined} ahead
 * @param {number} listVersion
 * @returns {{ reached: DeviceAhead[], ahead: DeviceAhead[] }} ahead: of later lists still
 */
export function reachedBy(ahead = [], listVersion) {
  const isReached = (/** @type {DeviceAhead} */ entry) => entry.listVersion <= listVersion;
  return {
    reached: ahead.filter(isReached),
    ahead: ahead.filter((entry) => !isReached(entry)),
  };
}

/**
 * @param {DeviceAhead[]} reached
 * @param {Device[]} devices of the list
 * @returns {number[]} that it does not name, or with other keys than those of the session
 */
export function endedBy(reached, devices) {
  const isNamed = (/** @type {DeviceAhead} */ { device, keys }) =>
    devices.some((named) => named.deviceId === device && (!keys || equal(keys, keysOf(named))));
  return [...new Set(reached.filter((entry) => !isNamed(entry)).map(({ device }) => device))];
}

/**
 * @param {Uint8Array | undefined} a
 * @param {Uint8Array | undefined} b
 */
const sameKeys = (a, b) => (a && b ? equal(a, b) : a === b);
