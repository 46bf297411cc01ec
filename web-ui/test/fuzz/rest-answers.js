import { AnswerError, ApiError } from '../../src/core/api/errors.js';
import { Rest } from '../../src/core/api/rest.js';
import { toBase64url, utf8 } from '../../src/core/crypto/bytes.js';
import { ID } from '../contents.js';

/**
 * The answers of the server to each call of api/rest.js.
 *
 * @typedef {import('./fuzz.js').Target} Target
 */

const B16 = ID;
const B32 = toBase64url(new Uint8Array(32).fill(2));
const SERVER = { server: { canonical_host: 'example.org', mailbox_ttl_days: 30, log_key: B32 } };
const bytes16 = new Uint8Array(16);
const bytes32 = new Uint8Array(32);
const one = [{ deviceId: 1, envelope: bytes32 }];

/** @type {Record<string, [answer: object, call: (rest: Rest) => Promise<unknown>]>} */
const CALLS = {
  loginParameters: [
    { auth_version: 1, m_kib: 65_536, t: 3, p: 1, server_salt: B16, ...SERVER },
    (rest) => rest.loginParameters('alice'),
  ],
  createAccount: [{ account_id: B16, ...SERVER }, (rest) => rest.createAccount('{}')],
  login: [{ account_id: B16, pending_token: 't', ...SERVER }, (rest) => rest.login('alice', bytes32)],
  challenge: [{ nonce: B32, expiry_ms: 1 }, (rest) => rest.challenge(bytes16, 1)],
  refresh: [
    { tokens: { auth: 'a', mailbox: 'b', signaling: 'c' }, expires_in: 600, ...SERVER },
    (rest) => rest.refresh({ accountId: bytes16, deviceId: 1, nonce: bytes32, signature: bytes32 }),
  ],
  vault: [{ vault_version: 1, vault: B32 }, (rest) => rest.vault()],
  username: [{ account_id: B16 }, (rest) => rest.username('bob')],
  deviceLists: [{ dlcs: [B32, B16] }, (rest) => rest.deviceLists(bytes16, 1)],
  putDevices: [{ list_version: 2 }, (rest) => rest.putDevices('{}')],
  postPrekeys: [{ n_opk: 1, n_pqo: 2 }, (rest) => rest.postPrekeys([bytes32])],
  prekeyDigest: [{ spk_id: 1, pql_id: 2, opk_ids: [3, 4], pqo_ids: [5] }, (rest) => rest.prekeyDigest()],
  bundle: [
    { dlc: B32, devices: [{ device_id: 1, spk: B32, opk: B32, pq: B32 }] },
    (rest) => rest.bundle(bytes16, [1]),
  ],
  deliver: [
    { results: [{ device_id: 1, state: 'stored' }] },
    (rest) => rest.deliver({ to: bytes16, token: bytes16, listVersion: 1, envelopes: one }),
  ],
  messages: [
    { results: [{ device_id: 1, state: 'full' }] },
    (rest) => rest.messages({ to: bytes16, listVersion: 1, envelopes: one }),
  ],
  collect: [
    { items: [{ id: '7', envelope: B32 }], next: '7', drained: false, expired: 3 },
    (rest) => rest.collect('6'),
  ],
  ice: [
    {
      ice_servers: [{ urls: ['turn:a'], username: 'u', credential: 'c' }, { urls: 'stun:b' }],
      expires_in: 600,
    },
    (rest) => rest.ice(),
  ],
};

/** @returns {Record<string, Target>} */
export function restAnswers() {
  const targets = Object.entries(CALLS).map(([name, [answer, call]]) => [
    `answer to ${name}`,
    target(answer, 200, call),
  ]);
  const problem = { type: 'urn:mp2p:problem:list-version', list_version: 3 };
  return {
    ...Object.fromEntries(targets),
    'problem document': target(problem, 409, bodyOfRefusal),
  };
}

/** @param {Rest} rest */
async function bodyOfRefusal(rest) {
  try {
    return await rest.username('bob');
  } catch (error) {
    if (error instanceof ApiError) return [error.slug, error.body];
    throw error;
  }
}

/**
 * @param {object} answer
 * @param {number} status
 * @param {(rest: Rest) => Promise<unknown>} call
 * @returns {Target}
 */
function target(answer, status, call) {
  const rest = new Rest('https://example.org', {
    token: async () => 'token',
    replace: async () => 'token',
    settleRevocation: async () => {},
  });
  return {
    samples: [utf8(JSON.stringify(answer))],
    decode(bytes) {
      // as Response.text() does, which reads anything as UTF-8
      const text = new TextDecoder().decode(bytes);
      const response = { status, text: async () => text, headers: new Headers() };
      globalThis.fetch = async () => /** @type {Response} */ (response);
      return call(rest);
    },
    refuses: (error) => error instanceof AnswerError || error instanceof ApiError,
    json: 0,
  };
}
