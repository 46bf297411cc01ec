/**
 * @typedef {'E_FORMAT' | 'E_AUTH' | 'E_DUP' | 'E_SKIP' | 'E_STATE' | 'E_NEED_FULL' | 'E_NO_SESSION' |
 *   'E_UNKNOWN_PREKEY' | 'E_REPLAY' | 'E_DLC' | 'E_KT' | 'E_ZERO' | 'E_KDF'} ProtocolErrorCode
 */

/** A refusal with its class of MP2P/1 §7. The message is for developers and never carries secrets or ids. */
export class ProtocolError extends Error {
  /**
   * @param {ProtocolErrorCode} code
   * @param {string} message
   */
  constructor(code, message) {
    super(`${code}: ${message}`);
    this.name = 'ProtocolError';
    this.code = code;
  }
}
