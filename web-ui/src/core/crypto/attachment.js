import { concat, equal, isZero, Reader, utf8, Writer } from './bytes.js';
import { ProtocolError } from './errors.js';
import { sha256 } from './hash.js';
import { expand } from './hkdf.js';
import { INFO } from './labels.js';
import { randomBytes } from './random.js';
import { sodium } from './sodium.js';

/** Encrypted files, MP2P/1 §8: chunked secretbox in the STREAM construction with a commitment to the key. */

const VERSION = 1;
const CHUNK = 65_536;
const TAG = 16;
const HEADER = 29;
const COMMITMENT = 32;
const SMALLEST = 256;
const NONCE_PREFIX = utf8('MP2Pfile');

/**
 * What travels inside the ATTACHMENT message, besides name and type.
 * @typedef {object} FileKey
 * @property {Uint8Array} fk 32 bytes, used for this one blob
 * @property {Uint8Array} hash H(blob)
 * @property {number} length of the file without padding
 */

/**
 * A new key, padding, and the blob, MP2P/1 §8.
 * @param {Uint8Array} file
 * @returns {{ key: FileKey, blob: Uint8Array<ArrayBuffer> }}
 */
export function encryptFile(file) {
  const fk = randomBytes(32);
  const padded = new Uint8Array(padmeLength(file.length));
  padded.set(file);
  const blob = encryptPaddedForTests(fk, randomBytes(16), padded);
  return { key: { fk, hash: sha256(blob), length: file.length }, blob };
}

/**
 * The blob under given key and id (MP2P/1 §8): for known answers only. Product code calls `encryptFile`.
 * @param {Uint8Array} fk
 * @param {Uint8Array} fileId
 * @param {Uint8Array} padded
 */
export function encryptPaddedForTests(fk, fileId, padded) {
  const header = new Writer().u8(VERSION).u32(CHUNK).u64(padded.length).fixed(fileId, 16).finish();
  const { key, commitment } = deriveKeys(fk, header);
  const chunks = [];
  for (let at = 0, i = 0; at < padded.length; at += CHUNK, i++) {
    const nonce = chunkNonce(i, at + CHUNK >= padded.length);
    chunks.push(sodium.crypto_secretbox_easy(padded.subarray(at, at + CHUNK), nonce, key));
  }
  return concat(header, commitment, ...chunks);
}

/**
 * Gives the file only after every check; nothing of a broken blob comes out (MP2P/1 §8).
 * @param {FileKey} key
 * @param {Uint8Array} blob
 * @returns {Uint8Array<ArrayBuffer>}
 * @throws {ProtocolError} E_FORMAT, E_AUTH
 */
export function decryptFile({ fk, hash, length }, blob) {
  if (!equal(sha256(blob), hash)) throw new ProtocolError('E_AUTH', 'blob hash');
  const reader = new Reader(blob);
  const header = reader.bytes(HEADER);
  const paddedLength = paddedLengthOf(header);
  const { key, commitment } = deriveKeys(fk, header);
  if (!equal(reader.bytes(COMMITMENT), commitment)) throw new ProtocolError('E_AUTH', 'file commitment');
  const chunks = Math.ceil(paddedLength / CHUNK);
  if (reader.remaining !== paddedLength + chunks * TAG) throw new ProtocolError('E_FORMAT', 'blob length');
  const padded = new Uint8Array(paddedLength);
  for (let i = 0; i < chunks; i++) {
    const size = Math.min(CHUNK, paddedLength - i * CHUNK);
    padded.set(openChunk(reader.bytes(size + TAG), chunkNonce(i, i === chunks - 1), key), i * CHUNK);
  }
  if (length > paddedLength || !isZero(padded.subarray(length))) {
    throw new ProtocolError('E_FORMAT', 'file padding');
  }
  return padded.slice(0, length);
}

/**
 * Padmé (MP2P/1 §8): at most 12 % more, and the length says little about the file.
 * @param {number} length
 */
export function padmeLength(length) {
  // BigInt: no 32-bit shifts and no rounding of Math.log2.
  const padded = BigInt(Math.max(length, SMALLEST));
  const exponent = bitLength(padded) - 1;
  const free = BigInt(exponent - bitLength(BigInt(exponent)));
  return Number(((padded + (1n << free) - 1n) >> free) << free);
}

/** @param {bigint} value */
function bitLength(value) {
  return value.toString(2).length;
}

/** @param {Uint8Array} header */
function paddedLengthOf(header) {
  const reader = new Reader(header);
  if (reader.u8() !== VERSION || reader.u32() !== CHUNK) throw new ProtocolError('E_FORMAT', 'file header');
  const length = reader.u64();
  if (length === 0) throw new ProtocolError('E_FORMAT', 'a blob has at least one chunk');
  return length;
}

/**
 * @param {Uint8Array} fk
 * @param {Uint8Array} header
 */
function deriveKeys(fk, header) {
  const okm = expand(fk, concat(utf8(INFO.file), new Uint8Array(1), sha256(header)), 64);
  return { key: okm.subarray(0, 32), commitment: okm.subarray(32) };
}

/**
 * @param {number} index
 * @param {boolean} last
 */
function chunkNonce(index, last) {
  return new Writer()
    .bytes(NONCE_PREFIX)
    .u64(index)
    .u8(last ? 1 : 0)
    .bytes(new Uint8Array(7))
    .finish();
}

/**
 * @param {Uint8Array} chunk
 * @param {Uint8Array} nonce
 * @param {Uint8Array} key
 */
function openChunk(chunk, nonce, key) {
  try {
    return sodium.crypto_secretbox_open_easy(chunk, nonce, key);
  } catch {
    throw new ProtocolError('E_AUTH', 'chunk tag');
  }
}
