import { ProtocolError } from '../crypto/errors.js';

/** What follows from a body that could not be opened, MP2P/1 §7. */

/**
 * @typedef {'E_FORMAT' | 'E_AUTH' | 'STALE' | 'E_SKIP' | 'E_STATE' | 'E_NEED_FULL' | 'E_NO_SESSION' |
 *   'E_UNKNOWN_PREKEY' | 'E_REPLAY' | 'E_DLC' | 'E_ZERO' | 'BLOCKED' | 'UNLISTED' | 'UNPROVEN' |
 *   'WRONG_PEER'} RefusalCode
 *
 * @typedef {object} Refused the sessions are unchanged
 * @property {false} ok
 * @property {RefusalCode} code
 * @property {'drop' | 'retry' | 'hold'} action `retry` is a wish: §7.3 says who may cause one
 * @property {'strong' | 'weak' | null} evidence for `retry`: strong if it names a session held with this device
 * @property {Uint8Array | null} sid16 session that the message names
 * @property {boolean} mayHeal what the mailbox still holds may repair it (§6.2 *Overtaking*)
 * @property {number | null} exhaustedSpk signed prekey whose replay cache is full
 */

/** A refusal that has no error class of its own. */
export class Refusal extends Error {
  /**
   * @param {RefusalCode} code
   * @param {{ exhaustedSpk?: number | null }} [more]
   */
  constructor(code, { exhaustedSpk = null } = {}) {
    super(code);
    this.code = code;
    this.exhaustedSpk = exhaustedSpk;
  }
}

/** @type {ReadonlySet<RefusalCode>} */
const RETRIED = new Set([
  'E_AUTH',
  'STALE',
  'E_SKIP',
  'E_STATE',
  'E_NEED_FULL',
  'E_NO_SESSION',
  'E_UNKNOWN_PREKEY',
]);
/** @type {ReadonlySet<RefusalCode>} */
const HELD = new Set(['E_DLC', 'UNPROVEN']);
/** @type {ReadonlySet<RefusalCode>} */
const MAY_HEAL = new Set(['E_SKIP', 'E_STATE', 'E_NEED_FULL', 'E_NO_SESSION']);

/**
 * @param {unknown} error
 * @param {Uint8Array | null} sid16
 * @param {boolean} held the message names a session held with this device
 * @returns {Refused}
 * @throws what is no refusal
 */
export function refused(error, sid16, held) {
  if (!(error instanceof ProtocolError) && !(error instanceof Refusal)) throw error;
  // The envelope was not seen before: a used message key is then the sign of a rolled-back sender (§6.2).
  const code = /** @type {RefusalCode} */ (error.code === 'E_DUP' ? 'STALE' : error.code);
  const retry = RETRIED.has(code) && (held || code !== 'E_AUTH');
  const evidence = held && code !== 'E_UNKNOWN_PREKEY' ? 'strong' : 'weak';
  return {
    ok: false,
    code,
    action: retry ? 'retry' : HELD.has(code) ? 'hold' : 'drop',
    evidence: retry ? evidence : null,
    sid16,
    mayHeal: MAY_HEAL.has(code),
    exhaustedSpk: error instanceof Refusal ? error.exhaustedSpk : null,
  };
}
