import { ProtocolError } from './errors.js';

const U16_MAX = 0xffff;
const U32_MAX = 0xffffffff;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

const encoder = new TextEncoder();
// ignoreBOM keeps a byte order mark in the text, where the reader of the text refuses it (MP2P/1 §6.1).
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function utf8(text) {
  return encoder.encode(text);
}

/**
 * @param {Uint8Array} bytes
 * @returns {string}
 * @throws {ProtocolError} E_FORMAT if the bytes are not UTF-8
 */
export function fromUtf8(bytes) {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new ProtocolError('E_FORMAT', 'not UTF-8');
  }
}

/**
 * @param {...Uint8Array} parts
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function concat(...parts) {
  let length = 0;
  for (const part of parts) length += part.length;
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/**
 * Equality in a time that depends on the lengths alone.
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
export function equal(a, b) {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++)
    difference |= /** @type {number} */ (a[i]) ^ /** @type {number} */ (b[i]);
  return difference === 0;
}

/**
 * Bytewise unsigned order over the whole length (MP2P/1 §1). Not constant-time: for public values.
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 * @returns {number} negative, zero or positive
 */
export function compare(a, b) {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = /** @type {number} */ (a[i]) - /** @type {number} */ (b[i]);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** @param {Uint8Array} bytes */
export function isZero(bytes) {
  let any = 0;
  for (const byte of bytes) any |= byte;
  return any === 0;
}

/**
 * Overwrites secrets that are no longer needed; best effort, the engine may have made copies.
 * @param {...Uint8Array} secrets
 */
export function zero(...secrets) {
  for (const secret of secrets) secret.fill(0);
}

/** @param {Uint8Array} bytes */
export function toHex(bytes) {
  let text = '';
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function fromHex(text) {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) throw new ProtocolError('E_FORMAT', 'not hex');
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/**
 * Base64url without padding (RFC 4648 §5), for public values in JSON.
 * @param {Uint8Array} bytes
 */
export function toBase64url(bytes) {
  let binary = '';
  // Chunks keep the argument list below the limits of the engines.
  for (let at = 0; at < bytes.length; at += 8192) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * Accepts the one canonical form only: no padding, no stray bits at the end.
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function fromBase64url(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) {
    throw new ProtocolError('E_FORMAT', 'not base64url');
  }
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  if (toBase64url(bytes) !== text) throw new ProtocolError('E_FORMAT', 'not canonical base64url');
  return bytes;
}

/** Reads big-endian fields in order; every read beyond the end is E_FORMAT. */
export class Reader {
  #bytes;
  #view;
  #at = 0;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining() {
    return this.#bytes.length - this.#at;
  }

  /** Bytes read so far. */
  get position() {
    return this.#at;
  }

  /** @param {number} length */
  #advance(length) {
    if (length > this.remaining) throw new ProtocolError('E_FORMAT', 'too short');
    const at = this.#at;
    this.#at += length;
    return at;
  }

  u8() {
    return this.#view.getUint8(this.#advance(1));
  }

  u16() {
    return this.#view.getUint16(this.#advance(2));
  }

  u32() {
    return this.#view.getUint32(this.#advance(4));
  }

  /** @returns {number} refuses values that a number cannot hold exactly */
  u64() {
    const value = Number(this.#view.getBigUint64(this.#advance(8)));
    if (!Number.isSafeInteger(value)) throw new ProtocolError('E_FORMAT', 'u64 above 2^53-1');
    return value;
  }

  /**
   * @param {number} length
   * @returns {Uint8Array<ArrayBuffer>} a copy
   */
  bytes(length) {
    const at = this.#advance(length);
    return new Uint8Array(this.#bytes.subarray(at, at + length));
  }

  lp16() {
    return this.bytes(this.u16());
  }

  /** Everything that is left. */
  rest() {
    return this.bytes(this.remaining);
  }

  /** Refuses trailing bytes. */
  end() {
    if (this.remaining !== 0) throw new ProtocolError('E_FORMAT', 'trailing bytes');
  }
}

/** Writes big-endian fields in order; a value outside its field is a defect of the caller (RangeError). */
export class Writer {
  /** @type {Uint8Array[]} */
  #parts = [];

  /** @param {number} value */
  u8(value) {
    return this.#integer(value, 1, 0xff, (view) => view.setUint8(0, value));
  }

  /** @param {number} value */
  u16(value) {
    return this.#integer(value, 2, U16_MAX, (view) => view.setUint16(0, value));
  }

  /** @param {number} value */
  u32(value) {
    return this.#integer(value, 4, U32_MAX, (view) => view.setUint32(0, value));
  }

  /** @param {number} value */
  u64(value) {
    return this.#integer(value, 8, Number.MAX_SAFE_INTEGER, (view) => view.setBigUint64(0, BigInt(value)));
  }

  /** @param {Uint8Array} bytes */
  bytes(bytes) {
    this.#parts.push(bytes);
    return this;
  }

  /**
   * Bytes whose length the format fixes.
   * @param {Uint8Array} bytes
   * @param {number} length
   */
  fixed(bytes, length) {
    if (bytes.length !== length) throw new RangeError(`expected ${length} bytes, got ${bytes.length}`);
    return this.bytes(bytes);
  }

  /** @param {Uint8Array} bytes */
  lp16(bytes) {
    return this.u16(bytes.length).bytes(bytes);
  }

  finish() {
    return concat(...this.#parts);
  }

  /**
   * @param {number} value
   * @param {number} size
   * @param {number} max
   * @param {(view: DataView) => void} set
   */
  #integer(value, size, max, set) {
    if (!Number.isSafeInteger(value) || value < 0 || value > max)
      throw new RangeError('integer out of range');
    const field = new Uint8Array(size);
    set(new DataView(field.buffer));
    return this.bytes(field);
  }
}
