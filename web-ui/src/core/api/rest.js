/**
 * The REST calls of MP2P/1 §20, typed: bytes in and out, base64url only on the wire.
 *
 * Calls with an access token ask `Credentials` for it. When the server says that the token has ended, one new one
 * is fetched and the call repeated once; when it says that the device was removed, the device key has to settle
 * that at /refresh, before anything is believed (§2 *Told that it was removed*).
 *
 * @typedef {import('../engine-contract.js').Audience} Audience
 *
 * @typedef {object} Credentials
 * @property {(audience: Audience) => Promise<string>} token
 * @property {(refused: string, audience: Audience) => Promise<string>} replace a new token for a refused one
 * @property {() => Promise<void>} settleRevocation rejects if the account's key server confirms the removal
 *
 * @typedef {object} ServerFacts
 * @property {string} canonicalHost
 * @property {number} mailboxTtlDays
 * @property {string} [logKey] base64url; absent from a server without a key log
 *
 * @typedef {{ deviceId: number, envelope: Uint8Array }} Addressed
 * @typedef {{ deviceId: number, state: 'stored' | 'full' }} DeliveryResult
 * @typedef {{ iceServers: RTCIceServer[], expiresIn: number }} IceConfiguration
 */
import { toBase64url } from '../crypto/bytes.js';
import * as answer from './answer.js';
import { AnswerError, ApiError } from './errors.js';
import { QUICK, SLOW, send } from './http.js';

const AUTH = '/api/auth/v1';
const KEYS = '/api/keys/v1';
const MAILBOX = '/api/mailbox/v1';
const SIGNALING = '/api/signaling/v1';

export class Rest {
  #origin;
  /** @type {Credentials | null} */
  #credentials;

  /**
   * @param {string} origin
   * @param {Credentials} [credentials] absent: only the calls that need none, or are given a token
   */
  constructor(origin, credentials) {
    this.#origin = origin;
    this.#credentials = credentials ?? null;
  }

  /* ───── login ───── */

  /** @param {string} username */
  async loginParameters(username) {
    const reply = await this.#open(
      'GET',
      `${AUTH}/login/parameters?username=${encodeURIComponent(username)}`,
    );
    if (answer.whole(reply, 'auth_version') !== 1) throw new AnswerError('auth_version is not 1');
    return {
      mKib: answer.u32(reply, 'm_kib'),
      t: answer.u32(reply, 't'),
      p: answer.u32(reply, 'p'),
      serverSalt: answer.bytes(reply, 'server_salt', 16),
      server: serverFacts(reply),
    };
  }

  /**
   * @param {string} json the body as it was kept for a repetition after a crash
   * @returns {Promise<{ accountId: Uint8Array, server: ServerFacts }>}
   */
  async createAccount(json) {
    const reply = await this.#open('POST', `${AUTH}/accounts`, { json, limit: SLOW });
    return { accountId: answer.bytes(reply, 'account_id', 16), server: serverFacts(reply) };
  }

  /** @param {string} username @param {Uint8Array} authSecret */
  async login(username, authSecret) {
    const json = JSON.stringify({ username, auth_secret: toBase64url(authSecret) });
    const reply = await this.#open('POST', `${AUTH}/login`, { json, limit: SLOW });
    return {
      accountId: answer.bytes(reply, 'account_id', 16),
      pendingToken: answer.text(reply, 'pending_token'),
      server: serverFacts(reply),
    };
  }

  /** @param {Uint8Array} accountId @param {number} deviceId */
  async challenge(accountId, deviceId) {
    const json = JSON.stringify({ account_id: toBase64url(accountId), device_id: deviceId });
    const reply = await this.#open('POST', `${AUTH}/challenge`, { json });
    return { nonce: answer.bytes(reply, 'nonce', 32), expiryMs: answer.whole(reply, 'expiry_ms') };
  }

  /**
   * @param {{ accountId: Uint8Array, deviceId: number, nonce: Uint8Array, signature: Uint8Array }} proof
   * @returns {Promise<{ tokens: Record<Audience, string>, expiresIn: number, server: ServerFacts }>}
   */
  async refresh({ accountId, deviceId, nonce, signature }) {
    const json = JSON.stringify({
      account_id: toBase64url(accountId),
      device_id: deviceId,
      nonce: toBase64url(nonce),
      sig: toBase64url(signature),
    });
    const reply = await this.#open('POST', `${AUTH}/refresh`, { json });
    const { tokens } = reply ?? {};
    return {
      tokens: {
        auth: answer.text(tokens, 'auth'),
        mailbox: answer.text(tokens, 'mailbox'),
        signaling: answer.text(tokens, 'signaling'),
      },
      expiresIn: answer.whole(reply, 'expires_in'),
      server: serverFacts(reply),
    };
  }

  /* ───── vault, names, device lists ───── */

  /** @param {string} [pendingToken] of a login; else the access token */
  async vault(pendingToken) {
    const reply = await this.#call('auth', 'GET', `${AUTH}/vault`, { pendingToken });
    return { version: answer.u32(reply, 'vault_version'), vault: answer.bytes(reply, 'vault') };
  }

  /** @param {Uint8Array} vault */
  async putVault(vault) {
    await this.#call('auth', 'PUT', `${AUTH}/vault`, {
      json: JSON.stringify({ vault: toBase64url(vault) }),
      limit: SLOW,
    });
  }

  /**
   * @param {string} name
   * @returns {Promise<Uint8Array | null>} account id, null if nobody has that name
   */
  async username(name) {
    const path = `${AUTH}/usernames/${encodeURIComponent(name)}`;
    const reply = await nullIfNotFound(this.#call('auth', 'GET', path));
    return reply === null ? null : answer.bytes(reply, 'account_id', 16);
  }

  /**
   * @param {Uint8Array} accountId
   * @param {number} [from] version from which on; absent: the newest alone
   * @param {string} [pendingToken] of a login, for the own account
   * @returns {Promise<Uint8Array[]>} at most 100, ascending; empty above the newest
   */
  async deviceLists(accountId, from, pendingToken) {
    const query = from === undefined ? '' : `?from=${from}`;
    const path = `${AUTH}/accounts/${toBase64url(accountId)}/dlc${query}`;
    const reply = await this.#call('auth', 'GET', path, { pendingToken });
    return answer.list(reply, 'dlcs').map((dlc) => answer.decode(dlc, 'dlcs'));
  }

  /**
   * @param {string} json the body as it was kept for a repetition after a crash
   * @param {string} [pendingToken] of a login
   * @returns {Promise<number>} list_version
   */
  async putDevices(json, pendingToken) {
    const reply = await this.#call('auth', 'PUT', `${AUTH}/devices`, { json, pendingToken, limit: SLOW });
    return answer.u32(reply, 'list_version');
  }

  /* ───── prekeys ───── */

  /** Appends. @param {Uint8Array[]} records */
  postPrekeys(records) {
    return this.#sendPrekeys('POST', records);
  }

  /** Replaces all. @param {Uint8Array[]} records */
  putPrekeys(records) {
    return this.#sendPrekeys('PUT', records);
  }

  /** @param {'POST' | 'PUT'} method @param {Uint8Array[]} records */
  async #sendPrekeys(method, records) {
    const json = JSON.stringify({ records: records.map(toBase64url) });
    const reply = await this.#call('auth', method, `${KEYS}/prekeys`, { json, limit: SLOW });
    return { oneTime: answer.whole(reply, 'n_opk'), kemOneTime: answer.whole(reply, 'n_pqo') };
  }

  /** What the server would hand out; an id of 0 or none: it has no such record. */
  async prekeyDigest() {
    const reply = await this.#call('auth', 'GET', `${KEYS}/prekeys/digest`);
    const id = (/** @type {string} */ field) => (reply?.[field] ? answer.u32(reply, field) : null);
    const ids = (/** @type {string} */ field) =>
      answer.list(reply, field).map((_, i, list) => answer.u32(list, String(i)));
    return {
      signed: id('spk_id'),
      kemLastResort: id('pql_id'),
      oneTime: ids('opk_ids'),
      kemOneTime: ids('pqo_ids'),
    };
  }

  /**
   * Prekeys of another account's devices; verify everything (§2).
   *
   * @param {Uint8Array} accountId
   * @param {number[]} [deviceIds] none: every listed device
   */
  async bundle(accountId, deviceIds = []) {
    const query = deviceIds.map((id) => `device=${id}`).join('&');
    const path = `${KEYS}/accounts/${toBase64url(accountId)}/bundle${query && `?${query}`}`;
    const reply = await this.#call('auth', 'GET', path);
    return {
      dlc: answer.bytes(reply, 'dlc'),
      devices: answer.list(reply, 'devices').map((device) => ({
        deviceId: answer.u32(device, 'device_id'),
        spk: answer.bytes(device, 'spk'),
        opk: device.opk ? answer.bytes(device, 'opk') : null,
        pq: answer.bytes(device, 'pq'),
      })),
    };
  }

  /* ───── mailbox ───── */

  /**
   * Anonymous: the token says that the recipient knows the sender, nothing says who it is (§6.3).
   *
   * @param {{ to: Uint8Array, token: Uint8Array, listVersion: number, envelopes: Addressed[] }} delivery
   * @returns {Promise<DeliveryResult[]>}
   */
  async deliver({ to, token, listVersion, envelopes }) {
    const json = JSON.stringify({ ...addressed(to, listVersion, envelopes), token: toBase64url(token) });
    return deliveryResults(await this.#open('POST', `${MAILBOX}/deliver`, { json, limit: SLOW }));
  }

  /**
   * @param {{ to: Uint8Array, listVersion: number, envelopes: Addressed[] }} delivery
   * @returns {Promise<DeliveryResult[]>}
   */
  async messages({ to, listVersion, envelopes }) {
    const json = JSON.stringify(addressed(to, listVersion, envelopes));
    return deliveryResults(await this.#call('mailbox', 'POST', `${MAILBOX}/messages`, { json, limit: SLOW }));
  }

  /**
   * @param {string} [after] cursor, only past what cannot be acknowledged now
   * @param {number} [limit]
   */
  async collect(after, limit = 100) {
    const query = new URLSearchParams({ limit: String(limit) });
    if (after !== undefined) query.set('after', after);
    const reply = await this.#call('mailbox', 'GET', `${MAILBOX}/collect?${query}`, { limit: SLOW });
    return {
      items: answer.list(reply, 'items').map((item) => ({
        id: answer.text(item, 'id'),
        envelope: answer.bytes(item, 'envelope'),
      })),
      next: typeof reply.next === 'string' ? reply.next : null,
      drained: reply.drained === true,
      expired: answer.whole(reply, 'expired'),
    };
  }

  /** @param {string[]} ids at most 200 */
  async ack(ids) {
    await this.#call('mailbox', 'POST', `${MAILBOX}/ack`, { json: JSON.stringify({ ids }) });
  }

  /** @param {Uint8Array} hash H(token) */
  async putDeliveryToken(hash) {
    const json = JSON.stringify({ hash: toBase64url(hash) });
    await this.#call('mailbox', 'PUT', `${MAILBOX}/delivery-token`, { json });
  }

  /* ───── signaling ───── */

  /** @returns {Promise<IceConfiguration>} */
  async ice() {
    const reply = await this.#call('signaling', 'GET', `${SIGNALING}/ice`);
    return {
      iceServers: answer.list(reply, 'ice_servers').map(iceServer),
      expiresIn: answer.whole(reply, 'expires_in'),
    };
  }

  /* ───── transport ───── */

  /**
   * Without any login.
   *
   * @param {string} method
   * @param {string} path
   * @param {{ json?: string, limit?: number }} [options]
   */
  #open(method, path, { json, limit = QUICK } = {}) {
    return send(this.#origin, { method, path, json, limit });
  }

  /**
   * @param {Audience} audience
   * @param {string} method
   * @param {string} path
   * @param {{ json?: string, pendingToken?: string, limit?: number }} [options]
   */
  async #call(audience, method, path, { json, pendingToken, limit = QUICK } = {}) {
    const attempt = (/** @type {string} */ token) => send(this.#origin, { method, path, json, token, limit });
    if (pendingToken !== undefined) return attempt(pendingToken);
    const credentials = this.#credentials;
    if (!credentials) throw new TypeError('this call needs an account');
    const token = await credentials.token(audience);
    try {
      return await attempt(token);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      if (error.is('device-revoked')) {
        await credentials.settleRevocation();
        throw error; // the device key still counts: the directory of that service is behind
      }
      if (!error.is('token-invalid')) throw error;
      return attempt(await credentials.replace(token, audience));
    }
  }
}

/** @param {any} reply @returns {ServerFacts} */
function serverFacts(reply) {
  const server = reply?.server;
  return {
    canonicalHost: answer.text(server, 'canonical_host'),
    mailboxTtlDays: answer.whole(server, 'mailbox_ttl_days', 365),
    ...(server?.log_key ? { logKey: answer.text(server, 'log_key') } : {}),
  };
}

/**
 * @param {Uint8Array} to
 * @param {number} listVersion
 * @param {Addressed[]} envelopes
 */
function addressed(to, listVersion, envelopes) {
  return {
    to: toBase64url(to),
    list_version: listVersion,
    envelopes: envelopes.map(({ deviceId, envelope }) => ({
      device_id: deviceId,
      envelope: toBase64url(envelope),
    })),
  };
}

/** @param {any} reply @returns {DeliveryResult[]} */
function deliveryResults(reply) {
  return answer.list(reply, 'results').map((result) => {
    const state = answer.text(result, 'state');
    if (state !== 'stored' && state !== 'full') throw new AnswerError('unknown delivery state');
    return { deviceId: answer.u32(result, 'device_id'), state };
  });
}

/** @param {any} server @returns {RTCIceServer} */
function iceServer(server) {
  const urls = Array.isArray(server?.urls)
    ? server.urls.map((/** @type {unknown} */ _, /** @type {number} */ i) => answer.text(server.urls, `${i}`))
    : answer.text(server, 'urls');
  if (!server.username) return { urls };
  return { urls, username: answer.text(server, 'username'), credential: answer.text(server, 'credential') };
}

/** @param {Promise<any>} reply @returns {Promise<any>} null for 404 */
async function nullIfNotFound(reply) {
  try {
    return await reply;
  } catch (error) {
    if (error instanceof ApiError && error.is('not-found')) return null;
    throw error;
  }
}
