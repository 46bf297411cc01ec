/**
 * Devices with which sessions began by a carried list that is not the known one yet (MP2P/1 §2). No known list names
 * them, so without this memory one that was removed before its list was adopted would keep its session.
 *
 * @typedef {object} DeviceAhead
 * @property {number} device
 * @property {number} listVersion of the list that it came by
 */

const MOST = 64;

/**
 * @param {DeviceAhead[] | undefined} ahead undefined in rows of before
 * @param {DeviceAhead} came
 * @returns {DeviceAhead[]}
 */
export function noteAhead(ahead = [], came) {
  const known = ahead.find(({ device }) => device === came.device);
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
 * Of which devices a list decides: it names them, or they have been removed.
 *
 * @param {DeviceAhead[] | undefined} ahead
 * @param {number} listVersion
 * @returns {{ reached: number[], ahead: DeviceAhead[] }} ahead: of later lists still
 */
export function reachedBy(ahead = [], listVersion) {
  const isReached = (/** @type {DeviceAhead} */ entry) => entry.listVersion <= listVersion;
  return {
    reached: ahead.filter(isReached).map(({ device }) => device),
    ahead: ahead.filter((entry) => !isReached(entry)),
  };
}
