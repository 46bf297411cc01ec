import { padmeLength } from '../src/core/crypto/attachment.js';
import { fromHex, toBase64url, toHex, utf8 } from '../src/core/crypto/bytes.js';
import { conversationId } from '../src/core/crypto/content.js';
import { deliveryToken, deliveryTokenHash } from '../src/core/crypto/delivery-token.js';
import {
  decodeDeviceList,
  FLAG_CLI,
  signDeviceEntry,
  signDeviceList,
} from '../src/core/crypto/device-list.js';
import { agreementKeyOf, kemKeyOf, signingKeyOf } from '../src/core/crypto/keys.js';
import { wrapLocalKey, wrapLocalKeyByUnlockKey } from '../src/core/crypto/local-key.js';
import { signLogin } from '../src/core/crypto/login-proof.js';
import { PREKEY, signPrekey } from '../src/core/crypto/prekey.js';
import { safetyQr } from '../src/core/crypto/safety-number.js';
import { createVault } from '../src/core/crypto/vault.js';
import { encodeRefs, encodeRelayFrame, FRAME } from '../src/core/path/relay-frame.js';
import { contents, pinOfBob } from './content-vectors.js';
import { conversation, onlyDevice } from './conversation-vectors.js';
import { fixedBytes, withFixedRandomness } from './fixed-randomness.js';

/**
 * What mp2p-1-more.json holds, made by the product's own functions with fixed values for what is random. The people
 * and the password are those of mp2p-1.json.
 *
 * @typedef {any} Vectors the parsed mp2p-1.json
 */

const T0 = 1_700_000_000_000;
const base64 = (/** @type {string} */ name, length = 32) => toBase64url(fixedBytes(name, length));

/** @param {Vectors} base */
export function makeMore(base) {
  const prekeys = prekeyRecords(base);
  return {
    note: 'more vectors of MP2P/1, with the people and the password of mp2p-1.json; all values hex unless a name says otherwise',
    contents: contents(base),
    conversations: conversations(base),
    list: nextList(base),
    prekeys,
    ...conversation(base, prekeys),
    login: login(base),
    vault: vault(base, false),
    vaultWithRecovery: vault(base, true),
    localKey: localKey(base),
    delivery: delivery(),
    relay: relayFrames(base),
    qr: { alice: qrOf(base.alice, base.bob), bob: qrOf(base.bob, base.alice) },
    padme: [0, 1, 256, 257, 1000, 65_536, 70_000, 1_000_000, 5_000_000_000].map((length) => ({
      length,
      padded: padmeLength(length),
    })),
  };
}

/** @param {Vectors} base */
function conversations({ alice, bob }) {
  const [a, b] = [fromHex(alice.acct), fromHex(bob.acct)];
  return { aliceBob: toHex(conversationId(a, b)), aliceAlone: toHex(conversationId(a, a)) };
}

/** Version 2 of alice's list, which adds a device. @param {Vectors} base */
function nextList({ alice }) {
  const before = decodeDeviceList(fromHex(alice.dlc));
  const [dskSeed, dhkSk] = [fixedBytes('second dsk', 32), fixedBytes('second dhk', 32)];
  const device = {
    deviceId: 84_281_096,
    dsk: signingKeyOf(dskSeed).publicKey,
    dhk: agreementKeyOf(dhkSk).publicKey,
    addedMs: T0,
    flags: FLAG_CLI,
  };
  const { accountId, aik } = before;
  const entry = signDeviceEntry({ ...device, dskSeed, accountId, aik });
  const bytes = signDeviceList({
    aikSeed: fromHex(alice.aikSeed),
    listVersion: 2,
    issuedMs: T0 + 1,
    prevHash: before.hash,
    devices: [...before.devices, entry],
  });
  return {
    listVersion: 2,
    issuedMs: T0 + 1,
    prevHash: toHex(before.hash),
    added: {
      dev: device.deviceId,
      dskSeed: toHex(dskSeed),
      dsk: toHex(device.dsk),
      dhkSk: toHex(dhkSk),
      dhk: toHex(device.dhk),
      addedMs: device.addedMs,
      flags: device.flags,
      sig: toHex(entry.sig),
    },
    bytes: toHex(bytes),
    hash: toHex(decodeDeviceList(bytes).hash),
  };
}

/** One record of each kind, of bob. @param {Vectors} base */
function prekeyRecords({ bob }) {
  return Object.values(PREKEY).map((kind) => {
    const kem = kind === PREKEY.KEM_LAST_RESORT || kind === PREKEY.KEM_ONE_TIME;
    const secret = fixedBytes(`prekey ${kind}`, kem ? 64 : 32);
    const { publicKey } = kem ? kemKeyOf(secret) : agreementKeyOf(secret);
    const prekey = { kind, keyId: 100 + kind, createdMs: T0 + kind };
    const of = { dskSeed: fromHex(bob.dskSeed), accountId: fromHex(bob.acct), deviceId: bob.dev };
    const record = signPrekey({ ...of, ...prekey, publicKey });
    return { ...prekey, secret: toHex(secret), publicKey: toHex(publicKey), record: toHex(record) };
  });
}

/** @param {Vectors} base */
function login({ alice, password }) {
  const challenge = { nonce: fixedBytes('nonce', 32), serverName: password.server, expiryMs: T0 + 60_000 };
  const { accountId, deviceId } = onlyDevice(alice);
  const sig = signLogin({ ...challenge, dskSeed: fromHex(alice.dskSeed), accountId, deviceId });
  return { ...challenge, nonce: toHex(challenge.nonce), sig: toHex(sig) };
}

/**
 * @param {Vectors} base
 * @param {boolean} withRecovery
 */
function vault({ alice, bob, password }, withRecovery) {
  const recoveryKey = withRecovery ? fixedBytes('recovery key', 32) : undefined;
  const items = {
    aik_seed: toBase64url(fromHex(alice.aikSeed)),
    delivery_key: base64('delivery_key'),
    backup_keys: [{ gen: 1, key: base64('backup key') }],
    unlock_keys: [{ gen: 1, key: base64('unlock key'), added_ms: T0 }],
    left: [7],
    pins: [pinOfBob(bob)],
    settings: {},
  };
  const kdf = { mKib: password.m_kib, t: password.t, serverSalt: fromHex(password.serverSalt) };
  const given = { accountId: fromHex(alice.acct), vaultKek: fromHex(password.vaultKek), kdf, items };
  const { result, drawn } = withFixedRandomness(`vault ${withRecovery}`, () =>
    createVault({ ...given, ...(recoveryKey && { recoveryKey }), vrkGen: 2, vaultVersion: 3 }),
  );
  const nonces = drawn.slice(1).map(toHex);
  return {
    vrkGen: 2,
    vaultVersion: 3,
    vrk: toHex(result.vrk),
    ...(recoveryKey && { rk: toHex(recoveryKey), r2: nonces[1] }),
    r1: nonces[0],
    r: nonces.at(-1),
    json: JSON.stringify(items),
    bytes: toHex(result.bytes),
  };
}

/** @param {Vectors} base */
function localKey({ alice, password }) {
  const [ldk, unlockKey] = [fixedBytes('ldk', 32), fixedBytes('unlock key', 32)];
  const where = onlyDevice(alice);
  const { result, drawn } = withFixedRandomness('local key', () => [
    wrapLocalKey({
      localKek: fromHex(password.localKek),
      serverSalt: fromHex(password.serverSalt),
      ...where,
      ldk,
    }),
    wrapLocalKeyByUnlockKey({ unlockKey, gen: 1, ...where, ldk }),
  ]);
  const [byPassword, byUnlockKey] = result.map(toHex);
  const [r1, r2] = drawn.map(toHex);
  return { ldk: toHex(ldk), unlockKey: toHex(unlockKey), gen: 1, r1, byPassword, r2, byUnlockKey };
}

function delivery() {
  const key = fixedBytes('delivery_key', 32);
  const token = deliveryToken(key);
  return { key: toHex(key), token: toHex(token), hash: toHex(deliveryTokenHash(token)) };
}

/** @param {Vectors} base */
function relayFrames({ alice, bob }) {
  const to = { account: fromHex(bob.acct), device: bob.dev };
  const from = { account: fromHex(alice.acct), device: alice.dev };
  const none = new Uint8Array();
  return {
    relay: frame({ type: FRAME.RELAY, ...to, ref: 0xffffffff, payload: utf8('an envelope') }),
    taken: frame({ type: FRAME.TAKEN, ...from, ref: 0xffffffff, payload: encodeRefs([0, 1]) }),
    notHere: frame({ type: FRAME.NOT_HERE, ...to, ref: 2, payload: none }),
  };
}

/** @param {import('../src/core/path/relay-frame.js').RelayFrame} fields */
function frame(fields) {
  const { type, account, device, ref, payload } = fields;
  const bytes = toHex(encodeRelayFrame(fields));
  return { type, account: toHex(account), device, ref, payload: toHex(payload), bytes };
}

/** @param {any} own @param {any} peer */
function qrOf(own, peer) {
  return toHex(safetyQr(fromHex(own.aik), fromHex(peer.aik)));
}
