/**
 * The STUN and TURN servers of this server (MP2P/1 §20 GET /ice), asked again before their credentials end.
 *
 * @param {import('../engine-contract.js').EngineContext['api']} api
 * @param {import('../environment.js').Environment} environment
 * @returns {() => Promise<RTCIceServer[]>} never rejects: without an answer, addresses of this machine alone
 */
export function iceServersOf(api, environment) {
  const marginMs = 60_000;
  /** @type {RTCIceServer[]} */
  let servers = [];
  let untilMs = 0;
  return async () => {
    if (environment.now() >= untilMs - marginMs) {
      try {
        const answer = await api.ice();
        servers = answer.iceServers;
        untilMs = environment.now() + answer.expiresIn * 1000;
      } catch {
        return [];
      }
    }
    return servers;
  };
}
