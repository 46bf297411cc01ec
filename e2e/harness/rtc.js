import assert from 'node:assert/strict';

/**
 * Watches a page's WebRTC from outside the product: the peer connections it made, the candidates they gathered.
 * The page itself is not changed by it.
 *
 * @param {import('playwright-core').BrowserContext} context before the page loads
 */
export async function watchRtc(context) {
  await context.addInitScript(() => {
    const Native = window.RTCPeerConnection;
    /** @type {{ connections: RTCPeerConnection[], candidates: number, changes: Change[] }} */
    const seen = { connections: [], candidates: 0, changes: [] };
    Object.assign(window, { rtcSeen: seen });
    window.RTCPeerConnection = class extends Native {
      /** @param {RTCConfiguration} [configuration] */
      constructor(configuration) {
        super(configuration);
        seen.connections.push(this);
        this.addEventListener('icecandidate', (event) => {
          if (event.candidate?.candidate) seen.candidates += 1;
        });
        for (const of of /** @type {const} */ (['signalingState', 'connectionState']))
          this.addEventListener(`${of.toLowerCase()}change`, () =>
            seen.changes.push({ state: this[of], atMs: Date.now() }),
          );
      }
    };
  });
}

/**
 * States that the page's connections and their negotiations have come to so far, in their order; none where nobody
 * watches.
 *
 * @typedef {{ state: RTCSignalingState | RTCPeerConnectionState, atMs: number }} Change
 *
 * @param {import('playwright-core').Page} page
 * @returns {Promise<Change[]>}
 */
export function changesOf(page) {
  return page.evaluate(() => Reflect.get(window, 'rtcSeen')?.changes ?? []);
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
 * @returns {Promise<{ state: string, local: string, remote: string, relayProtocol?: string, channel?: string }[]>} the
 *   selected pair of each open connection; relayProtocol: between this browser and the TURN server, where its own end is
 *   a relay; channel: state of the data channel
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
        const local = stats.get(pair.localCandidateId);
        const channel = [...stats.values()].find(({ type }) => type === 'data-channel');
        pairs.push({
          state: pair.state,
          local: local.candidateType,
          relayProtocol: local.relayProtocol,
          channel: channel?.state,
          remote: stats.get(pair.remoteCandidateId).candidateType,
        });
      }
    }
    return pairs;
  });
}

/**
 * The last negotiation of the page's last connection, of those that are not closed.
 *
 * @param {import('playwright-core').Page} page
 * @returns {Promise<{ offered: boolean, fragment?: string }>} offered: by this page; fragment: another one each time
 */
export function negotiated(page) {
  return page.evaluate(() => {
    const last = /** @type {RTCPeerConnection[]} */ (Reflect.get(window, 'rtcSeen').connections)
      .filter(({ signalingState }) => signalingState !== 'closed')
      .at(-1);
    const { type, sdp = '' } = last?.localDescription ?? {};
    return { offered: type === 'offer', fragment: /a=ice-ufrag:(\S+)/.exec(sdp)?.[1] };
  });
}

/** Resolves when ICE has noticed that nothing passes. @param {import('playwright-core').Page} page */
export async function noConnection(page) {
  await page.waitForFunction(() =>
    /** @type {RTCPeerConnection[]} */ (Reflect.get(window, 'rtcSeen').connections).every(
      ({ connectionState }) => connectionState !== 'connected',
    ),
  );
}

/**
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>} names that the page's connections have shown to TURN servers, each once
 */
export function turnNames(page) {
  return page.evaluate(() => {
    const servers = /** @type {RTCPeerConnection[]} */ (Reflect.get(window, 'rtcSeen').connections).flatMap(
      (connection) => connection.getConfiguration().iceServers ?? [],
    );
    return [...new Set(servers.flatMap(({ username }) => username || []))];
  });
}

/** @typedef {Awaited<ReturnType<typeof selectedPairs>>[0]} Pair */

/**
 * The pair that the person's browser uses, once it is one that is wanted and the data channel is open.
 *
 * @param {import('./person.js').Person} person
 * @param {(pair: Pair) => boolean} [isWanted]
 */
export async function usedPair(person, isWanted = () => true, within = 60_000) {
  const deadline = Date.now() + within;
  for (;;) {
    const pairs = await selectedPairs(person.page);
    const found = pairs.find((pair) => pair.channel === 'open' && isWanted(pair));
    if (found) return found;
    assert.ok(Date.now() < deadline, `${person.username} has ${JSON.stringify(pairs)}`);
    await person.page.waitForTimeout(50);
  }
}
