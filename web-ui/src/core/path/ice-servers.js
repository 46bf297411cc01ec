/**
 * The STUN and TURN servers of this server (MP2P/1 §20 GET /ice), asked again before their credentials end.
 */
const MARGIN_MS = 60_000;

/**
 * @param {import('../engine-contract.js').EngineContext['api']} api
 * @param {import('../environment.js').Environment} environment
 * @returns {() => Promise<RTCIceServer[]>} never rejects: without an answer those known before while they are good,
 *   then addresses of this machine alone
 */
export function iceServersOf(api, environment) {
  /** @type {{ servers: RTCIceServer[], lifeMs: number, asked: { elapsedMs: number, nowMs: number } } | null} */
  let known = null;
  /** @type {Promise<void> | null} */
  let asking = null;

  /** The greater of both: one clock may stand still while the machine sleeps, the other may be set back. */
  const ageMs = () =>
    known
      ? Math.max(environment.elapsed() - known.asked.elapsedMs, environment.now() - known.asked.nowMs)
      : Number.POSITIVE_INFINITY;
  /** @param {number} marginMs */
  const isGood = (marginMs) => known !== null && ageMs() < known.lifeMs - marginMs;

  async function ask() {
    const asked = { elapsedMs: environment.elapsed(), nowMs: environment.now() };
    try {
      const { iceServers, expiresIn } = await api.ice();
      known = { servers: iceServers, lifeMs: expiresIn * 1000, asked };
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
