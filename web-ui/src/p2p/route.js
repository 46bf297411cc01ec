/**
 * Whether the pair in use goes through a TURN relay. Both ends are read: behind a symmetric NAT the own end is `prflx`
 * while the other one is a relay.
 * @param {RTCStatsReport} report
 * @returns {boolean | null} null while no pair is selected
 */
export function goesThroughTurn(report) {
  /** @type {Map<string, any>} */
  const stats = new Map([...report.entries()]);
  const all = [...stats.values()];
  const chosen = all.find(
    ({ type, selectedCandidatePairId }) => type === 'transport' && selectedCandidatePairId,
  );
  const pair =
    stats.get(chosen?.selectedCandidatePairId) ??
    // Firefox has no transport entry for it and marks the pair itself.
    all.find(
      ({ type, state, nominated, selected }) =>
        type === 'candidate-pair' && (selected || (state === 'succeeded' && nominated)),
    );
  if (!pair) return null;
  return [pair.localCandidateId, pair.remoteCandidateId].some(
    (id) => stats.get(id)?.candidateType === 'relay',
  );
}
