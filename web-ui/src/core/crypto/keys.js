import { concat, utf8 } from './bytes.js';
import { ProtocolError } from './errors.js';
import { SIGN_PREFIX } from './labels.js';
import { randomBytes } from './random.js';
import { sodium } from './sodium.js';

export const KEM_PUBLIC_KEY = 1184;
export const KEM_CIPHERTEXT = 1088;
const KEM_SEED = 64;
const SIGNATURE = 64;
const SEPARATOR = new Uint8Array(1);

/**
 * @typedef {{ publicKey: Uint8Array, seed: Uint8Array }} SigningKey Ed25519
 * @typedef {{ publicKey: Uint8Array, secretKey: Uint8Array }} AgreementKey X25519
 * @typedef {{ publicKey: Uint8Array, seed: Uint8Array }} KemKey ML-KEM-768, kept as the 64-byte seed d || z
 */

/**
 * A new Ed25519 key: AIK and DSK of MP2P/1 §2.
 * @returns {SigningKey}
 */
export function newSigningKey() {
  return signingKeyOf(randomBytes(32));
}

/**
 * The Ed25519 key of a seed (MP2P/1 §1).
 * @param {Uint8Array} seed
 * @returns {SigningKey}
 */
export function signingKeyOf(seed) {
  return { publicKey: sodium.crypto_sign_seed_keypair(seed).publicKey, seed };
}

/**
 * `Sign` of MP2P/1 §1.
 * @param {Uint8Array} seed
 * @param {string} label one of SIGN in labels.js
 * @param {Uint8Array} message
 */
export function sign(seed, label, message) {
  const { privateKey } = sodium.crypto_sign_seed_keypair(seed);
  const signature = sodium.crypto_sign_detached(signedBytes(label, message), privateKey);
  privateKey.fill(0);
  return signature;
}

/**
 * Strict Ed25519 (MP2P/1 §1) of a labelled message.
 * @param {Uint8Array} publicKey
 * @param {string} label
 * @param {Uint8Array} message
 * @param {Uint8Array} signature
 */
export function verify(publicKey, label, message, signature) {
  return verifyUnlabelledForTests(publicKey, signedBytes(label, message), signature);
}

/**
 * Strict Ed25519 (MP2P/1 §1): libsodium refuses S ≥ L, small-order and non-canonical points, and does not multiply by the
 * cofactor. Without label for known answers only. Product code calls `verify`.
 * @param {Uint8Array} publicKey
 * @param {Uint8Array} message
 * @param {Uint8Array} signature
 */
export function verifyUnlabelledForTests(publicKey, message, signature) {
  if (publicKey.length !== 32) throw new RangeError('an Ed25519 key has 32 bytes');
  return signature.length === SIGNATURE && sodium.crypto_sign_verify_detached(signature, message, publicKey);
}

/**
 * A new X25519 key (MP2P/1 §1).
 * @returns {AgreementKey}
 */
export function newAgreementKey() {
  return agreementKeyOf(randomBytes(32));
}

/**
 * The X25519 key of a secret (MP2P/1 §1).
 * @param {Uint8Array} secretKey
 * @returns {AgreementKey}
 */
export function agreementKeyOf(secretKey) {
  return { publicKey: sodium.crypto_scalarmult_base(secretKey), secretKey };
}

/**
 * `DH` of MP2P/1 §1.
 * @param {Uint8Array} secretKey
 * @param {Uint8Array} publicKey
 * @returns {Uint8Array}
 * @throws {ProtocolError} E_ZERO if the peer's key is of low order
 */
export function agree(secretKey, publicKey) {
  if (secretKey.length !== 32 || publicKey.length !== 32) throw new RangeError('an X25519 key has 32 bytes');
  try {
    return sodium.crypto_scalarmult(secretKey, publicKey);
  } catch {
    // With the lengths right, libsodium fails for one reason only.
    throw new ProtocolError('E_ZERO', 'all-zero shared secret');
  }
}

/**
 * A new ML-KEM-768 key (MP2P/1 §1).
 * @returns {KemKey}
 */
export function newKemKey() {
  return kemKeyOf(randomBytes(KEM_SEED));
}

/**
 * The ML-KEM-768 key of a seed (MP2P/1 §1).
 * @param {Uint8Array} seed
 * @returns {KemKey}
 */
export function kemKeyOf(seed) {
  return { publicKey: kemKeyPair(seed).publicKey, seed };
}

/**
 * @param {Uint8Array} publicKey
 * @returns {{ ciphertext: Uint8Array, secret: Uint8Array }}
 * @throws {ProtocolError} E_FORMAT if the key is not a canonical encapsulation key (FIPS 203 §7.2)
 */
export function encapsulate(publicKey) {
  // The deterministic form, so that the randomness is ours and not that of libsodium.js.
  return encapsulateWithCoinsForTests(publicKey, randomBytes(32));
}

/**
 * Encapsulation (MP2P/1 §1) with given randomness: for known answers only. Product code calls `encapsulate`.
 * @param {Uint8Array} publicKey
 * @param {Uint8Array} coins 32 bytes
 * @returns {{ ciphertext: Uint8Array, secret: Uint8Array }}
 */
export function encapsulateWithCoinsForTests(publicKey, coins) {
  if (publicKey.length !== KEM_PUBLIC_KEY) throw new RangeError('an ML-KEM-768 key has 1184 bytes');
  try {
    const made = sodium.crypto_kem_mlkem768_enc_deterministic(publicKey, coins);
    return { ciphertext: made.ciphertext, secret: made.sharedSecret };
  } catch {
    throw new ProtocolError('E_FORMAT', 'not an encapsulation key');
  }
}

/**
 * Refuses a peer's KEM key at once, and not later when it is to be used (MP2P/1 §5.4).
 * @param {Uint8Array} publicKey
 * @throws {ProtocolError} E_FORMAT
 */
export function assertKemPublicKey(publicKey) {
  encapsulate(publicKey);
}

/**
 * Implicit rejection (MP2P/1 §1): a wrong ciphertext gives a secret that nobody else has.
 * @param {Uint8Array} seed
 * @param {Uint8Array} ciphertext
 * @returns {Uint8Array}
 */
export function decapsulate(seed, ciphertext) {
  if (ciphertext.length !== KEM_CIPHERTEXT) throw new RangeError('an ML-KEM-768 ciphertext has 1088 bytes');
  const { privateKey } = kemKeyPair(seed);
  const secret = sodium.crypto_kem_mlkem768_dec(ciphertext, privateKey);
  privateKey.fill(0);
  return secret;
}

/** @param {Uint8Array} seed */
function kemKeyPair(seed) {
  if (seed.length !== KEM_SEED) throw new RangeError('an ML-KEM-768 seed has 64 bytes');
  return sodium.crypto_kem_mlkem768_seed_keypair(seed);
}

/**
 * @param {string} label
 * @param {Uint8Array} message
 */
function signedBytes(label, message) {
  return concat(utf8(SIGN_PREFIX), utf8(label), SEPARATOR, message);
}
