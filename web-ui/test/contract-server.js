/**
 * The account side of MP2P/1 §20 in memory, for what the real services cannot be brought to do on command: an
 * answer that is lost, a list that another device changes in between, a device that is signed out, a vault that
 * goes back. It checks what the real one checks, so that a wrong client fails here too.
 */
import { createHash, randomBytes } from 'node:crypto';
import { fromBase64url, toBase64url, utf8, Writer } from '../src/core/crypto/bytes.js';
import { assertSuccessor, decodeDeviceList, deviceOf } from '../src/core/crypto/device-list.js';
import { verify } from '../src/core/crypto/keys.js';
import { SIGN } from '../src/core/crypto/labels.js';
import { decodePrekey, PREKEY, verifyPrekey } from '../src/core/crypto/prekey.js';
import { ready } from '../src/core/crypto/sodium.js';
import { vaultGenerations } from '../src/core/crypto/vault.js';

/** @typedef {import('../src/core/crypto/device-list.js').DeviceList} DeviceList */

class Problem extends Error {
  /** @param {number} status @param {string} slug @param {object} [members] */
  constructor(status, slug, members = {}) {
    super(slug);
    this.status = status;
    this.body = { type: `urn:mp2p:problem:${slug}`, ...members };
  }
}

export class ContractServer {
  canonicalHost = 'localhost';
  kdf = { m_kib: 65_536, t: 3, p: 1 };
  tokenSeconds = 600;
  /** Devices that /refresh turns away. @type {Set<number>} */
  revoked = new Set();
  /** Every request as `METHOD path`, and the bodies. @type {{ call: string, body: string }[]} */
  requests = [];
  /** @type {Map<string, any>} accounts by user name */
  accounts = new Map();
  deliveryTokens = new Map();
  /** @type {Map<string, { account: any, deviceId?: number, audience: string }>} */
  #tokens = new Map();
  /** Expiry by nonce. @type {Map<string, number>} */
  #nonces = new Map();
  /** @type {{ call: RegExp, do: 'drop' | 'drop-answer' | 'expire' | (() => void | Promise<void>) }[]} */
  #interventions = [];
  #secret = randomBytes(32);

  /**
   * Once, at the next call that matches: lose the request, lose the answer, refuse its token, or do something
   * before it is served.
   *
   * @param {RegExp} call
   * @param {'drop' | 'drop-answer' | 'expire' | (() => void | Promise<void>)} action
   */
  intervene(call, action) {
    this.#interventions.push({ call, do: action });
  }

  /** @param {RegExp} call */
  bodiesOf(call) {
    return this.requests.filter((request) => call.test(request.call)).map(({ body }) => body);
  }

  /** @type {import('node:http').RequestListener} */
  listener = async (request, response) => {
    const body = await textOf(request);
    const url = new URL(request.url ?? '/', 'http://localhost');
    const call = `${request.method} ${url.pathname.replace('/api/', '')}`;
    this.requests.push({ call, body });
    const at = this.#interventions.findIndex((intervention) => intervention.call.test(call));
    const [intervention] = at < 0 ? [] : this.#interventions.splice(at, 1);
    if (intervention?.do === 'drop') return void request.socket.destroy();
    if (typeof intervention?.do === 'function') await intervention.do();
    await ready();
    const reply = this.#serve(call, url, body, request.headers.authorization, intervention?.do === 'expire');
    if (intervention?.do === 'drop-answer') return void request.socket.destroy();
    const type = reply.status >= 400 ? 'application/problem+json' : 'application/json';
    // A browser repeats by itself what a kept connection lost; each request has its own, so that none is repeated.
    response.writeHead(reply.status, {
      'Content-Type': type,
      'Cache-Control': 'no-store',
      Connection: 'close',
    });
    response.end(reply.body === undefined ? undefined : JSON.stringify(reply.body));
  };

  /** @param {string} call @param {URL} url @param {string} body @param {string} [authorization] @param {boolean} [expired] */
  #serve(call, url, body, authorization, expired) {
    try {
      if (expired) throw new Problem(401, 'token-invalid');
      const json = body === '' ? {} : JSON.parse(body);
      const result = this.#route(call, url, json, authorization?.replace('Bearer ', ''));
      return result === undefined
        ? { status: 204 }
        : { status: call === 'POST auth/v1/accounts' ? 201 : 200, body: result };
    } catch (error) {
      if (error instanceof Problem) return { status: error.status, body: error.body };
      return { status: 422, body: { type: 'urn:mp2p:problem:dlc-invalid', detail: String(error) } };
    }
  }

  /** @param {string} call @param {URL} url @param {any} json @param {string} [token] */
  #route(call, url, json, token) {
    switch (call) {
      case 'GET auth/v1/login/parameters':
        return {
          auth_version: 1,
          ...this.kdf,
          server_salt: this.#saltOf(url.searchParams.get('username') ?? ''),
          server: this.#facts(),
        };
      case 'POST auth/v1/accounts':
        return this.#register(json);
      case 'POST auth/v1/login':
        return this.#login(json);
      case 'POST auth/v1/challenge':
        return this.#challenge();
      case 'POST auth/v1/refresh':
        return this.#refresh(json);
    }
    if (call === 'PUT mailbox/v1/delivery-token') {
      const { account } = this.#caller(token, 'mailbox');
      this.deliveryTokens.set(account.username, json.hash);
      return undefined;
    }
    const caller = this.#caller(token, 'auth');
    const { account } = caller;
    switch (call) {
      case 'GET auth/v1/vault':
        return {
          vault_version: vaultGenerations(account.vault).vaultVersion,
          vault: toBase64url(account.vault),
        };
      case 'PUT auth/v1/vault':
        return this.#putVault(account, fromBase64url(json.vault));
      case 'PUT auth/v1/devices':
        return this.#putDevices(caller, json);
      case `GET auth/v1/accounts/${toBase64url(account.lists[0].accountId)}/dlc`:
        return this.#lists(account, url.searchParams.get('from'));
      case 'GET keys/v1/prekeys/digest':
        return digestOf(account.prekeys.get(caller.deviceId));
      case 'POST keys/v1/prekeys':
        return this.#putPrekeys(caller, json.records, true);
      case 'PUT keys/v1/prekeys':
        return this.#putPrekeys(caller, json.records, false);
    }
    throw new Problem(404, 'not-found');
  }

  #facts() {
    return { canonical_host: this.canonicalHost, mailbox_ttl_days: 30 };
  }

  /** @param {string} username */
  #saltOf(username) {
    return toBase64url(createHash('sha256').update(this.#secret).update(username).digest().subarray(0, 16));
  }

  /** @param {any} json */
  #register(json) {
    const list = decodeDeviceList(fromBase64url(json.dlc));
    const answer = { account_id: toBase64url(list.accountId), sth: '', server: this.#facts() };
    const digest = createHash('sha256').update(json.dlc).update(json.vault).digest('hex');
    const known = this.accounts.get(json.username);
    if (known?.digest === digest) return answer;
    if (known) throw new Problem(409, 'username-taken');
    if (list.listVersion !== 1 || list.devices.length !== 1) throw new Problem(422, 'dlc-invalid');
    const account = {
      username: json.username,
      digest,
      authSecret: json.auth_secret,
      vault: fromBase64url(json.vault),
      lists: [list],
      prekeys: new Map(),
    };
    this.#addPrekeys(account, list, list.devices[0]?.deviceId ?? 0, json.prekeys, false);
    this.accounts.set(json.username, account);
    return answer;
  }

  /** @param {any} json */
  #login({ username, auth_secret }) {
    const account = this.accounts.get(username);
    if (account?.authSecret !== auth_secret) throw new Problem(401, 'credentials-wrong');
    const token = toBase64url(randomBytes(16));
    this.#tokens.set(token, { account, audience: 'auth' });
    return {
      account_id: toBase64url(account.lists[0].accountId),
      pending_token: token,
      server: this.#facts(),
    };
  }

  #challenge() {
    const nonce = toBase64url(randomBytes(32));
    const expiry = Date.now() + 60_000;
    this.#nonces.set(nonce, expiry);
    return { nonce, expiry_ms: expiry };
  }

  /** @param {any} json */
  #refresh({ account_id, device_id, nonce, sig }) {
    const account = [...this.accounts.values()].find((a) => toBase64url(a.lists[0].accountId) === account_id);
    const entry = account?.lists
      .map((/** @type {DeviceList} */ list) => deviceOf(list, device_id))
      .find(Boolean);
    const expiry = this.#nonces.get(nonce);
    this.#nonces.delete(nonce);
    if (expiry === undefined || !entry) throw new Problem(401, 'challenge-invalid');
    const statement = new Writer()
      .bytes(fromBase64url(nonce))
      .lp16(utf8('localhost'))
      .bytes(fromBase64url(account_id))
      .u32(device_id)
      .u64(expiry)
      .finish();
    if (!verify(entry.dsk, SIGN.login, statement, fromBase64url(sig)))
      throw new Problem(401, 'challenge-invalid');
    if (this.revoked.has(device_id) || !deviceOf(account.lists.at(-1), device_id)) {
      throw new Problem(401, 'device-revoked', { token: 'read-only' });
    }
    const tokens = Object.fromEntries(
      ['auth', 'mailbox', 'signaling'].map((audience) => {
        const token = toBase64url(randomBytes(16));
        this.#tokens.set(token, { account, deviceId: device_id, audience });
        return [audience, token];
      }),
    );
    return { tokens, expires_in: this.tokenSeconds, server: this.#facts() };
  }

  /** @param {string | undefined} token @param {string} audience */
  #caller(token, audience) {
    const caller = this.#tokens.get(token ?? '');
    if (caller?.audience !== audience) throw new Problem(401, 'token-invalid');
    return caller;
  }

  /** A day has gone by: a request that made an account is not known any more, the account is. */
  forgetRegistrations() {
    for (const account of this.accounts.values()) account.digest = '';
  }

  /** Every token that was handed out is refused from now on. */
  forgetTokens() {
    this.#tokens.clear();
  }

  /** @param {any} account @param {Uint8Array} vault */
  #putVault(account, vault) {
    const { vaultVersion } = vaultGenerations(account.vault);
    if (vaultGenerations(vault).vaultVersion !== vaultVersion + 1) {
      throw new Problem(409, 'vault-version', { vault_version: vaultVersion });
    }
    account.vault = vault;
  }

  /** @param {any} caller @param {any} json */
  #putDevices({ account, deviceId }, { dlc, prekeys }) {
    const list = decodeDeviceList(fromBase64url(dlc));
    const newest = account.lists.at(-1);
    if (toBase64url(newest.bytes) === dlc) return { list_version: newest.listVersion };
    if (list.listVersion !== newest.listVersion + 1) {
      throw new Problem(409, 'list-version', { list_version: newest.listVersion });
    }
    assertSuccessor(newest, list);
    const added = list.devices.filter((device) => !deviceOf(newest, device.deviceId));
    if (deviceId === undefined) {
      if (added.length !== 1) throw new Problem(422, 'dlc-invalid');
      this.#addPrekeys(account, list, added[0]?.deviceId ?? 0, prekeys, false);
    }
    account.lists.push(list);
    return { list_version: list.listVersion };
  }

  /** @param {any} account @param {string | null} from */
  #lists(account, from) {
    const lists = from === null ? account.lists.slice(-1) : account.lists.slice(Number(from) - 1);
    return { dlcs: lists.slice(0, 100).map((/** @type {DeviceList} */ list) => toBase64url(list.bytes)) };
  }

  /** @param {any} caller @param {string[]} records @param {boolean} append */
  #putPrekeys({ account, deviceId }, records, append) {
    this.#addPrekeys(account, account.lists.at(-1), deviceId, records, append);
    const { opk_ids, pqo_ids } = digestOf(account.prekeys.get(deviceId));
    return { n_opk: opk_ids.length, n_pqo: pqo_ids.length };
  }

  /**
   * @param {any} account
   * @param {DeviceList} list
   * @param {number} deviceId
   * @param {string[]} records
   * @param {boolean} append
   */
  #addPrekeys(account, list, deviceId, records, append) {
    const entry = deviceOf(list, deviceId);
    if (!entry || records.length > 142) throw new Problem(422, 'prekey-invalid');
    const added = records.map((record) => {
      verifyPrekey(fromBase64url(record), entry.dsk, list.accountId, deviceId);
      return decodePrekey(fromBase64url(record));
    });
    const held = append ? account.prekeys.get(deviceId) : [];
    account.prekeys.set(deviceId, [...held, ...added]);
  }
}

/** @param {import('../src/core/crypto/prekey.js').Prekey[]} prekeys */
function digestOf(prekeys) {
  const ids = (/** @type {number} */ kind) =>
    prekeys.filter((p) => p.kind === kind).map(({ keyId }) => keyId);
  return {
    spk_id: ids(PREKEY.SIGNED).at(-1) ?? 0,
    pql_id: ids(PREKEY.KEM_LAST_RESORT).at(-1) ?? 0,
    opk_ids: ids(PREKEY.ONE_TIME),
    pqo_ids: ids(PREKEY.KEM_ONE_TIME),
  };
}

/** @param {import('node:http').IncomingMessage} request */
async function textOf(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}
