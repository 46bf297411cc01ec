import { fromBase64url, fromUtf8 } from './bytes.js';
import { ProtocolError } from './errors.js';

/**
 * Shapes of the JSON in contents and vaults (MP2P/1 §6.1 *Body*). A shape takes a parsed value and gives
 * back a copy with the listed keys alone; anything missing or mistyped is E_FORMAT.
 *
 * @template [T=any]
 * @typedef {(value: unknown) => T} Shape
 */

const MAX_DEPTH = 4;
const OPTIONAL = Symbol('optional');

/**
 * @template T
 * @typedef {Shape<T> & { [OPTIONAL]: true }} OptionalShape
 */

/**
 * @template {Record<string, Shape>} S
 * @typedef {{ [K in keyof S as S[K] extends OptionalShape<any> ? never : K]: ReturnType<S[K]> } &
 *   { [K in keyof S as S[K] extends OptionalShape<any> ? K : never]?: ReturnType<S[K]> }} Shaped
 */

/**
 * One object and nothing around it, not even white space: exact lengths, MP2P/1 §1.
 * @param {Uint8Array} bytes UTF-8 without byte order mark
 * @param {number} [maxDepth] levels of objects and lists
 * @returns {unknown}
 */
export function parseJson(bytes, maxDepth = MAX_DEPTH) {
  const text = fromUtf8(bytes);
  if (!text.startsWith('{') || !text.endsWith('}')) fail('not an object alone');
  /** @type {unknown} */
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    fail('not JSON');
  }
  if (isDeeperThan(value, maxDepth)) fail('nested too deep');
  return value;
}

/**
 * @param {number} min in UTF-16 units
 * @param {number} max
 * @returns {Shape<string>}
 */
export function string(min, max) {
  return (value) => {
    if (typeof value !== 'string' || value.length < min || value.length > max)
      fail('not a string of that length');
    return value;
  };
}

/**
 * @param {number} [min]
 * @param {number} [max]
 * @returns {Shape<number>}
 */
export function integer(min = 0, max = Number.MAX_SAFE_INTEGER) {
  return (value) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) {
      fail('not an integer in range');
    }
    return value;
  };
}

/** @type {Shape<boolean>} */
export function boolean(value) {
  if (typeof value !== 'boolean') fail('not a boolean');
  return value;
}

/**
 * Base64url that stands for bytes of this length; the text is kept.
 * @param {number} min
 * @param {number} [max]
 * @returns {Shape<string>}
 */
export function byteString(min, max = min) {
  return (value) => {
    if (typeof value !== 'string') fail('not a byte string');
    const { length } = fromBase64url(value);
    if (length < min || length > max) fail('byte string of another length');
    return value;
  };
}

/**
 * @template {string | number | boolean} const T
 * @param {...T} literals
 * @returns {Shape<T>}
 */
export function oneOf(...literals) {
  return (value) => literals.find((literal) => literal === value) ?? fail('not one of the allowed values');
}

/**
 * @template T
 * @param {Shape<T>} shape
 * @returns {Shape<T | null>}
 */
export function nullable(shape) {
  return (value) => (value === null ? null : shape(value));
}

/**
 * @template T
 * @param {Shape<T>} shape
 * @param {number} max
 * @returns {Shape<T[]>}
 */
export function list(shape, max) {
  return (value) => {
    if (!Array.isArray(value) || value.length > max) fail('not a list of that length');
    return value.map((item) => shape(item));
  };
}

/**
 * A key that may be absent.
 * @template T
 * @param {Shape<T>} shape
 * @returns {OptionalShape<T>}
 */
export function optional(shape) {
  return Object.assign((/** @type {unknown} */ value) => shape(value), {
    [OPTIONAL]: /** @type {const} */ (true),
  });
}

/**
 * An object whose keys somebody else checks.
 * @type {Shape<Record<string, unknown>>}
 */
export function anyObject(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail('not an object');
  return /** @type {Record<string, unknown>} */ (value);
}

/**
 * @template {Record<string, Shape>} S
 * @param {S} shapes
 * @returns {Shape<Shaped<S>>}
 */
export function object(shapes) {
  return (value) => {
    const given = anyObject(value);
    const entries = [];
    for (const [key, shape] of Object.entries(shapes)) {
      if (Object.hasOwn(given, key)) entries.push([key, shape(given[key])]);
      else if (!(OPTIONAL in shape)) fail(`key ${key} is missing`);
    }
    return Object.fromEntries(entries);
  };
}

/**
 * Goes no deeper than the limit, so that hostile nesting cannot exhaust the stack.
 * @param {unknown} value
 * @param {number} limit
 * @returns {boolean}
 */
function isDeeperThan(value, limit) {
  if (typeof value !== 'object' || value === null) return false;
  return limit === 0 || Object.values(value).some((item) => isDeeperThan(item, limit - 1));
}

/**
 * @param {string} why
 * @returns {never}
 */
export function fail(why) {
  throw new ProtocolError('E_FORMAT', why);
}
