/**
 * "Relay only" (MP2P/1 §6.2 *Settings*), beside the browser's policy: of what the window gathered nothing leaves that
 * names another address than that of the TURN relay.
 *
 * @typedef {import('../protocol.js').IceCandidate} IceCandidate
 */
const OF_RELAY = / typ relay(?: |$)/;
/** The address at which the relay saw this machine (RFC 8839 §5.1). */
const RELATED = / raddr \S+ rport \d+/;

/** @param {string} candidate */
const withoutRelated = (candidate) => candidate.replace(RELATED, ' raddr 0.0.0.0 rport 0');

/**
 * @param {IceCandidate[]} candidates
 * @returns {IceCandidate[]}
 */
export const relayCandidates = (candidates) =>
  candidates
    .filter(({ candidate }) => OF_RELAY.test(candidate))
    .map((one) => ({ ...one, candidate: withoutRelated(one.candidate) }));

/** @param {string} sdp */
export const relayDescription = (sdp) =>
  sdp
    .split('\r\n')
    .filter((line) => !line.startsWith('a=candidate:') || OF_RELAY.test(line))
    .map((line) => (line.startsWith('a=candidate:') ? withoutRelated(line) : line))
    .map((line) => (line.startsWith('c=') ? 'c=IN IP4 0.0.0.0' : line))
    .join('\r\n');
