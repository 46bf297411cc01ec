/**
 * Plain values to bytes and back, for rows that are then sealed. Unlike JSON it keeps byte strings and 64-bit
 * numbers; unlike the structured clone it gives bytes that can be sealed, and the same bytes for the same value.
 *
 *   value = u8 tag | payload
 *   0 null · 1 false · 2 true · 3 whole number ≥ 0 (u64) · 4 other number (f64) · 5 BigInt (u64)
 *   6 text (u32 length, UTF-8) · 7 bytes (u32 length) · 8 list (u32 count, values)
 *   9 record (u32 count, then text without tag and value, in the order of insertion)
 *   10 text with a lone surrogate (u32 count of UTF-16 units, u16 each): JSON from a peer may hold such text
 *
 * A record's keys whose value is undefined are left out. Anything else that is not listed is refused.
 *
 * @typedef {import('../engine-contract.js').Value} Value
 */

const MAX_DEPTH = 32;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * @param {unknown} value
 * @returns {Uint8Array}
 */
export function encodeValue(value) {
  const writer = new Growing();
  write(writer, value, 0);
  return writer.bytes();
}

/**
 * @param {Uint8Array} bytes
 * @returns {unknown}
 * @throws {RangeError} for whatever is not a value
 */
export function decodeValue(bytes) {
  const reader = new Cursor(bytes);
  const value = read(reader, 0);
  if (reader.left !== 0) throw new RangeError('bytes after the value');
  return value;
}

/** @param {Growing} out @param {unknown} value @param {number} depth */
function write(out, value, depth) {
  if (depth > MAX_DEPTH) throw new RangeError('value is nested too deeply');
  if (value === null) out.u8(0);
  else if (value === false) out.u8(1);
  else if (value === true) out.u8(2);
  else if (typeof value === 'number') writeNumber(out, value);
  else if (typeof value === 'bigint') writeBigInt(out, value);
  else if (typeof value === 'string') writeText(out, value);
  else if (value instanceof Uint8Array) {
    out.u8(7);
    out.u32(value.length);
    out.raw(value);
  } else if (Array.isArray(value)) {
    out.u8(8);
    out.u32(value.length);
    for (const item of value) write(out, item, depth + 1);
  } else if (isRecord(value)) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    out.u8(9);
    out.u32(entries.length);
    for (const [key, item] of entries) {
      out.text(key);
      write(out, item, depth + 1);
    }
  } else throw new TypeError(`a row cannot hold ${describe(value)}`);
}

/** @param {Growing} out @param {number} value */
function writeNumber(out, value) {
  if (Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0)) {
    out.u8(3);
    out.u64(BigInt(value));
  } else if (Number.isFinite(value)) {
    out.u8(4);
    out.f64(value);
  } else throw new TypeError('a row cannot hold a number that is not finite');
}

/** @param {Growing} out @param {bigint} value */
function writeBigInt(out, value) {
  if (value < 0n || value > 0xffff_ffff_ffff_ffffn) throw new RangeError('BigInt is not a u64');
  out.u8(5);
  out.u64(value);
}

/** @param {Growing} out @param {string} value */
function writeText(out, value) {
  if (value.isWellFormed()) {
    out.u8(6);
    out.text(value);
  } else {
    out.u8(10);
    out.u32(value.length);
    for (let i = 0; i < value.length; i++) out.u16(value.charCodeAt(i));
  }
}

/** @param {Cursor} from @param {number} depth @returns {unknown} */
function read(from, depth) {
  if (depth > MAX_DEPTH) throw new RangeError('value is nested too deeply');
  const tag = from.u8();
  switch (tag) {
    case 0:
      return null;
    case 1:
      return false;
    case 2:
      return true;
    case 3: {
      const value = Number(from.u64());
      if (!Number.isSafeInteger(value)) throw new RangeError('whole number is too large');
      return value;
    }
    case 4:
      return from.f64();
    case 5:
      return from.u64();
    case 6:
      return from.text();
    case 7:
      return from.raw(from.u32());
    case 8: {
      const list = [];
      for (let left = from.u32(); left > 0; left--) list.push(read(from, depth + 1));
      return list;
    }
    case 9: {
      /** @type {[string, unknown][]} */
      const entries = [];
      for (let left = from.u32(); left > 0; left--) entries.push([from.text(), read(from, depth + 1)]);
      return Object.fromEntries(entries); // defines own properties, `__proto__` included
    }
    case 10:
      return from.utf16(from.u32());
    default:
      throw new RangeError(`unknown tag ${tag}`);
  }
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isRecord(value) {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** @param {unknown} value */
function describe(value) {
  return typeof value === 'object' && value !== null ? `a ${value.constructor?.name}` : typeof value;
}

/** Bytes that grow by doubling. */
class Growing {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** @param {number} count */
  #room(count) {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
    larger.set(this.#bytes);
    this.#bytes.fill(0); // it held plaintext
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
  /** @param {number} value */
  u8(value) {
    this.#room(1);
    this.#view.setUint8(this.#length, value);
    this.#length += 1;
  }
  /** @param {number} value */
  u16(value) {
    this.#room(2);
    this.#view.setUint16(this.#length, value);
    this.#length += 2;
  }
  /** @param {number} value */
  u32(value) {
    this.#room(4);
    this.#view.setUint32(this.#length, value);
    this.#length += 4;
  }
  /** @param {bigint} value */
  u64(value) {
    this.#room(8);
    this.#view.setBigUint64(this.#length, value);
    this.#length += 8;
  }
  /** @param {number} value */
  f64(value) {
    this.#room(8);
    this.#view.setFloat64(this.#length, value);
    this.#length += 8;
  }
  /** @param {Uint8Array} value */
  raw(value) {
    this.#room(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }
  /** @param {string} value */
  text(value) {
    // A lone surrogate would come back as U+FFFD; in a key that is refused.
    if (!value.isWellFormed()) throw new TypeError('a key cannot hold a lone surrogate');
    this.#room(4 + 3 * value.length);
    const { written } = encoder.encodeInto(value, this.#bytes.subarray(this.#length + 4));
    this.u32(written);
    this.#length += written;
  }
  bytes() {
    const result = this.#bytes.slice(0, this.#length);
    this.#bytes.fill(0);
    return result;
  }
}

/** Reads with bounds: a length that lies past the end throws before anything is allocated. */
class Cursor {
  #bytes;
  #view;
  #at = 0;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  get left() {
    return this.#bytes.length - this.#at;
  }
  u8() {
    const value = this.#view.getUint8(this.#at);
    this.#at += 1;
    return value;
  }
  u32() {
    const value = this.#view.getUint32(this.#at);
    this.#at += 4;
    return value;
  }
  u64() {
    const value = this.#view.getBigUint64(this.#at);
    this.#at += 8;
    return value;
  }
  f64() {
    const value = this.#view.getFloat64(this.#at);
    this.#at += 8;
    return value;
  }
  /** @param {number} count */
  raw(count) {
    if (count > this.left) throw new RangeError('value ends too early');
    const value = this.#bytes.slice(this.#at, this.#at + count);
    this.#at += count;
    return value;
  }
  text() {
    const bytes = this.raw(this.u32());
    try {
      return decoder.decode(bytes);
    } catch {
      throw new RangeError('text is not UTF-8');
    }
  }
  /** @param {number} count */
  utf16(count) {
    if (count * 2 > this.left) throw new RangeError('value ends too early');
    let text = '';
    for (; count > 0; count--) {
      text += String.fromCharCode(this.#view.getUint16(this.#at));
      this.#at += 2;
    }
    return text;
  }
}
