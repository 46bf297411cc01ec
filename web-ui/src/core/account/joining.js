/**
 * Signing in: this browser becomes a new device of an account that exists (MP2P/1 §2 *First acts of a new
 * device*): login, vault, own list checked against the own pin, keys and request committed, then PUT devices.
 *
 * @typedef {import('./registration.js').Place} Place
 * @typedef {import('./registration.js').KnownDevice} KnownDevice
 * @typedef {import('./device-record.js').DeviceRecord} DeviceRecord
 * @typedef {import('./key-rows.js').DeviceKeysRow} DeviceKeysRow
 * @typedef {import('./key-rows.js').ListRow} ListRow
 * @typedef {import('../crypto/device-list.js').DeviceList} DeviceList
 * @typedef {Awaited<ReturnType<typeof deriveForLogin>>} Login
 * @typedef {import('./join-request.js').Entered} Entered
 */
import { Rest } from '../api/rest.js';
import { accountIdOf } from '../crypto/account-id.js';
import { equal, fromBase64url, zero } from '../crypto/bytes.js';
import { decodeDeviceList } from '../crypto/device-list.js';
import { ProtocolError } from '../crypto/errors.js';
import { signingKeyOf } from '../crypto/keys.js';
import { randomBytes } from '../crypto/random.js';
import { openVault } from '../crypto/vault.js';
import { openDatabase } from '../db/database.js';
import { CoreFault } from '../fault.js';
import { isEntered, makeDeviceRecord, openWithPassword, openWithUnlockKey } from './device-record.js';
import { joinRequest, newestOwnList, putUntilListed } from './join-request.js';
import { ATTEMPT, DEVICE_KEYS, OWN_LIST, putKeyRows } from './key-rows.js';
import { deriveForLogin } from './login-parameters.js';
import { makeDevice, prekeyRecords } from './new-device.js';
import { entryOf, listWith } from './own-list.js';
import { putPrekeyRows } from './prekey-stock.js';
import { earlierAttempt, finishRegistration, isRefusal } from './registration.js';
import { withoutSeed } from './vault-store.js';

/** What a device that is signed in again leaves behind: bound to its old keys (§2). */
const BOUND_TO_DEVICE = /** @type {const} */ (['sessions', 'skipped', 'prekeys', 'retry']);

/**
 * @param {Place} place
 * @param {string} username
 * @param {Uint8Array} password transferred
 * @returns {Promise<KnownDevice>}
 */
export async function signIn(place, username, password) {
  const device = await registered(place, username, password);
  if (device) {
    zero(password);
    return device;
  }
  const login = await deriveForLogin({ ...place, username, password });
  try {
    return await join(place, username, login);
  } finally {
    zero(...Object.values(login.keys));
  }
}

/**
 * @param {Place} place
 * @param {string} username
 * @param {Uint8Array} password left as it is
 * @returns {Promise<KnownDevice | null>} null: no registration is open here, or somebody else has its name
 */
async function registered(place, username, password) {
  const attempt = await earlierAttempt(place, username, password);
  if (!attempt) return null;
  try {
    return await finishRegistration(place, attempt);
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}

/** @param {Place} place @param {string} username @param {Login} login @returns {Promise<KnownDevice>} */
async function join(place, username, login) {
  const entered = await enter(place, username, login);
  try {
    const { db, device } = await joiningDevice(place, username, login, entered);
    await putUntilListed(entered, db, device.deviceId);
    const active = { ...device, state: /** @type {const} */ ('active') };
    await db.commitWithDevice(active, (tx) => tx.delete('keys', ATTEMPT));
    return { db, device: active };
  } finally {
    zero(entered.aikSeed);
  }
}

/** @param {Place} place @param {string} username @param {Login} login @returns {Promise<Entered>} */
async function enter({ origin }, username, { kdf, keys }) {
  const api = new Rest(origin);
  const { accountId, pendingToken } = await api.login(username, keys.authSecret);
  const { vault } = await api.vault(pendingToken);
  const { vrk, items } = open(() => openVault({ accountId, vaultKek: keys.vaultKek, kdf }, vault));
  const { publicKey: aik, seed: aikSeed } = signingKeyOf(fromBase64url(items.aik_seed));
  if (!equal(accountIdOf(aik), accountId)) throw new CoreFault('identity-broken');
  return { api, pendingToken, accountId, aik, aikSeed, vrk, vault, items: withoutSeed(items) };
}

/**
 * The device that joins, committed with its request: a new one, one whose answer never came, or a new one on the
 * database of a device that the server has signed out.
 *
 * @param {Place} place
 * @param {string} username
 * @param {Login} login
 * @param {Entered} entered
 * @returns {Promise<KnownDevice>}
 */
async function joiningDevice(place, username, login, entered) {
  /** @type {DeviceRecord | undefined} */
  const held = await place.storage.meta('device');
  const ours = held?.username === username && equal(held.accountId, entered.accountId);
  if (!held || (!ours && !isEntered(held))) return begin(place, username, login, entered);
  if (!ours) throw new CoreFault('other-account');
  const ldk = openWithPassword(held, login.keys.localKek) ?? openWithUnlockKey(held, entered.items);
  if (!ldk && isEntered(held)) throw new CoreFault('password-wrong');
  if (!ldk) return begin(place, username, login, entered);
  if (held.state === 'joining') return { db: openDatabase(place.storage, ldk), device: held };
  return begin(place, username, login, entered, { ldk, former: held.deviceId });
}

/**
 * @param {Place} place
 * @param {string} username
 * @param {Login} login
 * @param {Entered} entered
 * @param {{ ldk: Uint8Array, former: number }} [kept] of the device that this database belonged to
 * @returns {Promise<KnownDevice>}
 */
async function begin({ storage, serverName }, username, { kdf, keys, server }, entered, kept) {
  const { accountId, aik, aikSeed, vrk, vault, items } = entered;
  const ldk = kept?.ldk ?? randomBytes(32);
  const db = openDatabase(storage, ldk);
  const former = kept ? await formerOf(db, kept.former) : { deviceIds: [], list: null };
  const list = await newestOwnList(entered, former.list);
  const nowMs = Date.now();
  const usedIds = [...list.devices.map(({ deviceId }) => deviceId), ...items.left, ...former.deviceIds];
  const { deviceId, dsk, dhk, prekeys } = makeDevice(nowMs, usedIds);
  const next = listWith({
    list,
    aikSeed,
    entry: entryOf({ accountId, aik, deviceId, dsk, dhk }, nowMs),
    left: [...items.left, ...former.deviceIds],
    nowMs,
  });
  const device = makeDeviceRecord({
    state: 'joining',
    keepsContent: kept !== undefined,
    username,
    serverName,
    accountId,
    deviceId,
    kdf,
    localKek: keys.localKek,
    ldk,
    items,
  });
  if (!kept) await storage.erase(); // an earlier attempt with another name or password
  await db.commitWithDevice(device, (tx) => {
    for (const store of BOUND_TO_DEVICE) tx.deleteAll(store, []);
    putKeyRows(tx, {
      device: {
        dsk,
        dhk,
        aik,
        joined: true,
        formerDeviceIds: former.deviceIds,
        mailboxTtlDays: server.mailboxTtlDays,
      },
      vault: { vrk, blob: vault, items, dirty: false },
      list: next.bytes,
      attempt: joinRequest(next, prekeyRecords(prekeys, { accountId, deviceId, dskSeed: dsk.seed })),
    });
    putPrekeyRows(tx, prekeys);
  });
  return { db, device };
}

/**
 * @param {import('../db/database.js').Database} db
 * @param {number} deviceId
 * @returns {Promise<{ deviceIds: number[], list: DeviceList | null }>}
 */
async function formerOf(db, deviceId) {
  const [keys, list] = await db.getMany('keys', [DEVICE_KEYS, OWN_LIST]);
  const before = /** @type {DeviceKeysRow | undefined} */ (keys)?.formerDeviceIds ?? [];
  const row = /** @type {ListRow | undefined} */ (list);
  return { deviceIds: [...before, deviceId], list: row ? decodeDeviceList(row.bytes) : null };
}

/**
 * A vault that the right password does not open was not made by this user.
 *
 * @template T
 * @param {() => T} opening
 * @returns {T}
 */
function open(opening) {
  try {
    return opening();
  } catch (cause) {
    if (cause instanceof ProtocolError && cause.code !== 'E_KDF') {
      throw new CoreFault('identity-broken', { cause });
    }
    throw cause;
  }
}
