/**
 * Creating an account (MP2P/1 §2 *Life of a device*, §9): keys and request are committed before the request
 * leaves, so that after a crash the same bytes are sent again and the server knows them.
 *
 * @typedef {import('../db/storage.js').Storage} Storage
 * @typedef {import('../db/database.js').Database} Database
 * @typedef {import('./device-record.js').DeviceRecord} DeviceRecord
 * @typedef {{ db: Database, device: DeviceRecord }} KnownDevice
 * @typedef {{ storage: Storage, origin: string, serverName: string }} Place
 */
import { ApiError } from '../api/errors.js';
import { Rest } from '../api/rest.js';
import { equal, fromBase64url, zero } from '../crypto/bytes.js';
import { randomBytes } from '../crypto/random.js';
import { openDatabase } from '../db/database.js';
import { StorageError } from '../db/storage-error.js';
import { CoreFault } from '../fault.js';
import { isEntered, makeDeviceRecord } from './device-record.js';
import { ATTEMPT, putKeyRows } from './key-rows.js';
import { deriveForLogin, loginParameters } from './login-parameters.js';
import { newAccount } from './new-account.js';
import { putPrekeyRows } from './prekey-stock.js';
import { unlock } from './unlock.js';

/** §9.1: characters of a new password. */
const MINIMUM = 12;

/**
 * @param {Place} place
 * @param {string} username
 * @param {Uint8Array} password transferred
 * @returns {Promise<KnownDevice>}
 * @throws {CoreFault} registration-begun: with another password
 */
export async function createAccount(place, username, password) {
  const earlier = await earlierAttempt(place, username, password);
  if (earlier) {
    zero(password);
    return finishRegistration(place, earlier);
  }
  const login = await deriveForLogin({ ...place, username, password, minimum: MINIMUM });
  try {
    return await register(place, await beginAttempt(place, username, login));
  } finally {
    zero(...Object.values(login.keys));
  }
}

/**
 * A registration that was committed here and whose answer never came. The password is tried with the parameters that
 * it was begun with: for a name without account the server may name others by now.
 *
 * @param {Place} place
 * @param {string} username
 * @param {Uint8Array} password left as it is
 * @returns {Promise<KnownDevice | null>} null: there is none that this name and password belong to
 * @throws {import('./login-parameters.js').WrongHost}
 */
export async function earlierAttempt(place, username, password) {
  /** @type {DeviceRecord | undefined} */
  const device = await place.storage.meta('device');
  if (device?.state !== 'registering' || device.username !== username) return null;
  await loginParameters(place, username);
  try {
    return await unlock(place, device, password.slice());
  } catch (error) {
    if (error instanceof CoreFault && error.code === 'password-wrong') return null;
    throw error;
  }
}

/**
 * Sends the request of an earlier attempt again. It may have succeeded long ago, and the server recognises the same
 * bytes for a day alone (§20): after a refusal a login says whether the account is there.
 *
 * @param {Place} place
 * @param {KnownDevice} attempt
 * @returns {Promise<KnownDevice>}
 * @throws {ApiError} `isRefusal`: there is no such account, and the attempt is erased
 */
export async function finishRegistration(place, attempt) {
  const api = new Rest(place.origin);
  const json = await requestOf(attempt);
  try {
    await send(api, json, attempt.device);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (!(await isRegistered(api, json, attempt.device))) {
      await place.storage.erase();
      throw error;
    }
  }
  return activate(attempt);
}

/** The server will never take these bytes. @param {unknown} error */
export function isRefusal(error) {
  return error instanceof ApiError && [400, 409, 413, 422].includes(error.status);
}

/**
 * A first request: what is refused exists nowhere. Without an answer, or with one that says "later", the attempt
 * stays.
 *
 * @param {Place} place
 * @param {KnownDevice} attempt
 */
async function register({ storage, origin }, attempt) {
  try {
    await send(new Rest(origin), await requestOf(attempt), attempt.device);
  } catch (error) {
    if (isRefusal(error)) await storage.erase();
    throw error;
  }
  return activate(attempt);
}

/** @param {KnownDevice} attempt */
async function requestOf({ db }) {
  const row = /** @type {{ json: string } | undefined} */ (await db.get('keys', ATTEMPT));
  if (!row) throw new StorageError('storage-broken', 'the request to register is missing');
  return row.json;
}

/** @param {Rest} api @param {string} json @param {DeviceRecord} device */
async function send(api, json, { accountId }) {
  const answer = await api.createAccount(json);
  if (!equal(answer.accountId, accountId)) throw new CoreFault('identity-broken');
}

/** @param {Rest} api @param {string} json @param {DeviceRecord} device */
async function isRegistered(api, json, { username, accountId }) {
  try {
    const answer = await api.login(username, fromBase64url(JSON.parse(json).auth_secret));
    return equal(answer.accountId, accountId);
  } catch (error) {
    if (error instanceof ApiError && error.is('credentials-wrong')) return false;
    throw error;
  }
}

/** @param {KnownDevice} attempt @returns {Promise<KnownDevice>} */
async function activate({ db, device }) {
  const active = { ...device, state: /** @type {const} */ ('active') };
  await db.commitWithDevice(active, (tx) => tx.delete('keys', ATTEMPT));
  return { db, device: active };
}

/**
 * @param {Place} place
 * @param {string} username
 * @param {Awaited<ReturnType<typeof deriveForLogin>>} login
 * @returns {Promise<KnownDevice>}
 */
async function beginAttempt({ storage, serverName }, username, { kdf, keys, server }) {
  /** @type {DeviceRecord | undefined} */
  const held = await storage.meta('device');
  if (held && isEntered(held)) throw new CoreFault('other-account');
  if (held?.state === 'registering' && held.username === username) throw new CoreFault('registration-begun');
  const account = newAccount({ username, kdf, keys, server, nowMs: Date.now() });
  const { accountId, deviceId, dsk, dhk, aik, items } = account;

  const ldk = randomBytes(32);
  const device = makeDeviceRecord({
    state: 'registering',
    keepsContent: false,
    username,
    serverName,
    accountId,
    deviceId,
    kdf,
    localKek: keys.localKek,
    ldk,
    items,
  });
  const db = openDatabase(storage, ldk);
  await storage.erase(); // an earlier attempt with another name
  await db.commitWithDevice(device, (tx) => {
    putKeyRows(tx, {
      device: { dsk, dhk, aik, joined: false, formerDeviceIds: [], mailboxTtlDays: server.mailboxTtlDays },
      vault: { vrk: account.vrk, blob: account.vault, items, dirty: false },
      list: account.list.bytes,
      attempt: JSON.stringify(account.request),
    });
    putPrekeyRows(tx, account.prekeys);
  });
  return { db, device };
}
