import { accountIdOf } from '../src/core/crypto/account-id.js';
import { decryptFile, encryptPaddedForTests } from '../src/core/crypto/attachment.js';
import { fromHex, fromUtf8, toHex, Writer } from '../src/core/crypto/bytes.js';
import {
  decodeDeviceList,
  identityOf,
  signDeviceEntry,
  signDeviceList,
} from '../src/core/crypto/device-list.js';
import { decodePrekeyBody, encodePrekeyBody, envelopeId, openEnvelope } from '../src/core/crypto/envelope.js';
import { sha256 } from '../src/core/crypto/hash.js';
import { agree, agreementKeyOf, decapsulate, kemKeyOf, signingKeyOf } from '../src/core/crypto/keys.js';
import { unpad } from '../src/core/crypto/padding.js';
import { argon2id, deriveKeys, passwordSalt, preHash } from '../src/core/crypto/password.js';
import { initiateWithKeysForTests, respond } from '../src/core/crypto/pqxdh.js';
import {
  decrypt,
  encrypt,
  initInitiatorWithKeysForTests,
  initResponder,
} from '../src/core/crypto/ratchet.js';
import { fingerprintDigits, safetyNumber } from '../src/core/crypto/safety-number.js';
import { open, sealWithNonceForTests } from '../src/core/crypto/seal.js';
import { emptyPeer, receive } from '../src/core/session/session-table.js';

/**
 * The known answers of mp2p-1.json, recomputed. The same functions run in Node and in a browser; each gives what it
 * computed and what the vectors say, as text.
 *
 * @typedef {any} Vectors the parsed file
 * @typedef {{ computed: Record<string, unknown>, expected: Record<string, unknown> }} Answer
 */

const RATCHET_HEADER_WITH_EK = 58 + 1184;
const NEVER_SKIPPED = () => undefined;

/** @type {Record<string, (vectors: Vectors) => Answer>} */
export const CHECKS = {
  seal({ seal: v }) {
    const [key, ad, pt] = [fromHex(v.K), fromHex(v.ad), fromHex(v.pt)];
    return {
      computed: {
        out: toHex(sealWithNonceForTests(fromHex(v.r), key, v.label, ad, pt)),
        pt: toHex(open(key, v.label, ad, fromHex(v.out))),
      },
      expected: { out: v.out, pt: v.pt },
    };
  },

  'identity of alice': ({ alice }) => checkPerson(alice),
  'identity of bob': ({ bob }) => checkPerson(bob),

  'prekeys and agreements': ({ pqxdh: v, alice, bob }) => {
    const ek = fromHex(v.ekSk);
    return {
      computed: {
        spk: toHex(agreementKeyOf(fromHex(v.spkSk)).publicKey),
        opk: toHex(agreementKeyOf(fromHex(v.opkSk)).publicKey),
        ek: toHex(agreementKeyOf(ek).publicKey),
        pqEk: toHex(kemKeyOf(fromHex(v.pqSeed)).publicKey),
        ss: toHex(decapsulate(fromHex(v.pqSeed), fromHex(v.ct))),
        dh: [
          toHex(agree(fromHex(alice.dhkSk), fromHex(v.spk))),
          toHex(agree(ek, fromHex(bob.dhk))),
          toHex(agree(ek, fromHex(v.spk))),
          toHex(agree(ek, fromHex(v.opk))),
        ],
      },
      expected: { spk: v.spk, opk: v.opk, ek: v.ek, pqEk: v.pqEk, ss: v.ss, dh: v.dh },
    };
  },

  pqxdh(vectors) {
    const { pqxdh: v } = vectors;
    const initiator = initiatorAgreed(vectors);
    const responder = responderAgreed(vectors);
    const expected = { sessionId: v.sessionId, sk: v.sk };
    return {
      computed: {
        initiator: { sessionId: toHex(initiator.sessionId), sk: toHex(initiator.secret) },
        responder: { sessionId: toHex(responder.sessionId), sk: toHex(responder.secret) },
      },
      expected: { initiator: expected, responder: expected },
    };
  },

  ratchet(vectors) {
    const { ratchet: v, pqxdh } = vectors;
    const spk = { publicKey: fromHex(pqxdh.spk), secret: fromHex(pqxdh.spkSk) };
    const [m1, m2] = [fromHex(v.m1), fromHex(v.m2)];
    const offer = kemKeyOf(fromHex(v.aliceKemSeed));
    const dhs = agreementKeyOf(fromHex(v.aliceDhsSk));
    const agreed = { ...initiatorAgreed(vectors), spkPublic: spk.publicKey };
    const first = encrypt(initInitiatorWithKeysForTests(agreed, 0, dhs, offer), new Uint8Array(256), 0);
    const bob = decrypt(initResponder({ ...responderAgreed(vectors), spk }, 0), m1, NEVER_SKIPPED, 0);
    const alice = decrypt(first.state, m2, NEVER_SKIPPED, 0);
    return {
      computed: {
        m1Header: toHex(first.message.subarray(0, RATCHET_HEADER_WITH_EK)),
        m1Length: first.message.length,
        m1Plain: toHex(unpad(bob.plaintext)),
        m2Plain: toHex(unpad(alice.plaintext)),
        ok: fromUtf8(unpad(alice.plaintext)),
        flags: [m1[1], m2[1]],
        bobLek: bob.state.lek,
        aliceLek: alice.state.lek,
      },
      expected: {
        m1Header: v.m1.slice(0, 2 * RATCHET_HEADER_WITH_EK),
        m1Length: v.m1.length / 2,
        m1Plain: v.m1_plain,
        m2Plain: v.m2_plain,
        ok: v.ok,
        flags: [v.m1_flags, v.m2_flags],
        bobLek: v.bob_lek,
        aliceLek: null,
      },
    };
  },

  envelope({ envelope: v, alice, bob }) {
    const inner = openEnvelope(selfOf(bob), fromHex(v.bytes));
    const body = decodePrekeyBody(inner.body);
    const rebuilt = new Writer().bytes(inner.senderAccountId).u32(inner.senderDeviceId).u8(inner.kind);
    return {
      computed: {
        len: fromHex(v.bytes).length,
        inner: toHex(rebuilt.bytes(encodePrekeyBody(body)).finish()),
        id: toHex(envelopeId(fromHex(v.bytes))),
        sender: [toHex(inner.senderAccountId), inner.senderDeviceId],
        dlc: toHex(body.deviceList),
      },
      expected: { len: v.len, inner: v.inner, id: v.id, sender: [alice.acct, alice.dev], dlc: alice.dlc },
    };
  },

  'first message through the session table': (vectors) => {
    const { alice, bob, envelope, ratchet } = vectors;
    const peer = emptyPeer(fromHex(alice.acct), alice.dev);
    const inner = openEnvelope(selfOf(bob), fromHex(envelope.bytes));
    const sender = { accountId: inner.senderAccountId, deviceId: inner.senderDeviceId };
    const context = {
      self: identityOfPerson(bob),
      dhkSecret: fromHex(bob.dhkSk),
      prekey: (/** @type {number} */ kind, /** @type {number} */ keyId) => prekeyOf(vectors, kind, keyId),
      replay: { has: () => false, withoutOneTime: () => 0 },
      knownList: null,
      blocked: false,
    };
    const result = receive(peer, { sender, kind: inner.kind, body: inner.body }, context, 0);
    return {
      computed: {
        content: result.ok && toHex(result.content ?? new Uint8Array()),
        consumed: result.ok && result.consumed,
      },
      expected: {
        content: ratchet.m1_plain,
        consumed: [
          { kind: 2, keyId: vectors.pqxdh.opkId },
          { kind: 4, keyId: vectors.pqxdh.pqId },
        ],
      },
    };
  },

  password({ password: v }) {
    const pwh = preHash(v.pw);
    const salt = passwordSalt(v.server, v.user, fromHex(v.serverSalt));
    const mk = argon2id(pwh, salt, v.m_kib, v.t);
    const keys = deriveKeys(mk);
    return {
      computed: {
        pwh: toHex(pwh),
        salt: toHex(salt),
        mk: toHex(mk),
        auth: toHex(keys.authSecret),
        vaultKek: toHex(keys.vaultKek),
        localKek: toHex(keys.localKek),
      },
      expected: {
        pwh: v.pwh,
        salt: v.salt,
        mk: v.mk,
        auth: v.auth,
        vaultKek: v.vaultKek,
        localKek: v.localKek,
      },
    };
  },

  'safety number': ({ safety: v, alice, bob }) => {
    const [a, b] = [fromHex(alice.aik), fromHex(bob.aik)];
    return {
      computed: {
        alice: fingerprintDigits(a),
        bob: fingerprintDigits(b),
        ofAlice: safetyNumber(a, b),
        ofBob: safetyNumber(b, a),
      },
      expected: { alice: v.alice, bob: v.bob, ofAlice: v.number, ofBob: v.number },
    };
  },

  file({ file: v }) {
    // The vector's plaintext: 70 000 bytes that count up, which is no Padmé length.
    const padded = Uint8Array.from({ length: 70_000 }, (_, i) => i & 0xff);
    const fk = fromHex(v.FK);
    const blob = encryptPaddedForTests(fk, fromHex(v.header).subarray(13), padded);
    const file = decryptFile({ fk, hash: fromHex(v.sha256), length: padded.length }, blob);
    return {
      computed: {
        header: toHex(blob.subarray(0, 29)),
        commit: toHex(blob.subarray(29, 61)),
        len: blob.length,
        sha256: toHex(sha256(blob)),
        plaintext: toHex(sha256(file)),
      },
      expected: {
        header: v.header,
        commit: v.commit,
        len: v.len,
        sha256: v.sha256,
        plaintext: toHex(sha256(padded)),
      },
    };
  },
};

/** @param {any} person */
function checkPerson(person) {
  const list = decodeDeviceList(fromHex(person.dlc));
  const [device] = list.devices;
  const identity = identityOfPerson(person);
  const entry = signDeviceEntry({
    ...identity,
    dskSeed: fromHex(person.dskSeed),
    addedMs: device?.addedMs ?? 0,
    flags: device?.flags ?? 0,
  });
  const signed = signDeviceList({
    aikSeed: fromHex(person.aikSeed),
    listVersion: list.listVersion,
    issuedMs: list.issuedMs,
    devices: [entry],
  });
  return {
    computed: {
      aik: toHex(signingKeyOf(fromHex(person.aikSeed)).publicKey),
      acct: toHex(accountIdOf(fromHex(person.aik))),
      dsk: toHex(signingKeyOf(fromHex(person.dskSeed)).publicKey),
      dhk: toHex(agreementKeyOf(fromHex(person.dhkSk)).publicKey),
      dlc: toHex(signed),
      dev: device?.deviceId,
    },
    expected: {
      aik: person.aik,
      acct: person.acct,
      dsk: person.dsk,
      dhk: person.dhk,
      dlc: person.dlc,
      dev: person.dev,
    },
  };
}

/** @param {any} person */
function identityOfPerson(person) {
  const list = decodeDeviceList(fromHex(person.dlc));
  const [device] = list.devices;
  if (!device) throw new Error('a list has a device');
  return identityOf(list, device);
}

/** @param {any} person */
function selfOf(person) {
  return { ...identityOfPerson(person), dhkSecret: fromHex(person.dhkSk) };
}

/** @param {Vectors} vectors */
function initiatorAgreed({ alice, bob, pqxdh: v }) {
  const record = (/** @type {number} */ kind, /** @type {number} */ keyId, /** @type {string} */ publicKey) =>
    /** @type {any} */ ({ kind, keyId, publicKey: fromHex(publicKey) });
  return initiateWithKeysForTests({
    self: identityOfPerson(alice),
    dhkSecret: fromHex(alice.dhkSk),
    remote: {
      identity: identityOfPerson(bob),
      spk: record(1, v.spkId, v.spk),
      opk: record(2, v.opkId, v.opk),
      pq: record(v.pqKind, v.pqId, v.pqEk),
    },
    epoch: v.epoch,
    ephemeral: agreementKeyOf(fromHex(v.ekSk)),
    ct: fromHex(v.ct),
    ss: fromHex(v.ss),
  });
}

/** @param {Vectors} vectors */
function responderAgreed(vectors) {
  const { alice, bob, pqxdh: v } = vectors;
  const [spk, opk, pq] = [
    prekeyOf(vectors, 1, v.spkId),
    prekeyOf(vectors, 2, v.opkId),
    prekeyOf(vectors, 4, v.pqId),
  ];
  if (!spk || !opk || !pq) throw new Error('the vectors have all prekeys');
  return respond({
    self: identityOfPerson(bob),
    dhkSecret: fromHex(bob.dhkSk),
    peer: identityOfPerson(alice),
    head: { ...v, ek: fromHex(v.ek), ct: fromHex(v.ct) },
    spk,
    opk,
    pq,
  });
}

/**
 * @param {Vectors} vectors
 * @param {number} kind
 * @param {number} keyId
 * @returns {import('../src/core/session/session-table.js').OwnPrekey | undefined}
 */
function prekeyOf({ pqxdh: v }, kind, keyId) {
  const own = (/** @type {string} */ publicKey, /** @type {string} */ secret) => ({
    keyId,
    createdMs: 0,
    publicKey: fromHex(publicKey),
    secret: fromHex(secret),
  });
  if (kind === 1 && keyId === v.spkId) return own(v.spk, v.spkSk);
  if (kind === 2 && keyId === v.opkId) return own(v.opk, v.opkSk);
  if (kind === v.pqKind && keyId === v.pqId) return own(v.pqEk, v.pqSeed);
  return undefined;
}
