/**
 * From whatever was thrown to what the window can put into words.
 *
 * @typedef {import('./protocol.js').Fault} Fault
 * @typedef {import('./protocol.js').FaultCode} FaultCode
 */
import { AnswerError, ApiError, NetworkError } from './api/errors.js';
import { ProtocolError } from './crypto/errors.js';
import { StorageError } from './db/storage-error.js';

/** A failure that already has its sentence. */
export class CoreFault extends Error {
  /**
   * @param {FaultCode} code
   * @param {{ retryAfter?: number, cause?: unknown }} [details]
   */
  constructor(code, { retryAfter, cause } = {}) {
    super(code, { cause });
    this.name = 'CoreFault';
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/**
 * @param {unknown} error
 * @returns {Fault}
 */
export function faultOf(error) {
  if (error instanceof CoreFault) return withRetry(error.code, error.retryAfter);
  if (error instanceof StorageError) return { code: error.code };
  if (error instanceof NetworkError) return { code: 'server-unreachable' };
  if (error instanceof ApiError) return withRetry(codeOfAnswer(error), error.retryAfter);
  if (error instanceof ProtocolError) return { code: codeOfRefusal(error) };
  if (error instanceof AnswerError) return { code: 'server-unavailable' };
  return { code: 'defect' };
}

/** @param {ApiError} error @returns {FaultCode} */
function codeOfAnswer(error) {
  switch (error.slug) {
    case 'username-taken':
      return 'username-taken';
    case 'credentials-wrong':
      return 'credentials-wrong';
    case 'rate-limited':
    case 'busy':
      return 'rate-limited';
    case 'unavailable':
      return 'server-unavailable';
  }
  // a gateway answers in its own words while a service behind it is away
  if (error.status === 429) return 'rate-limited';
  return error.status >= 500 ? 'server-unavailable' : 'defect';
}

/** @param {ProtocolError} error @returns {FaultCode} */
function codeOfRefusal({ code }) {
  if (code === 'E_KDF') return 'kdf-refused';
  return code === 'E_DLC' || code === 'E_KT' ? 'identity-broken' : 'defect';
}

/** @param {FaultCode} code @param {number} [retryAfter] @returns {Fault} */
function withRetry(code, retryAfter) {
  return retryAfter === undefined ? { code } : { code, retryAfter };
}
