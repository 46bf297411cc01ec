/**
 * Rows of the store `keys`: what this device is and holds (MP2P/1 §9.7).
 *
 * @typedef {import('../engine-contract.js').Tx} Tx
 * @typedef {import('../engine-contract.js').VaultItems} VaultItems
 * @typedef {import('../crypto/keys.js').SigningKey} SigningKey
 * @typedef {import('../crypto/keys.js').AgreementKey} AgreementKey
 *
 * @typedef {object} DeviceKeysRow
 * @property {SigningKey} dsk
 * @property {AgreementKey} dhk
 * @property {Uint8Array} aik public
 * @property {boolean} joined
 * @property {number[]} formerDeviceIds devices that this database belonged to before signing in again
 * @property {number} mailboxTtlDays
 *
 * @typedef {object} VaultRow
 * @property {Uint8Array} vrk
 * @property {Uint8Array} blob the newest vault seen on the server
 * @property {VaultItems} items those of the blob with local changes, without the seed of the identity key
 * @property {boolean} dirty there are local changes to push
 *
 * @typedef {object} ListRow
 * @property {Uint8Array} bytes newest verified own list
 *
 * @typedef {object} AttemptRow the request that makes this device known, as it was or will be sent
 * @property {string} json
 */

export const DEVICE_KEYS = ['device'];
export const VAULT = ['vault'];
export const OWN_LIST = ['list'];
export const ATTEMPT = ['attempt'];

/**
 * @param {Tx} tx
 * @param {{ device: DeviceKeysRow, vault: VaultRow, list: Uint8Array, attempt: string }} rows
 */
export function putKeyRows(tx, { device, vault, list, attempt }) {
  tx.put('keys', DEVICE_KEYS, device);
  tx.put('keys', VAULT, vault);
  tx.put('keys', OWN_LIST, { bytes: list });
  tx.put('keys', ATTEMPT, { json: attempt });
}
