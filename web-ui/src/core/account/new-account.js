/**
 * What an account begins with (MP2P/1 §2, §9.3): an identity, one device on the first list, a full stock of prekeys and
 * the vault.
 *
 * @typedef {import('../api/rest.js').ServerFacts} ServerFacts
 * @typedef {import('../crypto/password.js').KdfParameters} KdfParameters
 */
import { accountIdOf } from '../crypto/account-id.js';
import { toBase64url } from '../crypto/bytes.js';
import { decodeDeviceList, signDeviceList } from '../crypto/device-list.js';
import { newSigningKey } from '../crypto/keys.js';
import { randomBytes } from '../crypto/random.js';
import { createVault } from '../crypto/vault.js';
import { makeDevice, prekeyRecords } from './new-device.js';
import { entryOf, ownPin } from './own-list.js';
import { sealable } from './vault-store.js';

/**
 * @param {object} account
 * @param {string} account.username
 * @param {KdfParameters} account.kdf what `keys` were derived with
 * @param {{ authSecret: Uint8Array, vaultKek: Uint8Array }} account.keys of the password
 * @param {Pick<ServerFacts, 'logKey'>} account.server
 * @param {number} account.nowMs
 */
export function newAccount({ username, kdf, keys, server, nowMs }) {
  const identity = newSigningKey();
  const aik = identity.publicKey;
  const accountId = accountIdOf(aik);
  const { deviceId, dsk, dhk, prekeys } = makeDevice(nowMs);
  const entry = entryOf({ accountId, aik, deviceId, dsk, dhk }, nowMs);
  const list = decodeDeviceList(
    signDeviceList({ aikSeed: identity.seed, listVersion: 1, issuedMs: nowMs, devices: [entry] }),
  );
  const items = {
    delivery_key: newKey(),
    backup_keys: [{ gen: 1, key: newKey() }],
    unlock_keys: [{ gen: 1, key: newKey(), added_ms: nowMs }],
    ...(server.logKey ? { log_key: server.logKey } : {}),
    left: [],
    pins: [ownPin(list)],
    settings: {},
  };
  const { bytes: vault, vrk } = createVault({
    accountId,
    vaultKek: keys.vaultKek,
    kdf,
    items: sealable(items, toBase64url(identity.seed)),
  });
  /** Body of POST /accounts (§20). */
  const request = {
    username,
    m_kib: kdf.mKib,
    t: kdf.t,
    p: kdf.p,
    auth_secret: toBase64url(keys.authSecret),
    dlc: toBase64url(list.bytes),
    prekeys: prekeyRecords(prekeys, { accountId, deviceId, dskSeed: dsk.seed }),
    vault: toBase64url(vault),
  };
  return { accountId, aik, deviceId, dsk, dhk, prekeys, list, items, vault, vrk, request };
}

const newKey = () => toBase64url(randomBytes(32));
