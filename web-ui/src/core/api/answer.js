/** Checks of JSON answers (MP2P/1 §20): a field of the wrong kind is a defect of the server, never undefined here. */
import { fromBase64url } from '../crypto/bytes.js';
import { AnswerError } from './errors.js';

const U32_MAX = 0xffff_ffff;

/** @param {any} answer @param {string} field @returns {string} */
export function text(answer, field) {
  const value = answer?.[field];
  if (typeof value !== 'string') throw new AnswerError(`${field} is not text`);
  return value;
}

/** @param {any} answer @param {string} field @param {number} [max] @returns {number} */
export function whole(answer, field, max = Number.MAX_SAFE_INTEGER) {
  const value = answer?.[field];
  if (!Number.isSafeInteger(value) || value < 0 || value > max) {
    throw new AnswerError(`${field} is not a whole number`);
  }
  return value;
}

/** @param {any} answer @param {string} field */
export const u32 = (answer, field) => whole(answer, field, U32_MAX);

/** @param {any} answer @param {string} field @param {number} [length] @returns {Uint8Array} */
export function bytes(answer, field, length) {
  const value = decode(text(answer, field), field);
  if (length !== undefined && value.length !== length) throw new AnswerError(`${field} has the wrong length`);
  return value;
}

/** @param {any} answer @param {string} field @returns {any[]} */
export function list(answer, field) {
  const value = answer?.[field];
  if (!Array.isArray(value)) throw new AnswerError(`${field} is not a list`);
  return value;
}

/** @param {unknown} value @param {string} field @returns {Uint8Array} */
export function decode(value, field) {
  try {
    if (typeof value === 'string') return fromBase64url(value);
  } catch {
    // said below
  }
  throw new AnswerError(`${field} is not base64url`);
}
