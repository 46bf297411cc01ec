import { fromUtf8, utf8, Writer } from './bytes.js';
import { ProtocolError } from './errors.js';
import { labelledHash } from './hash.js';
import { expand } from './hkdf.js';
import { HASH, INFO } from './labels.js';
import { sodium } from './sodium.js';

/** What a password becomes on the client, MP2P/1 §9.1. */

/** What new accounts use, and the least that is accepted. */
export const KDF_FLOOR = Object.freeze({ mKib: 65_536, t: 3, p: 1 });
const KDF_CEILING = Object.freeze({ mKib: 1_048_576, t: 16 });
const SALT = 16;

/**
 * @typedef {object} KdfParameters
 * @property {number} mKib
 * @property {number} t
 * @property {number} p
 * @property {Uint8Array} serverSalt 16 bytes
 */

/**
 * `pwh` of MP2P/1 §9.1.
 * @param {string | Uint8Array} password as text or UTF-8
 */
export function preHash(password) {
  const text = typeof password === 'string' ? password : fromUtf8(password);
  return labelledHash(HASH.password, utf8(text.normalize('NFKC')));
}

/**
 * Mixes in who is asked and for whom, so that a server cannot hand out one salt for all (MP2P/1 §9.1).
 * @param {string} serverName the host the client itself connected to
 * @param {string} username
 * @param {Uint8Array} serverSalt
 */
export function passwordSalt(serverName, username, serverSalt) {
  const names = new Writer().lp16(utf8(serverName)).lp16(utf8(username.toLowerCase()));
  return labelledHash(HASH.passwordSalt, names.fixed(serverSalt, SALT).finish()).slice(0, SALT);
}

/**
 * A server that dictates weak parameters, or such that nobody can compute, is refused (MP2P/1 §9.1).
 * @param {{ mKib: number, t: number, p?: number }} parameters
 * @throws {ProtocolError} E_KDF
 */
export function assertKdfParameters({ mKib, t, p = KDF_FLOOR.p }) {
  const within =
    Number.isSafeInteger(mKib) &&
    Number.isSafeInteger(t) &&
    mKib >= KDF_FLOOR.mKib &&
    mKib <= KDF_CEILING.mKib &&
    t >= KDF_FLOOR.t &&
    t <= KDF_CEILING.t &&
    p === KDF_FLOOR.p;
  if (!within) throw new ProtocolError('E_KDF', 'parameters outside the limits');
}

/**
 * Argon2id v1.3 with p = 1 (MP2P/1 §9.1). Takes a quarter of a second and grows the WASM heap for good: run it in a
 * worker that is thrown away.
 * @param {Uint8Array} pwh of `preHash`
 * @param {Uint8Array} salt of `passwordSalt`
 * @param {number} mKib
 * @param {number} t
 * @returns {Uint8Array} MK
 * @throws {ProtocolError} E_KDF
 */
export function argon2id(pwh, salt, mKib, t) {
  assertKdfParameters({ mKib, t });
  return sodium.crypto_pwhash(32, pwh, salt, t, mKib * 1024, sodium.crypto_pwhash_ALG_ARGON2ID13);
}

/**
 * The three keys of MP2P/1 §9.1.
 * @param {Uint8Array} mk
 * @returns {{ authSecret: Uint8Array<ArrayBuffer>, vaultKek: Uint8Array<ArrayBuffer>, localKek: Uint8Array<ArrayBuffer> }}
 */
export function deriveKeys(mk) {
  return {
    authSecret: expand(mk, INFO.authSecret, 32),
    vaultKek: expand(mk, INFO.vaultKek, 32),
    localKek: expand(mk, INFO.localKek, 32),
  };
}
