import { padmeLength } from '../src/core/crypto/attachment.js';
import { concat, fromHex, toHex, utf8, Writer } from '../src/core/crypto/bytes.js';
import { conversationId, decodeContent } from '../src/core/crypto/content.js';
import { deliveryToken } from '../src/core/crypto/delivery-token.js';
import { assertSuccessor, decodeDeviceList } from '../src/core/crypto/device-list.js';
import { openEnvelope } from '../src/core/crypto/envelope.js';
import { sha256 } from '../src/core/crypto/hash.js';
import { hkdf } from '../src/core/crypto/hkdf.js';
import { agree, agreementKeyOf, kemKeyOf, sign, signingKeyOf } from '../src/core/crypto/keys.js';
import { unwrapLocalKey, unwrapLocalKeyByUnlockKey } from '../src/core/crypto/local-key.js';
import { verifyPrekey } from '../src/core/crypto/prekey.js';
import { sealWithNonceForTests } from '../src/core/crypto/seal.js';
import { openVault, openVaultByRecoveryKey } from '../src/core/crypto/vault.js';
import { decodeRelayFrame } from '../src/core/path/relay-frame.js';
import { onlyDevice } from './conversation-vectors.js';
import { makeMore } from './more-vectors.js';
import { checkPqxdh, checkRatchet } from './spelled-out.js';

/**
 * The known answers of mp2p-1-more.json: put together once more from the tables of the text, and read by the product.
 * Like vector-checks.js, which has those of mp2p-1.json.
 *
 * @typedef {import('./vector-checks.js').Answer} Answer
 * @typedef {any} Vectors
 */

const none = new Uint8Array(0);

/** @type {Record<string, (more: Vectors, base: Vectors) => Answer>} */
export const MORE_CHECKS = {
  contents({ contents }) {
    const answers = contents.map((/** @type {any} */ v) => {
      const bytes = fromHex(v.bytes);
      const head = new Writer().u8(v.ctype).u8(1).bytes(fromHex(v.msgId)).bytes(fromHex(v.convId));
      head.u64(v.sentMs).u32(v.seq).u32(v.senderListVersion);
      const { ctype, seq, body } = decodeContent(bytes);
      return {
        computed: {
          head: toHex(head.finish()),
          json: JSON.parse(new TextDecoder().decode(bytes.subarray(50))),
          read: { ctype, seq, body },
        },
        expected: {
          head: v.bytes.slice(0, 100),
          json: v.body,
          read: { ctype: v.ctype, seq: v.seq, body: v.body },
        },
      };
    });
    return allOf(answers);
  },

  'conversation ids': ({ conversations: v }, { alice, bob }) => {
    const [a, b] = [fromHex(alice.acct), fromHex(bob.acct)];
    const id = (/** @type {Uint8Array[]} */ ...ids) =>
      toHex(sha256(utf8('MP2P/1/conv\0'), ...ids).slice(0, 16));
    const sorted = [a, b].toSorted((x, y) => (toHex(x) < toHex(y) ? -1 : 1));
    return {
      computed: { aliceBob: id(...sorted), aliceAlone: id(a, a), ofBob: toHex(conversationId(b, a)) },
      expected: { ...v, ofBob: v.aliceBob },
    };
  },

  'next device list': ({ list: v }, { alice }) => {
    const before = fromHex(alice.dlc);
    const { added } = v;
    const entry = new Writer().u32(added.dev).bytes(fromHex(added.dsk)).bytes(fromHex(added.dhk));
    const unsigned = entry.u64(added.addedMs).u8(added.flags).finish();
    const [account, aik] = [fromHex(alice.acct), fromHex(alice.aik)];
    const sig = sign(fromHex(added.dskSeed), 'device', concat(account, aik, unsigned));
    const head = new Writer().u8(1).u8(1).bytes(account).bytes(aik).u32(v.listVersion).u64(v.issuedMs);
    head
      .bytes(sha256(before))
      .u8(2)
      .bytes(before.subarray(95, 95 + 141));
    const statement = head.bytes(unsigned).bytes(sig).finish();
    const bytes = concat(statement, sign(fromHex(alice.aikSeed), 'dlc', statement));
    const list = decodeDeviceList(fromHex(v.bytes));
    assertSuccessor(decodeDeviceList(before), list);
    return {
      computed: {
        keys: [
          toHex(signingKeyOf(fromHex(added.dskSeed)).publicKey),
          toHex(agreementKeyOf(fromHex(added.dhkSk)).publicKey),
        ],
        sig: toHex(sig),
        prevHash: toHex(sha256(before)),
        bytes: toHex(bytes),
        hash: toHex(sha256(bytes)),
        devices: list.devices.map(({ deviceId }) => deviceId),
      },
      expected: {
        keys: [added.dsk, added.dhk],
        sig: added.sig,
        prevHash: v.prevHash,
        bytes: v.bytes,
        hash: v.hash,
        devices: [alice.dev, added.dev],
      },
    };
  },

  'prekey records': ({ prekeys }, { bob }) =>
    allOf(
      prekeys.map((/** @type {any} */ v) => {
        const secret = fromHex(v.secret);
        const { publicKey } = v.kind > 2 ? kemKeyOf(secret) : agreementKeyOf(secret);
        const unsigned = new Writer().u8(v.kind).u32(v.keyId).u64(v.createdMs).bytes(publicKey).finish();
        const signed = new Writer().bytes(fromHex(bob.acct)).u32(bob.dev).bytes(unsigned).finish();
        const record = concat(unsigned, sign(fromHex(bob.dskSeed), 'prekey', signed));
        const read = verifyPrekey(fromHex(v.record), fromHex(bob.dsk), fromHex(bob.acct), bob.dev);
        return {
          computed: { record: toHex(record), publicKey: toHex(publicKey), keyId: read.keyId },
          expected: { record: v.record, publicKey: v.publicKey, keyId: v.keyId },
        };
      }),
    ),

  'session without one-time keys': (more, base) => checkPqxdh(more, base),
  'ratchet with a late message and KEM steps both ways': (more) => checkRatchet(more),

  'envelope of a RATCHET': ({ envelope: v, ratchet }, { alice, bob }) => {
    const { publicKey: eph, secretKey } = agreementKeyOf(fromHex(v.ephSk));
    const dhk = fromHex(bob.dhk);
    const message = fromHex(ratchet.messages[v.message].bytes);
    const inner = new Writer().bytes(fromHex(alice.acct)).u32(alice.dev).u8(1).bytes(message).finish();
    const key = hkdf(concat(eph, dhk), agree(secretKey, dhk), 'MP2P/1/env-k', 32);
    const place = new Writer().u8(1).bytes(eph).bytes(fromHex(bob.acct)).u32(bob.dev).bytes(dhk).finish();
    const sealed = sealWithNonceForTests(fromHex(v.r), key, 'MP2P/1/env', place, inner);
    const bytes = concat(Uint8Array.of(1), eph, sealed);
    const opened = openEnvelope({ ...onlyDevice(bob), dhkSecret: fromHex(bob.dhkSk) }, fromHex(v.bytes));
    return {
      computed: {
        bytes: toHex(bytes),
        len: bytes.length,
        id: toHex(sha256(utf8('MP2P/1/envid\0'), bytes).slice(0, 16)),
        opened: [opened.kind, opened.senderDeviceId, toHex(opened.body)],
      },
      expected: { bytes: v.bytes, len: 512, id: v.id, opened: [1, alice.dev, toHex(message)] },
    };
  },

  login({ login: v }, { alice }) {
    const name = utf8(v.serverName);
    const statement = new Writer().bytes(fromHex(v.nonce)).u16(name.length).bytes(name);
    statement.bytes(fromHex(alice.acct)).u32(alice.dev).u64(v.expiryMs);
    const sig = sign(fromHex(alice.dskSeed), 'login', statement.finish());
    return { computed: { sig: toHex(sig) }, expected: { sig: v.sig } };
  },

  vault: ({ vault: v }, base) => checkVault(v, base),
  'vault with recovery code': ({ vaultWithRecovery: v }, base) => checkVault(v, base),

  'local key': ({ localKey: v }, { alice, password }) => {
    const place = new Writer().bytes(fromHex(alice.acct)).u32(alice.dev).finish();
    const [ldk, salt, kek] = [fromHex(v.ldk), fromHex(password.serverSalt), fromHex(password.localKek)];
    const unlockKey = fromHex(v.unlockKey);
    const gen = new Writer().u32(v.gen).finish();
    const byPassword = sealWithNonceForTests(fromHex(v.r1), kek, 'MP2P/1/ldk', concat(place, salt), ldk);
    const byUnlockKey = sealWithNonceForTests(
      fromHex(v.r2),
      unlockKey,
      'MP2P/1/ldk-uk',
      concat(place, gen),
      ldk,
    );
    const where = onlyDevice(alice);
    const wrapped = [fromHex(v.byPassword), fromHex(v.byUnlockKey)];
    return {
      computed: {
        byPassword: toHex(byPassword),
        byUnlockKey: toHex(byUnlockKey),
        opened: [
          toHex(unwrapLocalKey({ localKek: kek, ...where, serverSalt: salt, wrapped: wrapped[0] ?? none })),
          toHex(unwrapLocalKeyByUnlockKey({ unlockKey, ...where, gen: v.gen, wrapped: wrapped[1] ?? none })),
        ],
      },
      expected: { byPassword: v.byPassword, byUnlockKey: v.byUnlockKey, opened: [v.ldk, v.ldk] },
    };
  },

  'delivery token': ({ delivery: v }) => {
    const token = deliveryToken(fromHex(v.key));
    return {
      computed: { token: toHex(token), hash: toHex(sha256(token)) },
      expected: { token: v.token, hash: v.hash },
    };
  },

  'relay frames': ({ relay }) =>
    allOf(
      Object.values(relay).map((v) => {
        const head = new Writer().u8(v.type).bytes(fromHex(v.account)).u32(v.device).u32(v.ref);
        const { type, ref, payload } = decodeRelayFrame(fromHex(v.bytes));
        return {
          computed: {
            bytes: toHex(head.bytes(fromHex(v.payload)).finish()),
            read: [type, ref, toHex(payload)],
          },
          expected: { bytes: v.bytes, read: [v.type, v.ref, v.payload] },
        };
      }),
    ),

  'QR codes': ({ qr }, { alice, bob }) => ({
    computed: { alice: `01${alice.aik}${bob.aik}`, bob: `01${bob.aik}${alice.aik}` },
    expected: qr,
  }),

  'padded lengths': ({ padme }) => ({
    computed: { padded: padme.map((/** @type {any} */ { length }) => padmeLength(length)) },
    expected: { padded: padme.map((/** @type {any} */ { padded }) => padded) },
  }),

  'the product makes them again, to the byte': (more, base) => ({
    computed: JSON.parse(JSON.stringify(makeMore(base))),
    expected: more,
  }),
};

/**
 * @param {any} v
 * @param {Vectors} base
 * @returns {Answer}
 */
function checkVault(v, { alice, password }) {
  const account = fromHex(alice.acct);
  const salt = fromHex(password.serverSalt);
  const whead = new Writer().u8(1).u32(v.vrkGen).u32(password.m_kib).u32(password.t).u8(1).bytes(salt);
  const head = whead.finish();
  const [vrk, kek] = [fromHex(v.vrk), fromHex(password.vaultKek)];
  const w1 = sealWithNonceForTests(fromHex(v.r1), kek, 'MP2P/1/vrk', concat(account, head), vrk);
  const place = new Writer().bytes(account).u8(1).u32(v.vrkGen).finish();
  const w2 = v.rk ? sealWithNonceForTests(fromHex(v.r2), fromHex(v.rk), 'MP2P/1/vrk-rec', place, vrk) : none;
  const wraps = new Writer().bytes(head).lp16(w1).lp16(w2).finish();
  const vhead = new Writer().u8(1).u32(v.vaultVersion).finish();
  const json = utf8(v.json);
  const items = new Uint8Array(Math.ceil((4 + json.length) / 4096) * 4096);
  items.set(new Writer().u32(json.length).bytes(json).finish());
  const itemsPlace = concat(account, sha256(wraps), vhead);
  const sealed = sealWithNonceForTests(fromHex(v.r), vrk, 'MP2P/1/vault', itemsPlace, items);
  const kdf = { mKib: password.m_kib, t: password.t, serverSalt: salt };
  const given = fromHex(v.bytes);
  const opened = [openVault({ accountId: account, vaultKek: kek, kdf }, given)];
  if (v.rk) opened.push(openVaultByRecoveryKey({ accountId: account, recoveryKey: fromHex(v.rk) }, given));
  const expected = { vrk: v.vrk, items: JSON.parse(v.json), vaultVersion: v.vaultVersion };
  return {
    computed: {
      bytes: toHex(concat(wraps, vhead, sealed)),
      opened: opened.map(({ vrk: key, items: read, vaultVersion }) => ({
        vrk: toHex(key),
        items: read,
        vaultVersion,
      })),
    },
    expected: { bytes: v.bytes, opened: opened.map(() => expected) },
  };
}

/** @param {Answer[]} answers @returns {Answer} */
function allOf(answers) {
  return {
    computed: { all: answers.map(({ computed }) => computed) },
    expected: { all: answers.map(({ expected }) => expected) },
  };
}
