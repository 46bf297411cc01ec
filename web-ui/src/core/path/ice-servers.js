/**
 * The STUN and TURN servers of this server (MP2P/1 §20 GET /ice), asked again before their credentials end.
 */
import { beginAge } from '../age.js';

const MARGIN_MS = 60_000;

/**
 * @param {import('../engine-contract.js').EngineContext['api']} api
 * @param {import('../environment.js').Environment} environment
 * @returns {() => Promise<RTCIceServer[]>} never rejects: without an answer those known before while they are good,
 *   then addresses of this machine alone
 */
export function iceServersOf(api, environment) {
  /** @type {{ servers: RTCIceServer[], lifeMs: number, ageMs: () => number } | null} */
  let known = null;
  /** @type {Promise<void> | null} */
  let asking = null;

  /** @param {number} marginMs */
  const isGood = (marginMs) => known !== null && known.ageMs() < known.lifeMs - marginMs;

  async function ask() {
    const ageMs = beginAge(environment);
    try {
      const { iceServers, expiresIn } = await api.ice();
      known = { servers: iceServers, lifeMs: expiresIn * 1000, ageMs };
    } catch {
      // the next call asks again
    } finally {
      asking = null;
    }
  }

  return async () => {
    if (!isGood(MARGIN_MS)) {
      asking ??= ask();
      await asking;
    }
    return known && isGood(0) ? known.servers : [];
  };
}
