/**
 * What this device knows of another account: identity, highest-seen device list, acceptance of both sides.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('../engine-contract.js').Pin} Pin
 *
 * @typedef {object} Contact
 * @property {Uint8Array} accountId
 * @property {Uint8Array | null} aik null until a device list or a pin brought it
 * @property {string} username the account's claim; shown by `nameState` only (§6.1 PROFILE)
 * @property {'checked' | 'unchecked' | 'conflict'} nameState
 * @property {'none' | 'accepted' | 'blocked'} state our side (§6.4)
 * @property {boolean} theyAccepted the other side: something authenticated came from it (§6.4)
 * @property {boolean} verified safety number compared
 * @property {Uint8Array | null} deliveryKey of `deliver` and `watch` (§6.3)
 * @property {Uint8Array | null} list highest-seen device list, verified
 * @property {number} listVersion highest seen, of `list` or of the vault's pin
 * @property {Uint8Array | null} listHash
 * @property {import('./devices-ahead.js').DeviceAhead[]} [ahead] came by a list further ahead, not adopted yet (§2)
 * @property {number} claimedVersion highest sender_list_version that an authenticated content claimed (§2)
 * @property {number} staleSinceMs when the server first gave less than the claimed version, 0: it did not
 * @property {boolean} identityWarning E_DLC or E_KT: nothing is sent to it
 * @property {boolean} forked its key has signed two lists that contradict each other: the warning does not end by itself
 * @property {number[]} profiled devices that our newest PROFILE was queued for
 * @property {{ conv: Uint8Array, msgId: Uint8Array }[]} unreceipted contents without a row, receipted at acceptance
 * @property {boolean} pinDue the vault does not hold this state yet
 * @property {number} changedMs pin `at`
 * @property {number} [trustedMs] pin `trusted_at`, when the user trusted this list again, here or on another own device
 * @property {number} [rivalMs] `trusted_at` of a pin that contradicts: the user's next decision comes after it
 */
import { accountIdOf } from '../crypto/account-id.js';
import { equal, fromBase64url, toBase64url } from '../crypto/bytes.js';
import { forked } from './identity-evidence.js';

/**
 * @param {Uint8Array} accountId
 * @param {number} nowMs
 * @returns {Contact}
 */
export function newContact(accountId, nowMs) {
  return {
    accountId,
    aik: null,
    username: '',
    nameState: 'unchecked',
    state: 'none',
    theyAccepted: false,
    verified: false,
    deliveryKey: null,
    list: null,
    listVersion: 0,
    listHash: null,
    ahead: [],
    claimedVersion: 0,
    staleSinceMs: 0,
    identityWarning: false,
    forked: false,
    profiled: [],
    unreceipted: [],
    pinDue: false,
    changedMs: nowMs,
  };
}

/**
 * @param {Pick<Scratch, 'get'>} scratch
 * @param {Uint8Array} accountId
 * @returns {Promise<Contact | undefined>}
 */
export const loadContact = (scratch, accountId) => scratch.get('contacts', [accountId]);

/**
 * @param {Scratch} scratch
 * @param {Contact} contact
 */
export const putContact = (scratch, contact) => scratch.put('contacts', [contact.accountId], contact);

/**
 * Whether another device list counts now.
 *
 * @param {Contact} contact
 * @param {Contact | undefined} before
 */
export const hasOtherList = ({ list }, before) =>
  list !== null && !(before?.list && equal(list, before.list));

/** @param {Contact | undefined} contact */
export const isAccepted = (contact) => contact?.state === 'accepted';

/**
 * P, R, receipts and everything else that is not a content with seq or a PROFILE (§6.4).
 *
 * @param {Contact | undefined} contact
 */
export const bothAccepted = (contact) =>
  contact?.state === 'accepted' && contact.theyAccepted && !contact.identityWarning;

/**
 * @param {Contact} contact
 * @returns {Pin}
 */
export function pinOf(contact) {
  return {
    account_id: toBase64url(contact.accountId),
    aik: toBase64url(contact.aik ?? new Uint8Array()),
    ...(contact.username && { username: contact.username }),
    state: contact.state,
    they_accepted: contact.theyAccepted,
    verified: contact.verified,
    list_version: contact.listVersion,
    dlc_hash: toBase64url(contact.listHash ?? new Uint8Array(32)),
    ...(contact.deliveryKey && { delivery_key: toBase64url(contact.deliveryKey) }),
    at: contact.changedMs,
    ...(contact.trustedMs && { trusted_at: contact.trustedMs }),
  };
}

/**
 * When something changes that a pin dates: after what is known, though a clock stood ahead then.
 *
 * @param {Contact} contact
 * @param {number} nowMs
 */
export const changeMs = ({ changedMs }, nowMs) => Math.max(nowMs, changedMs + 1);

/**
 * Merges what the vault or another own device knows (§9.3 *Update*). A pin whose AIK is not that of the account id is
 * forged, and nothing of it is taken. `none` is what a stranger is that nobody has decided about: any decision counts
 * before it, whenever it was made. One that knows the same version by another hash proves a fork, unless the user
 * has decided here since that hash was trusted.
 *
 * @param {Contact} contact
 * @param {Pin} pin
 * @returns {Contact} the same one if nothing is taken
 */
export function withPin(contact, pin) {
  const aik = fromBase64url(pin.aik);
  if (!equal(accountIdOf(aik), contact.accountId)) return contact;
  const newer = pin.at > contact.changedMs || contact.aik === null;
  const knowsLater = pin.list_version > contact.listVersion;
  return {
    ...(contradicts(contact, pin) ? contradicted(contact, pin) : contact),
    aik,
    theyAccepted: contact.theyAccepted || pin.they_accepted,
    verified: contact.verified || pin.verified,
    // a version known from a pin alone binds what the server may answer; the list itself is fetched
    listVersion: knowsLater ? pin.list_version : contact.listVersion,
    listHash: knowsLater ? fromBase64url(pin.dlc_hash) : contact.listHash,
    trustedMs: knowsLater ? pin.trusted_at : latestTrust(contact, pin),
    ...(!newer && contact.state === 'none' && pin.state !== 'none' && decided(contact, pin)),
    ...(newer && {
      state: pin.state,
      username: pin.username ?? contact.username,
      nameState: pin.username && pin.username !== contact.username ? 'unchecked' : contact.nameState,
      deliveryKey: pin.delivery_key ? fromBase64url(pin.delivery_key) : contact.deliveryKey,
      changedMs: pin.at,
    }),
  };
}

/**
 * @param {Contact} contact
 * @param {Pin} pin
 */
const contradicts = ({ listVersion, listHash, trustedMs = 0 }, pin) =>
  listHash !== null &&
  pin.list_version === listVersion &&
  (pin.trusted_at ?? 0) >= trustedMs &&
  !equal(fromBase64url(pin.dlc_hash), listHash);

/**
 * @param {Contact} contact
 * @param {Pin} pin
 * @returns {Contact}
 */
const contradicted = (contact, { trusted_at: trustedAt = 0 }) => ({
  ...forked(contact),
  rivalMs: Math.max(contact.rivalMs ?? 0, trustedAt),
});

/**
 * The decision for one hash is none for another.
 *
 * @param {Contact} contact
 * @param {Pin} pin
 */
function latestTrust({ listVersion, listHash, trustedMs }, pin) {
  const isSameList =
    listHash !== null && pin.list_version === listVersion && equal(fromBase64url(pin.dlc_hash), listHash);
  return isSameList && pin.trusted_at ? Math.max(trustedMs ?? 0, pin.trusted_at) : trustedMs;
}

/**
 * A decision from before the stranger came here, who may have a newer name and delivery key since.
 *
 * @param {Contact} contact
 * @param {Pin} pin
 * @returns {Partial<Contact>}
 */
const decided = ({ username, deliveryKey }, pin) => ({
  state: pin.state,
  username: username || (pin.username ?? ''),
  deliveryKey: deliveryKey ?? (pin.delivery_key ? fromBase64url(pin.delivery_key) : null),
  pinDue: true,
  changedMs: pin.at,
});
