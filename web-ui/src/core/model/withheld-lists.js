/** A server that does not answer for device lists, and pins that know more than a device does. */
import { NetworkError } from '../api/errors.js';
import { toBase64url } from '../crypto/bytes.js';

/**
 * From now on a device that starts gets no device list for as long as `away` stands.
 *
 * @param {import('./server-double.js').ServerDouble} server
 */
export function withholdLists(server) {
  const lists = { away: true };
  const rest = server.rest.bind(server);
  server.rest = (caller, isAlive) => {
    const calls = rest(caller, isAlive);
    const deviceLists = (/** @type {any[]} */ ...params) =>
      lists.away ? Promise.reject(new NetworkError(null)) : calls.deviceLists(...params);
    return { ...calls, deviceLists };
  };
  return lists;
}

/**
 * The vault says of its one contact that its list is this one.
 *
 * @param {import('./test-device.js').TestAccount} account
 * @param {{ listVersion: number, hash: Uint8Array }} list
 */
export function pinList(account, { listVersion, hash }) {
  account.pins = account.pins.map((pin) => ({
    ...pin,
    ...{ list_version: listVersion, dlc_hash: toBase64url(hash) },
  }));
}
