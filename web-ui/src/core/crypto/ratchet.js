import { concat, equal, utf8 } from './bytes.js';
import { ProtocolError } from './errors.js';
import { hmac, sha256 } from './hash.js';
import { hkdf } from './hkdf.js';
import { agree, assertKemPublicKey, decapsulate, encapsulate, newAgreementKey, newKemKey } from './keys.js';
import { INFO, SEAL } from './labels.js';
import { chainPublic, encodeHeader, FLAG_CT, FLAG_EK, FLAG_ELIDED, splitMessage } from './ratchet-header.js';
import { open, seal } from './seal.js';

/**
 * The Double Ratchet with a KEM step, MP2P/1 §5. Every function takes a state and returns a new one; a state is
 * never changed in place, so that a message that fails leaves nothing behind.
 */

/** Skipped keys per step: separately for the rest of the old chain and for the new one (§1.3). */
export const MAX_SKIP = 1000;
const OLD_CHAINS = 64;
const KEM_EVERY_CHAINS = 16;
const KEM_EVERY_MS = 86_400_000;
const ROOT_KEY_INFO = concat(utf8(INFO.rootKey), new Uint8Array(1));
const MESSAGE_KEY = Uint8Array.of(1);
const NEXT_CHAIN_KEY = Uint8Array.of(2);

/**
 * @typedef {import('./keys.js').AgreementKey} AgreementKey
 * @typedef {import('./keys.js').KemKey} KemKey
 *
 * @typedef {object} RatchetState
 * @property {Uint8Array} sid session id, 32 bytes
 * @property {Uint8Array} rk root key
 * @property {Uint8Array | null} dhsPublic own ratchet key
 * @property {Uint8Array | null} dhsSecret null once it has served a receive step
 * @property {Uint8Array | null} dhr the peer's ratchet key
 * @property {Uint8Array | null} cks sending chain key; null: the next send begins a chain
 * @property {Uint8Array | null} ckr receiving chain key
 * @property {number} ns
 * @property {number} nr
 * @property {number} pn
 * @property {Uint8Array | null} sentEk KEM key that the current sending chain offers
 * @property {Uint8Array | null} sentCt KEM ciphertext of the current sending chain
 * @property {boolean} elide EL: the peer is known to have this chain
 * @property {Uint8Array | null} lek seed of the KEM key offered last and not answered yet
 * @property {Uint8Array | null} rek KEM key of the peer, to be answered
 * @property {number} chainsSinceKem
 * @property {number} kemResetMs
 * @property {Uint8Array[]} old finished ratchet keys of the peer, oldest first
 *
 * @typedef {{ dhPub: Uint8Array, n: number, mk: Uint8Array }} MessageKey key of a message not received yet
 *
 * @typedef {object} Decrypted
 * @property {RatchetState} state
 * @property {Uint8Array} plaintext still padded
 * @property {MessageKey[]} added skipped keys to keep
 * @property {{ dhPub: Uint8Array, n: number } | null} removed skipped key that was used
 * @property {boolean} newChain the peer's first message after one of ours
 */

/**
 * The ratchet of who began the session: its first chain offers a KEM key (MP2P/1 §5.2).
 * @param {{ sessionId: Uint8Array, secret: Uint8Array, spkPublic: Uint8Array }} agreed
 * @param {number} nowMs
 * @returns {RatchetState}
 */
export function initInitiator(agreed, nowMs) {
  return initInitiatorWithKeysForTests(agreed, nowMs, newAgreementKey(), newKemKey());
}

/**
 * The initiator with given ratchet keys (MP2P/1 §5.2): for known answers only. Product code calls `initInitiator`.
 * @param {{ sessionId: Uint8Array, secret: Uint8Array, spkPublic: Uint8Array }} agreed
 * @param {number} nowMs
 * @param {AgreementKey} dhs
 * @param {KemKey} offer always made in the first chain, so that the first answer carries a ciphertext
 * @returns {RatchetState}
 */
export function initInitiatorWithKeysForTests({ sessionId, secret, spkPublic }, nowMs, dhs, offer) {
  const state = { ...emptyState(sessionId, secret, nowMs), dhr: spkPublic };
  return beginSending(state, nowMs, dhs, () => offer);
}

/**
 * The ratchet of who was asked: it can only receive at first (MP2P/1 §5.4).
 * @param {{ sessionId: Uint8Array, secret: Uint8Array, spk: { publicKey: Uint8Array, secret: Uint8Array } }} agreed
 * @param {number} nowMs
 * @returns {RatchetState}
 */
export function initResponder({ sessionId, secret, spk }, nowMs) {
  return { ...emptyState(sessionId, secret, nowMs), dhsPublic: spk.publicKey, dhsSecret: spk.secret };
}

/**
 * The next message of the sending chain, which begins here if there is none (MP2P/1 §5.3).
 * @param {RatchetState} state
 * @param {Uint8Array} padded
 * @param {number} nowMs
 * @returns {{ state: RatchetState, message: Uint8Array }} the state is to be kept before the message leaves (§5.3)
 */
export function encrypt(state, padded, nowMs) {
  const sending = state.cks
    ? state
    : beginSending(state, nowMs, newAgreementKey(), offerWhenDue(state, nowMs));
  const { mk, next } = stepChain(/** @type {Uint8Array} */ (sending.cks));
  const { flags, sentEk, sentCt } = sendingFlags(sending);
  const headerBytes = encodeHeader({
    flags,
    sid16: sending.sid.subarray(0, 16),
    pn: sending.pn,
    n: sending.ns,
    dhPub: /** @type {Uint8Array} */ (sending.dhsPublic),
    ek: sentEk,
    ct: sentCt,
  });
  const sealed = seal(mk, SEAL.message, concat(sending.sid, headerBytes), padded);
  return { state: { ...sending, cks: next, ns: sending.ns + 1 }, message: concat(headerBytes, sealed) };
}

/**
 * Steps 1 to 6 of §5.4.
 * @param {RatchetState} state
 * @param {Uint8Array} message
 * @param {(dhPub: Uint8Array, n: number) => Uint8Array | undefined} skippedKey
 * @param {number} nowMs
 * @returns {Decrypted}
 * @throws {ProtocolError} E_FORMAT, E_AUTH, E_DUP, E_SKIP, E_STATE, E_NEED_FULL, E_ZERO
 */
export function decrypt(state, message, skippedKey, nowMs) {
  const { header, headerBytes, sealed } = splitMessage(message);
  if (!equal(header.sid16, state.sid.subarray(0, 16))) throw new ProtocolError('E_AUTH', 'another session');
  const ad = concat(state.sid, headerBytes);
  const { dhPub, n } = header;

  const skipped = skippedKey(dhPub, n);
  if (skipped) {
    const plaintext = open(skipped, SEAL.message, ad, sealed);
    return { state, plaintext, added: [], removed: { dhPub, n }, newChain: false };
  }

  const newChain = !(state.dhr && equal(dhPub, state.dhr));
  /** @type {MessageKey[]} */
  const added = [];
  const receiving = newChain ? beginReceiving(state, header, added, nowMs) : state;
  if (!receiving.ckr) throw new ProtocolError('E_STATE', 'a message under our own first target');
  if (n < receiving.nr) throw new ProtocolError('E_DUP', 'message key used already');
  const before = skipTo(receiving, n, added);
  const { mk, next } = stepChain(before);
  const plaintext = open(mk, SEAL.message, ad, sealed);
  return { state: { ...receiving, ckr: next, nr: n + 1 }, plaintext, added, removed: null, newChain };
}

/**
 * Leaves the KEM bytes out of further messages of the current sending chain: the peer has proved to have it (§5.3).
 * @param {RatchetState} state
 * @param {Uint8Array} dhPub chain that the proof is about
 * @returns {RatchetState} the same if that chain is over
 */
export function elide(state, dhPub) {
  const current = state.cks !== null && state.dhsPublic !== null && equal(state.dhsPublic, dhPub);
  return current && !state.elide && (state.sentEk || state.sentCt) ? { ...state, elide: true } : state;
}

/**
 * @param {Uint8Array} sid
 * @param {Uint8Array} rk
 * @param {number} nowMs
 * @returns {RatchetState}
 */
function emptyState(sid, rk, nowMs) {
  return {
    sid,
    rk,
    dhsPublic: null,
    dhsSecret: null,
    dhr: null,
    cks: null,
    ckr: null,
    ns: 0,
    nr: 0,
    pn: 0,
    sentEk: null,
    sentCt: null,
    elide: false,
    lek: null,
    rek: null,
    chainsSinceKem: 0,
    kemResetMs: nowMs,
    old: [],
  };
}

/**
 * A new sending chain, §5.2.
 * @param {RatchetState} state
 * @param {number} nowMs
 * @param {AgreementKey} dhs
 * @param {() => KemKey | null} offer
 * @returns {RatchetState}
 */
function beginSending(state, nowMs, dhs, offer) {
  if (!state.dhr) throw new ProtocolError('E_STATE', 'nothing received to answer');
  const answer = state.rek ? encapsulate(state.rek) : null;
  const offered = !answer && !state.lek ? offer() : null;
  const sentEk = offered?.publicKey ?? null;
  const sentCt = answer?.ciphertext ?? null;
  const chain = chainPublic((sentEk ? FLAG_EK : 0) | (sentCt ? FLAG_CT : 0), dhs.publicKey, sentEk, sentCt);
  const { rk, ck } = stepRoot(state.rk, agree(dhs.secretKey, state.dhr), answer?.secret ?? null, chain);
  return {
    ...state,
    rk,
    cks: ck,
    dhsPublic: dhs.publicKey,
    dhsSecret: dhs.secretKey,
    pn: state.ns,
    ns: 0,
    sentEk,
    sentCt,
    elide: false,
    lek: offered?.seed ?? state.lek,
    rek: null,
    chainsSinceKem: answer ? 0 : state.chainsSinceKem + 1,
    kemResetMs: answer ? nowMs : state.kemResetMs,
  };
}

/**
 * @param {RatchetState} state
 * @param {number} nowMs
 */
function offerWhenDue({ chainsSinceKem, kemResetMs }, nowMs) {
  const due = chainsSinceKem >= KEM_EVERY_CHAINS || nowMs - kemResetMs >= KEM_EVERY_MS;
  return () => (due ? newKemKey() : null);
}

/** @param {RatchetState} state */
function sendingFlags({ sentEk, sentCt, elide }) {
  const kind = (sentEk ? FLAG_EK : 0) | (sentCt ? FLAG_CT : 0);
  return elide ? { flags: kind | FLAG_ELIDED, sentEk: null, sentCt: null } : { flags: kind, sentEk, sentCt };
}

/**
 * A new receiving chain, §5.4 steps 3 to 5. The order of the refusals matters: EL before OLD would turn harmless
 * duplicates into session failures.
 * @param {RatchetState} state
 * @param {import('./ratchet-header.js').Header} header
 * @param {MessageKey[]} added
 * @param {number} nowMs
 * @returns {RatchetState}
 */
function beginReceiving(state, header, added, nowMs) {
  const { flags, dhPub, ek, ct, pn } = header;
  if (state.old.some((key) => equal(key, dhPub))) throw new ProtocolError('E_DUP', 'chain is finished');
  if (flags & FLAG_ELIDED) throw new ProtocolError('E_NEED_FULL', 'chain begins elided');
  if (!state.dhsSecret) throw new ProtocolError('E_STATE', 'no ratchet key to receive with');
  if ((state.lek === null) !== (ct === null))
    throw new ProtocolError('E_STATE', 'KEM ciphertext out of step');
  if (ek && state.rek) throw new ProtocolError('E_STATE', 'KEM offer out of step');
  if (ek) assertKemPublicKey(ek);
  skipTo(state, pn, added);
  const ss = ct && state.lek ? decapsulate(state.lek, ct) : null;
  const chain = chainPublic(flags, dhPub, ek, ct);
  const { rk, ck } = stepRoot(state.rk, agree(state.dhsSecret, dhPub), ss, chain);
  return {
    ...state,
    rk,
    ckr: ck,
    cks: null,
    nr: 0,
    dhsSecret: null,
    dhr: dhPub,
    old: state.dhr ? [...state.old, state.dhr].slice(-OLD_CHAINS) : state.old,
    lek: ss ? null : state.lek,
    rek: ek ?? state.rek,
    chainsSinceKem: ss ? 0 : state.chainsSinceKem,
    kemResetMs: ss ? nowMs : state.kemResetMs,
  };
}

/**
 * Keeps the keys of the receiving chain up to, not including, number n.
 * @param {RatchetState} state
 * @param {number} n
 * @param {MessageKey[]} added
 * @returns {Uint8Array} chain key at n
 */
function skipTo({ ckr, dhr, nr }, n, added) {
  if (!ckr || !dhr) return new Uint8Array(0);
  if (n - nr > MAX_SKIP) throw new ProtocolError('E_SKIP', 'too many messages missing');
  let ck = ckr;
  for (let number = nr; number < n; number++) {
    const { mk, next } = stepChain(ck);
    added.push({ dhPub: dhr, n: number, mk });
    ck = next;
  }
  return ck;
}

/**
 * KDF_RK
 * @param {Uint8Array} rk
 * @param {Uint8Array} dh
 * @param {Uint8Array | null} ss
 * @param {Uint8Array} chain
 */
function stepRoot(rk, dh, ss, chain) {
  const info = concat(ROOT_KEY_INFO, sha256(chain));
  const okm = hkdf(rk, ss ? concat(dh, ss) : dh, info, 64);
  return { rk: okm.slice(0, 32), ck: okm.slice(32) };
}

/**
 * KDF_CK
 * @param {Uint8Array} ck
 */
function stepChain(ck) {
  return { mk: hmac(ck, MESSAGE_KEY), next: hmac(ck, NEXT_CHAIN_KEY) };
}
