import { padmeLength } from '../src/core/crypto/attachment.js';
import { fromHex, toBase64url, toHex, utf8 } from '../src/core/crypto/bytes.js';
import { CTYPE, conversationId, encodeContent } from '../src/core/crypto/content.js';
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
function contents({ alice, bob }) {
  const convId = conversationId(fromHex(alice.acct), fromHex(bob.acct));
  return Object.entries(bodies(alice, bob)).map(([name, { ctype, body, seq = 0 }], i) => {
    const content = {
      ctype,
      msgId: fixedBytes(`msg_id ${name}`, 16),
      convId,
      sentMs: T0 + i,
      seq,
      senderListVersion: 1,
      body,
    };
    const bytes = toHex(encodeContent(content));
    return { name, ...content, msgId: toHex(content.msgId), convId: toHex(convId), bytes };
  });
}

/**
 * One body of each kind, with every key that it may have.
 * @param {any} alice @param {any} bob
 * @returns {Record<string, { ctype: number, body: any, seq?: number }>}
 */
function bodies(alice, bob) {
  const target = base64('target', 16);
  const conv = toBase64url(conversationId(fromHex(alice.acct), fromHex(bob.acct)));
  const g = { e: 1, h: base64('group', 16) };
  const call = { call: base64('call', 16), n: 0 };
  const cand = [
    { candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host', sdpMid: '0', sdpMLineIndex: 0 },
    { candidate: '', sdpMid: null, sdpMLineIndex: null },
  ];
  const repeated = 'TEXT of a removed device, in a group';
  const of = { device_id: 7, msg_id: base64(`msg_id ${repeated}`, 16) };
  const text = 'Grüß Gott, 世界 👋';
  const message = { text, reply: target, exp: 3600 };
  const pin = {
    account_id: toBase64url(fromHex(bob.acct)),
    aik: toBase64url(fromHex(bob.aik)),
    username: 'bob',
    state: 'accepted',
    they_accepted: true,
    verified: false,
    list_version: 1,
    dlc_hash: base64('dlc_hash'),
    delivery_key: base64('delivery_key'),
    at: T0,
  };
  const sync = { ctype: CTYPE.SYNC };
  return {
    TEXT: { ctype: CTYPE.TEXT, body: message, seq: 1 },
    [repeated]: { ctype: CTYPE.TEXT, body: { text, g, of }, seq: 2 },
    RECEIPT: { ctype: CTYPE.RECEIPT, body: { delivered: [target, base64('other', 16)], read: [] } },
    RETRY: {
      ctype: CTYPE.RETRY,
      body: {
        items: [
          { id: base64('id', 16), sid: base64('sid', 16), class: 'E_AUTH' },
          { conv, seq: 3 },
        ],
      },
    },
    'SIGNAL offer': { ctype: CTYPE.SIGNAL, body: { ...call, kind: 'offer', sdp: 'v=0\r\n', cand } },
    'SIGNAL answer': { ctype: CTYPE.SIGNAL, body: { ...call, kind: 'answer', sdp: 'v=0\r\n' } },
    'SIGNAL ice': { ctype: CTYPE.SIGNAL, body: { ...call, kind: 'ice', cand } },
    'SIGNAL bye': { ctype: CTYPE.SIGNAL, body: { ...call, kind: 'bye' } },
    ATTACHMENT: {
      ctype: CTYPE.ATTACHMENT,
      body: {
        fk: base64('fk'),
        blob: 'blob-1',
        hash: base64('hash'),
        len: 70_000,
        name: 'picture.png',
        mime: 'image/png',
        text: 'look',
        thumb: base64('thumb', 40),
        w: 640,
        h: 480,
        exp: 3600,
      },
      seq: 3,
    },
    'GROUP_OP state': { ctype: CTYPE.GROUP_OP, body: { state: base64('state', 20), g }, seq: 4 },
    'GROUP_OP leave': { ctype: CTYPE.GROUP_OP, body: { leave: true, g } },
    'GROUP_OP want': { ctype: CTYPE.GROUP_OP, body: { want: 1, g } },
    PROFILE: { ctype: CTYPE.PROFILE, body: { username: 'alice', delivery_key: base64('delivery_key') } },
    'PROFILE to an own device': {
      ctype: CTYPE.PROFILE,
      body: { username: 'alice', delivery_key: base64('delivery_key'), device: 'Laptop' },
    },
    'SYNC sent': {
      ...sync,
      body: {
        kind: 'sent',
        msg_id: base64('sent', 16),
        conv,
        peer: toBase64url(fromHex(bob.acct)),
        sent_ms: T0,
        seq: 1,
        ctype: CTYPE.TEXT,
        body: message,
      },
    },
    'SYNC read': { ...sync, body: { kind: 'read', conv, msg_ids: [target] } },
    'SYNC state': {
      ...sync,
      body: { kind: 'state', vault_version: 2, vrk_gen: 1, list_version: 2, bk_gen: 1, man_no: 0 },
    },
    'SYNC contact': { ...sync, body: { kind: 'contact', pin } },
    EDIT: { ctype: CTYPE.EDIT, body: { target, text: 'better' }, seq: 5 },
    DELETE: { ctype: CTYPE.DELETE, body: { target }, seq: 6 },
    REACTION: { ctype: CTYPE.REACTION, body: { target, emoji: '👍', off: true }, seq: 7 },
    NULL: { ctype: CTYPE.NULL, body: {} },
    GOSSIP: { ctype: CTYPE.GOSSIP, body: { size: 12, root: base64('root') } },
    TIMER: { ctype: CTYPE.TIMER, body: { seconds: 86_400 }, seq: 8 },
    TYPING: { ctype: CTYPE.TYPING, body: { on: true } },
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
    pins: [bodies(alice, bob)['SYNC contact']?.body.pin],
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
