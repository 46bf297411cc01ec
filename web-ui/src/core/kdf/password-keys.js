/**
 * The core's side of the derivation: starts the worker, hands the password over, takes the keys, ends the worker.
 *
 * @typedef {import('./derivation.js').PasswordKeys} PasswordKeys
 * @typedef {import('./derivation.js').DerivationRequest} DerivationRequest
 * @typedef {import('./derivation.js').DerivationReply} DerivationReply
 */
import { CoreFault } from '../fault.js';
import { DERIVATION_WORKER } from './derivation.js';
import { ownScriptUrl } from './own-script.js';

/** Derivation takes up to two seconds on a slow phone; a worker that failed to start says nothing at all. */
const LIMIT_MS = 60_000;

/**
 * @param {Omit<DerivationRequest, 'reply' | 'minimum'> & { minimum?: number }} request `password` is transferred:
 *   its buffer is empty afterwards
 * @returns {Promise<PasswordKeys>}
 * @throws {CoreFault} password-short, kdf-refused, defect
 */
export async function derivePasswordKeys({ minimum = 0, ...request }) {
  const worker = new Worker(ownScriptUrl(), { type: 'module', name: DERIVATION_WORKER });
  const { port1: answers, port2: reply } = new MessageChannel();
  try {
    const answer = await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new CoreFault('defect')), LIMIT_MS);
      answers.onmessage = ({ data }) => {
        clearTimeout(timer);
        resolve(/** @type {DerivationReply} */ (data));
      };
      worker.onerror = () => {
        clearTimeout(timer);
        reject(new CoreFault('defect'));
      };
      worker.postMessage({ ...request, minimum, reply }, [request.password.buffer, reply]);
    });
    if ('refused' in answer) throw new CoreFault(answer.refused);
    return answer.keys;
  } finally {
    answers.close();
    worker.terminate();
  }
}
