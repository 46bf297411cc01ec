/**
 * What this device remembers of its account's devices: whom it has introduced itself to, and who is gone.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 *
 * @typedef {object} Gone a device that has left the own list; rows here may be of its writing
 * @property {number} device
 * @property {boolean} sessionsEnded its sessions serve until the mailbox has been drained (MP2P/1 §2)
 * @property {number} repeatMs when its messages without receipt are repeated; 0: that is done, or not for us to do
 *
 * @typedef {object} OwnRow
 * @property {'own'} row
 * @property {number} [device] this device, when the row was written
 * @property {number[]} devices other own devices that it has introduced itself to
 * @property {Gone[]} [gone]
 * @property {number} [untold] a setting was changed here after this version of the vault, and nobody was told of it
 * @property {number} [checked] greatest number of a check of the own list that the server has answered
 * @property {import('../contact/devices-ahead.js').DeviceAhead[]} [ahead] came by a list not adopted yet
 */

/** Beside the contacts, which have an account id. @type {import('../engine-contract.js').KeyPart[]} */
const KEY = ['own'];

/**
 * @param {Pick<Scratch, 'get'>} scratch
 * @returns {Promise<OwnRow>}
 */
export const loadOwnRow = async (scratch) =>
  (await scratch.get('contacts', KEY)) ?? { row: 'own', devices: [] };

/**
 * @param {Scratch} scratch
 * @param {OwnRow} row
 */
export const putOwnRow = (scratch, row) => scratch.put('contacts', KEY, row);
