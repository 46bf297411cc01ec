/**
 * The throw-away worker in which Argon2id runs (MP2P/1 §9.1): its 64 MiB of WASM memory never shrink and the
 * password's copies die with it. It is the same file as the core worker, told apart by its name, so that one
 * response alone needs 'wasm-unsafe-eval'.
 *
 * @typedef {object} DerivationRequest
 * @property {Uint8Array} password UTF-8, transferred
 * @property {string} serverName
 * @property {string} username
 * @property {Uint8Array} serverSalt
 * @property {number} mKib
 * @property {number} t
 * @property {number} p
 * @property {number} minimum fewest characters to accept
 * @property {MessagePort} reply straight to the core
 *
 * @typedef {{ authSecret: Uint8Array, vaultKek: Uint8Array, localKek: Uint8Array }} PasswordKeys
 * @typedef {{ keys: PasswordKeys } | { refused: 'password-short' | 'kdf-refused' | 'defect' }} DerivationReply
 */
import { zero } from '../crypto/bytes.js';
import { ProtocolError } from '../crypto/errors.js';
import { argon2id, deriveKeys, passwordSalt, preHash } from '../crypto/password.js';
import { ready } from '../crypto/sodium.js';

export const DERIVATION_WORKER = 'mp2p-kdf';

/** @param {DedicatedWorkerGlobalScope} scope */
export function serveDerivation(scope) {
  scope.onmessage = async ({ data }) => {
    const { reply, ...request } = /** @type {DerivationRequest} */ (data);
    const answer = await derive(request);
    reply.postMessage(answer, 'keys' in answer ? Object.values(answer.keys).map(({ buffer }) => buffer) : []);
  };
}

/**
 * @param {Omit<DerivationRequest, 'reply'>} request
 * @returns {Promise<DerivationReply>}
 */
async function derive({ password, serverName, username, serverSalt, mKib, t, p, minimum }) {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(password);
    if ([...text.normalize('NFKC')].length < minimum) return { refused: 'password-short' };
    if (p !== 1) return { refused: 'kdf-refused' };
    await ready();
    const hash = preHash(text);
    const mk = argon2id(hash, passwordSalt(serverName, username, serverSalt), mKib, t);
    const keys = deriveKeys(mk);
    zero(hash, mk);
    return { keys };
  } catch (error) {
    return { refused: error instanceof ProtocolError && error.code === 'E_KDF' ? 'kdf-refused' : 'defect' };
  } finally {
    zero(password);
  }
}
