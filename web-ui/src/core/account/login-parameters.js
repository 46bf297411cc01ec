/**
 * What the server says before a login, and what of it is believed (MP2P/1 §9.1).
 *
 * @typedef {import('../api/rest.js').ServerFacts} ServerFacts
 * @typedef {import('../crypto/password.js').KdfParameters} KdfParameters
 * @typedef {import('../kdf/derivation.js').PasswordKeys} PasswordKeys
 */
import { Rest } from '../api/rest.js';
import { assertKdfParameters } from '../crypto/password.js';
import { derivePasswordKeys } from '../kdf/password-keys.js';

/** The server is reached under another name than its own: passwords derived here would not fit there. */
export class WrongHost extends Error {
  /** @param {string} canonicalHost */
  constructor(canonicalHost) {
    super('the server has another canonical host');
    this.name = 'WrongHost';
    this.canonicalHost = canonicalHost;
  }
}

/**
 * @param {{ origin: string, serverName: string }} place `serverName` the own host
 * @param {string} username
 * @returns {Promise<{ kdf: KdfParameters, server: ServerFacts }>}
 * @throws {WrongHost}
 */
export async function loginParameters({ origin, serverName }, username) {
  const { server, ...kdf } = await new Rest(origin).loginParameters(username);
  if (server.canonicalHost !== serverName) throw new WrongHost(server.canonicalHost);
  return { kdf, server };
}

/**
 * @param {object} login
 * @param {string} login.origin
 * @param {string} login.serverName the own host
 * @param {string} login.username
 * @param {Uint8Array} login.password transferred
 * @param {number} [login.minimum] characters
 * @returns {Promise<{ kdf: KdfParameters, keys: PasswordKeys, server: ServerFacts }>}
 * @throws {WrongHost}
 */
export async function deriveForLogin({ origin, serverName, username, password, minimum }) {
  const { kdf, server } = await loginParameters({ origin, serverName }, username);
  assertKdfParameters(kdf);
  const keys = await derivePasswordKeys({ password, serverName, username, ...kdf, minimum });
  return { kdf, keys, server };
}
