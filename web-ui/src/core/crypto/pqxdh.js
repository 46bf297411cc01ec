import { concat, Writer } from './bytes.js';
import { labelledHash, sha256 } from './hash.js';
import { hkdf } from './hkdf.js';
import { agree, decapsulate, encapsulate, newAgreementKey } from './keys.js';
import { HASH, INFO } from './labels.js';

/** Session setup, MP2P/1 §4: X3DH with an ML-KEM-768 secret, both identities in the transcript. */

const VERSION = 1;
const PREFIX = new Uint8Array(32).fill(0xff);
const NO_KEY = new Uint8Array(32);

/**
 * @typedef {import('./device-list.js').Identity} Identity
 * @typedef {import('./prekey.js').BundleDevice} BundleDevice
 * @typedef {import('./envelope.js').PrekeyHead} PrekeyHead
 * @typedef {import('./keys.js').AgreementKey} AgreementKey
 *
 * @typedef {object} OwnPrekey a prekey with its private half
 * @property {number} keyId
 * @property {number} createdMs
 * @property {Uint8Array} publicKey
 * @property {Uint8Array} secret X25519 secret key, or ML-KEM seed
 *
 * @typedef {object} Agreed
 * @property {Uint8Array} sessionId 32 bytes, the hash of the whole transcript
 * @property {Uint8Array} secret SK, the first root key
 */

/**
 * The initiator, MP2P/1 §4.
 * @param {{ self: Identity, dhkSecret: Uint8Array, remote: BundleDevice, epoch: number }} setup
 * @returns {Agreed & { head: PrekeyHead }}
 * @throws {import('./errors.js').ProtocolError} E_ZERO for a low-order key of the bundle, E_FORMAT for its KEM key
 */
export function initiate(setup) {
  const { ciphertext, secret } = encapsulate(setup.remote.pq.publicKey);
  return initiateWithKeysForTests({ ...setup, ephemeral: newAgreementKey(), ct: ciphertext, ss: secret });
}

/**
 * The initiator with given ephemeral values (MP2P/1 §4): for known answers only. Product code calls `initiate`.
 * @param {{ self: Identity, dhkSecret: Uint8Array, remote: Omit<BundleDevice, 'weakFs'>, epoch: number,
 *   ephemeral: AgreementKey, ct: Uint8Array, ss: Uint8Array }} setup
 * @returns {Agreed & { head: PrekeyHead }}
 */
export function initiateWithKeysForTests({ self, dhkSecret, remote, epoch, ephemeral, ct, ss }) {
  const { identity: peer, spk, opk, pq } = remote;
  /** @type {PrekeyHead} */
  const head = {
    epoch,
    spkId: spk.keyId,
    opkId: opk?.keyId ?? 0,
    pqKind: /** @type {3 | 4} */ (pq.kind),
    pqId: pq.keyId,
    ek: ephemeral.publicKey,
    ct,
  };
  const shared = [
    agree(dhkSecret, spk.publicKey),
    agree(ephemeral.secretKey, peer.dhk),
    agree(ephemeral.secretKey, spk.publicKey),
    ...(opk ? [agree(ephemeral.secretKey, opk.publicKey)] : []),
  ];
  const keys = { spk: spk.publicKey, opk: opk?.publicKey, pq: pq.publicKey };
  return { ...derive(transcript(self, peer, head, keys), shared, ss), head };
}

/**
 * The responder, MP2P/1 §4.
 * @param {{ self: Identity, dhkSecret: Uint8Array, peer: Identity, head: PrekeyHead, spk: OwnPrekey,
 *   opk: OwnPrekey | null, pq: OwnPrekey }} setup `opk` is null exactly if `head.opkId` is 0
 * @returns {Agreed}
 * @throws {import('./errors.js').ProtocolError} E_ZERO
 */
export function respond({ self, dhkSecret, peer, head, spk, opk, pq }) {
  const shared = [
    agree(spk.secret, peer.dhk),
    agree(dhkSecret, head.ek),
    agree(spk.secret, head.ek),
    ...(opk ? [agree(opk.secret, head.ek)] : []),
  ];
  const keys = { spk: spk.publicKey, opk: opk?.publicKey, pq: pq.publicKey };
  return derive(transcript(peer, self, head, keys), shared, decapsulate(pq.secret, head.ct));
}

/**
 * @param {Uint8Array} sessionId
 * @param {Uint8Array[]} shared DH1 to DH3 or DH4
 * @param {Uint8Array} ss
 * @returns {Agreed}
 */
function derive(sessionId, shared, ss) {
  const secret = hkdf(sessionId, concat(PREFIX, ...shared, ss), INFO.sessionSecret, 32);
  for (const value of [...shared, ss]) value.fill(0);
  return { sessionId, secret };
}

/**
 * TH: whatever either side could be confused about is in here.
 * @param {Identity} initiator
 * @param {Identity} responder
 * @param {PrekeyHead} head
 * @param {{ spk: Uint8Array, opk?: Uint8Array | undefined, pq: Uint8Array }} keys public prekeys of the responder
 */
function transcript(initiator, responder, head, keys) {
  const writer = new Writer()
    .u8(VERSION)
    .bytes(identityBytes(initiator))
    .bytes(identityBytes(responder))
    .u32(head.epoch)
    .fixed(head.ek, 32)
    .u32(head.spkId)
    .fixed(keys.spk, 32)
    .u32(head.opkId)
    .fixed(keys.opk ?? NO_KEY, 32)
    .u8(head.pqKind)
    .u32(head.pqId)
    .bytes(sha256(keys.pq))
    .bytes(sha256(head.ct));
  return labelledHash(HASH.sessionTranscript, writer.finish());
}

/** @param {Identity} identity */
function identityBytes({ accountId, aik, deviceId, dsk, dhk }) {
  return new Writer()
    .fixed(accountId, 16)
    .fixed(aik, 32)
    .u32(deviceId)
    .fixed(dsk, 32)
    .fixed(dhk, 32)
    .finish();
}
