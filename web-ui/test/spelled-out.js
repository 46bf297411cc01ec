import { concat, fromHex, toHex, utf8, Writer } from '../src/core/crypto/bytes.js';
import { hmac, sha256 } from '../src/core/crypto/hash.js';
import { hkdf } from '../src/core/crypto/hkdf.js';
import {
  agree,
  agreementKeyOf,
  decapsulate,
  encapsulateWithCoinsForTests,
  kemKeyOf,
} from '../src/core/crypto/keys.js';
import { sealWithNonceForTests } from '../src/core/crypto/seal.js';

/**
 * Session setup and ratchet step by step from the formulas of MP2P/1 §4 and §5.1, without the product's own: a second
 * reading of the text, which the vectors have to satisfy too.
 *
 * @typedef {import('./vector-checks.js').Answer} Answer
 */

const ZERO = new Uint8Array(1);
const [EK, CT, EL] = [1, 2, 4];

/** @param {any} more @param {any} base @returns {Answer} */
export function checkPqxdh({ pqxdh: v, prekeys }, { alice, bob }) {
  const spk = prekeys[0];
  const pql = prekeys[2];
  const ekSk = fromHex(v.ekSk);
  const { ciphertext, secret: ss } = encapsulateWithCoinsForTests(fromHex(pql.publicKey), fromHex(v.coins));
  const id = (/** @type {any} */ { acct, aik, dev, dsk, dhk }) =>
    new Writer().bytes(fromHex(acct)).bytes(fromHex(aik)).u32(dev).bytes(fromHex(dsk)).bytes(fromHex(dhk));
  const transcript = new Writer().u8(1).bytes(id(alice).finish()).bytes(id(bob).finish()).u32(v.epoch);
  transcript.bytes(fromHex(v.ek)).u32(spk.keyId).bytes(fromHex(spk.publicKey)).u32(0);
  transcript.bytes(new Uint8Array(32)).u8(3).u32(pql.keyId);
  transcript.bytes(sha256(fromHex(pql.publicKey))).bytes(sha256(ciphertext));
  const sessionId = sha256(utf8('MP2P/1/pqxdh-th'), ZERO, transcript.finish());
  const ikm = concat(
    new Uint8Array(32).fill(0xff),
    agree(fromHex(alice.dhkSk), fromHex(spk.publicKey)),
    agree(ekSk, fromHex(bob.dhk)),
    agree(ekSk, fromHex(spk.publicKey)),
    ss,
  );
  return {
    computed: {
      ek: toHex(agreementKeyOf(ekSk).publicKey),
      ct: toHex(ciphertext),
      ss: [toHex(ss), toHex(decapsulate(fromHex(pql.secret), fromHex(v.ct)))],
      sessionId: toHex(sessionId),
      sk: toHex(hkdf(sessionId, ikm, 'MP2P/1/pqxdh', 32)),
      ids: [spk.keyId, 0, pql.kind, pql.keyId],
    },
    expected: {
      ek: v.ek,
      ct: v.ct,
      ss: [v.ss, v.ss],
      sessionId: v.sessionId,
      sk: v.sk,
      ids: [v.spkId, v.opkId, v.pqKind, v.pqId],
    },
  };
}

/** @param {any} more @returns {Answer} */
export function checkRatchet({ pqxdh, prekeys, ratchet: v }) {
  const sid = fromHex(pqxdh.sessionId);
  /** @type {Uint8Array} */
  let rk = fromHex(pqxdh.sk);
  /** @type {Uint8Array} */
  let target = fromHex(prekeys[0].publicKey);
  /** @type {Uint8Array | undefined} of the newest offer */
  let offered;
  const chains = [];
  const messages = [];
  for (const [number, chain] of v.chains.entries()) {
    const { publicKey: dhs, secretKey } = agreementKeyOf(fromHex(chain.dhsSk));
    const ek = chain.ekSeed && kemKeyOf(fromHex(chain.ekSeed)).publicKey;
    const answer = chain.coins && encapsulateWithCoinsForTests(offered ?? ZERO, fromHex(chain.coins));
    const kind = (ek ? EK : 0) | (answer ? CT : 0);
    const kem = ek ?? answer?.ciphertext ?? new Uint8Array(0);
    const dh = agree(secretKey, target);
    const info = concat(utf8('MP2P/1/rk'), ZERO, sha256(Uint8Array.of(kind), dhs, kem));
    const okm = hkdf(rk, answer ? concat(dh, answer.secret) : dh, info, 64);
    rk = okm.slice(0, 32);
    chains.push({
      dhs: toHex(dhs),
      rk: toHex(rk),
      ...(ek && { ek: toHex(ek) }),
      ...(answer && { ct: toHex(answer.ciphertext), ss: toHex(answer.secret) }),
    });
    /** @type {Uint8Array} */
    let ck = okm.slice(32);
    for (const message of v.messages.filter((/** @type {any} */ { chain: of }) => of === number)) {
      const mk = hmac(ck, Uint8Array.of(1));
      ck = hmac(ck, Uint8Array.of(2));
      const head = new Writer().u8(1).u8(message.flags).bytes(sid.subarray(0, 16));
      head.u32(message.pn).u32(message.n).bytes(dhs);
      if (!(message.flags & EL)) head.bytes(kem);
      const header = head.finish();
      const padded = new Uint8Array(256);
      padded.set(concat(fromHex(message.content), Uint8Array.of(0x80)));
      const sealed = sealWithNonceForTests(fromHex(message.r), mk, 'MP2P/1/msg', concat(sid, header), padded);
      messages.push({ kind, bytes: toHex(concat(header, sealed)) });
    }
    target = dhs;
    offered = ek ?? offered;
  }
  return {
    computed: { chains, messages, flags: v.messages.map((/** @type {any} */ { flags }) => flags) },
    expected: {
      chains: v.chains.map((/** @type {any} */ { by, dhsSk, ekSeed, coins, ...shown }) => shown),
      messages: v.messages.map((/** @type {any} */ { flags, bytes }) => ({ kind: flags & ~EL, bytes })),
      flags: [EK, EK, EK, CT, 0, EK, CT, CT | EL, 0],
    },
  };
}
