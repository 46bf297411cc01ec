/**
 * Watches a page's WebRTC from outside the product: the peer connections it made, the candidates they gathered.
 * The page itself is not changed by it.
 *
 * @param {import('playwright-core').BrowserContext} context before the page loads
 */
export async function watchRtc(context) {
  await context.addInitScript(() => {
    const Native = window.RTCPeerConnection;
    /** @type {{ connections: RTCPeerConnection[], candidates: number }} */
    const seen = { connections: [], candidates: 0 };
    Object.assign(window, { rtcSeen: seen });
    window.RTCPeerConnection = class extends Native {
      /** @param {RTCConfiguration} [configuration] */
      constructor(configuration) {
        super(configuration);
        seen.connections.push(this);
        this.addEventListener('icecandidate', (event) => {
          if (event.candidate?.candidate) seen.candidates += 1;
        });
      }
    };
  });
}

/** A browser without WebRTC. @param {import('playwright-core').BrowserContext} context before the page loads */
export async function removeRtc(context) {
  await context.addInitScript(() => {
    Reflect.deleteProperty(window, 'RTCPeerConnection');
    Reflect.deleteProperty(window, 'webkitRTCPeerConnection');
  });
}

/** @param {import('playwright-core').Page} page @returns {Promise<number>} candidates gathered so far */
export function candidatesOf(page) {
  return page.evaluate(() => Reflect.get(window, 'rtcSeen').candidates);
}

/**
 * @param {import('playwright-core').Page} page
 * @returns {Promise<{ state: string, local: string, remote: string }[]>} the selected pair of each open connection
 */
export function selectedPairs(page) {
  return page.evaluate(async () => {
    const pairs = [];
    for (const connection of /** @type {RTCPeerConnection[]} */ (
      Reflect.get(window, 'rtcSeen').connections
    )) {
      if (connection.connectionState !== 'connected') continue;
      const stats = await connection.getStats();
      for (const report of stats.values()) {
        if (report.type !== 'transport' || !report.selectedCandidatePairId) continue;
        const pair = stats.get(report.selectedCandidatePairId);
        pairs.push({
          state: pair.state,
          local: stats.get(pair.localCandidateId).candidateType,
          remote: stats.get(pair.remoteCandidateId).candidateType,
        });
      }
    }
    return pairs;
  });
}
