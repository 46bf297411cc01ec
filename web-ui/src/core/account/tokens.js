/**
 * Access tokens: three from one refresh, which needs the device key (MP2P/1 §9.2). They live in memory only.
 *
 * @typedef {import('../engine-contract.js').Audience} Audience
 * @typedef {import('../api/rest.js').ServerFacts} ServerFacts
 *
 * @typedef {object} DeviceIdentity
 * @property {Uint8Array} accountId
 * @property {number} deviceId
 * @property {string} serverName
 * @property {Uint8Array} dskSeed
 */
import { beginAge } from '../age.js';
import { ApiError } from '../api/errors.js';
import { Rest } from '../api/rest.js';
import { signLogin } from '../crypto/login-proof.js';

/** A token is not handed out any more when it ends sooner than this. */
const MARGIN_MS = 30_000;

export class Tokens {
  #rest;
  #device;
  #clocks;
  #onServerFacts;
  #onRevoked;
  /** @type {Record<Audience, string> | null} */
  #tokens = null;
  /** Whether those of now are still handed out. */
  #areUsable = () => false;
  /** The refresh under way, shared by all who ask meanwhile. @type {Promise<void> | null} */
  #refreshing = null;

  /**
   * @param {{ origin: string, device: DeviceIdentity,
   *   clocks: Pick<import('../environment.js').Environment, 'now' | 'elapsed'>, onServerFacts: (server: ServerFacts) => void,
   *   onRevoked: () => void }} options `onRevoked`: the server no longer knows this device
   */
  constructor({ origin, device, clocks, onServerFacts, onRevoked }) {
    this.#rest = new Rest(origin);
    this.#device = device;
    this.#clocks = clocks;
    this.#onServerFacts = onServerFacts;
    this.#onRevoked = onRevoked;
  }

  /** @param {Audience} audience @returns {Promise<string>} */
  async token(audience) {
    if (!this.#tokens || !this.#areUsable()) await this.refresh();
    return this.#current(audience);
  }

  /**
   * A new token in place of one that a service refused. Others may have fetched it meanwhile.
   *
   * @param {string} refused
   * @param {Audience} audience
   * @returns {Promise<string>}
   */
  async replace(refused, audience) {
    if (this.#tokens?.[audience] === refused) await this.refresh();
    return this.token(audience);
  }

  /** Fetches three new tokens; calls that overlap share one request. @returns {Promise<void>} */
  refresh() {
    this.#refreshing ??= this.#fetch().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  /** `device-revoked` of another service is a hint: the refresh confirms or refutes it. */
  settleRevocation() {
    return this.refresh();
  }

  async #fetch() {
    try {
      const ageMs = beginAge(this.#clocks); // from before they were made
      const { tokens, expiresIn, server } = await this.#prove();
      this.#tokens = tokens;
      this.#areUsable = () => ageMs() <= expiresIn * 1000 - MARGIN_MS;
      this.#onServerFacts(server);
    } catch (error) {
      // Without the key log a client cannot tell a removal from a lie (§2 *Told that it was removed*): everything is
      // kept, and the user is told that the server signed this device out.
      if (error instanceof ApiError && error.is('device-revoked')) {
        this.#tokens = null;
        this.#onRevoked();
      }
      throw error;
    }
  }

  /** A nonce is good for 60 s and one use: one that came too late is replaced once. */
  async #prove() {
    try {
      return await this.#challengeAndRefresh();
    } catch (error) {
      if (!(error instanceof ApiError && error.is('challenge-invalid'))) throw error;
      return this.#challengeAndRefresh();
    }
  }

  async #challengeAndRefresh() {
    const { accountId, deviceId, serverName, dskSeed } = this.#device;
    const { nonce, expiryMs } = await this.#rest.challenge(accountId, deviceId);
    const signature = signLogin({ dskSeed, nonce, serverName, accountId, deviceId, expiryMs });
    return this.#rest.refresh({ accountId, deviceId, nonce, signature });
  }

  /** @param {Audience} audience */
  #current(audience) {
    return /** @type {Record<Audience, string>} */ (this.#tokens)[audience];
  }
}
