import { accountIdOf } from '../src/core/crypto/account-id.js';
import { decodeDeviceList, signDeviceEntry, signDeviceList } from '../src/core/crypto/device-list.js';
import { newAgreementKey, newKemKey, newSigningKey } from '../src/core/crypto/keys.js';
import { PREKEY, signPrekey } from '../src/core/crypto/prekey.js';
import { randomU32 } from '../src/core/crypto/random.js';

/** Accounts and devices with real keys for tests. */

export const T0 = 1_700_000_000_000;

/** @typedef {ReturnType<typeof newAccount>} Account */
/** @typedef {ReturnType<typeof newDevice>} Device */

export function newAccount() {
  const key = newSigningKey();
  return { aik: key.publicKey, aikSeed: key.seed, accountId: accountIdOf(key.publicKey) };
}

/** @param {Account} account */
export function newDevice(account) {
  const dsk = newSigningKey();
  const dhk = newAgreementKey();
  const identity = {
    accountId: account.accountId,
    aik: account.aik,
    deviceId: randomU32(),
    dsk: dsk.publicKey,
    dhk: dhk.publicKey,
  };
  const entry = signDeviceEntry({ ...identity, dskSeed: dsk.seed, addedMs: T0, flags: 1 });
  return { identity, entry, dskSeed: dsk.seed, dhkSecret: dhk.secretKey };
}

/**
 * @param {Account} account
 * @param {Device[]} devices
 * @param {import('../src/core/crypto/device-list.js').DeviceList} [previous]
 */
export function listOf(account, devices, previous) {
  return decodeDeviceList(
    signDeviceList({
      aikSeed: account.aikSeed,
      listVersion: (previous?.listVersion ?? 0) + 1,
      issuedMs: T0,
      prevHash: previous?.hash,
      devices: devices.map((device) => device.entry),
    }),
  );
}

/**
 * @param {Device} device
 * @param {1 | 2 | 3 | 4} kind
 * @param {number} [createdMs]
 */
export function newPrekey(device, kind, createdMs = T0) {
  const kem = kind === PREKEY.KEM_LAST_RESORT || kind === PREKEY.KEM_ONE_TIME;
  const agreement = newAgreementKey();
  const kemKey = newKemKey();
  const own = {
    keyId: randomU32(),
    createdMs,
    publicKey: kem ? kemKey.publicKey : agreement.publicKey,
    secret: kem ? kemKey.seed : agreement.secretKey,
  };
  const { accountId, deviceId } = device.identity;
  const record = signPrekey({ dskSeed: device.dskSeed, accountId, deviceId, kind, ...own });
  return { kind, own, record };
}
