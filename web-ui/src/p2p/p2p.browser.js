import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startBrowser } from '../../test/browser.js';

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let chromium;
before(async () => {
  // Without the flag and the permission there is no candidate on a machine that has only `lo`.
  chromium = await startBrowser(['--allow-loopback-in-peer-connection']);
});
after(() => chromium.close());

/** @param {() => void} [prepare] runs in the page before anything else */
async function twoPeers(prepare) {
  const context = await chromium.browser.newContext({ permissions: ['microphone'] });
  const page = await context.newPage();
  await page.addInitScript(keepPeers);
  if (prepare) await page.addInitScript(prepare);
  await page.goto(`${chromium.url}/test/p2p.html`);
  await page.waitForFunction(() => 'bob' in window);
  return page;
}

/** What a test wants to look into: `peers`, in the order in which they were made. */
function keepPeers() {
  const Real = RTCPeerConnection;
  /** @type {RTCPeerConnection[]} */
  const peers = [];
  class Kept extends Real {
    /** @param {RTCConfiguration} [configuration] */
    constructor(configuration) {
      super(configuration);
      if (configuration) peers.push(this);
    }
  }
  Object.assign(window, { RTCPeerConnection: Kept, peers });
}

/** As a browser that hands no data channel to a worker does. */
function keepChannels() {
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (/** @type {any} */ message, /** @type {any} */ transfer) {
    if ([transfer ?? []].flat().some((one) => one instanceof RTCDataChannel))
      throw new DOMException('not transferred', 'DataCloneError');
    post.call(this, message, transfer);
  };
}

/** @typedef {{tell(notice: string, data: unknown): void, calls: {method: string, params: any}[], heard: string[], worker: Worker}} Side */
const OPEN = { call: 'c1', n: 0, offerer: true, iceServers: [], relayOnly: false };

/** @param {import('playwright-core').Page} page */
async function connect(page) {
  await page.evaluate((open) => /** @type {any} */ (window).alice.tell('rtcOpen', open), OPEN);
  await page.waitForFunction(() => {
    const { alice, bob } = /** @type {{alice: Side, bob: Side}} */ (/** @type {unknown} */ (window));
    return [alice, bob].every(
      (side) => side.heard.includes('open') && side.calls.some(({ method }) => method === 'rtcRoute'),
    );
  });
}

/** @param {import('playwright-core').Page} page @param {'alice' | 'bob'} who @param {string} method */
const said = (page, who, method) =>
  page.evaluate(
    ([name, wanted]) =>
      /** @type {any} */ (window)[/** @type {string} */ (name)].calls
        .filter((/** @type {any} */ call) => call.method === wanted)
        .map((/** @type {any} */ call) => call.params),
    [who, method],
  );

test('two peers open mp2p/1 in their workers, and the route is no relay', async () => {
  const page = await twoPeers();
  await connect(page);
  await page.evaluate(() => /** @type {any} */ (window).alice.worker.postMessage({ text: 'hello' }));
  await page.waitForFunction(() => /** @type {any} */ (window).alice.heard.includes('got echo:hello'));

  assert.deepEqual(await said(page, 'alice', 'rtcAvailable'), [{ available: true }]);
  assert.deepEqual(await said(page, 'alice', 'rtcRoute'), [{ call: 'c1', turn: false }]);
  assert.deepEqual(await said(page, 'bob', 'rtcRoute'), [{ call: 'c1', turn: false }]);
  // Description and candidates: within the four SIGNAL messages of a negotiation.
  for (const who of /** @type {const} */ (['alice', 'bob']))
    assert.ok((await said(page, who, 'rtcCandidates')).length <= 2);
});

test('a restart of ICE under the same call keeps the channel', async () => {
  const page = await twoPeers();
  await connect(page);
  await page.evaluate((open) => /** @type {any} */ (window).alice.tell('rtcOpen', open), OPEN);
  await page.waitForFunction(
    () =>
      /** @type {any} */ (window).bob.calls.filter(
        (/** @type {any} */ { method }) => method === 'rtcDescription',
      ).length === 2,
  );
  await page.evaluate(() => /** @type {any} */ (window).bob.worker.postMessage({ text: 'still here' }));
  await page.waitForFunction(() => /** @type {any} */ (window).bob.heard.includes('got echo:still here'));

  assert.equal((await said(page, 'alice', 'rtcChannel')).length, 1);
  const [first, second] = await said(page, 'alice', 'rtcDescription');
  const fragment = (/** @type {string} */ sdp) => sdp.match(/a=ice-ufrag:(\S+)/)?.[1];
  assert.notEqual(fragment(first.sdp), fragment(second.sdp));
});

test('a restart takes the servers and the policy of now, for credentials end', async () => {
  const page = await twoPeers();
  await connect(page);
  const iceServers = [{ urls: ['turn:127.0.0.1:9'], username: 'new', credential: 'new' }];
  await page.evaluate((open) => /** @type {any} */ (window).alice.tell('rtcOpen', open), {
    ...OPEN,
    iceServers,
    relayOnly: true,
  });
  await page.waitForFunction(
    () => /** @type {any} */ (window).peers[0].getConfiguration().iceTransportPolicy === 'relay',
  );

  const [server] = await page.evaluate(
    () => /** @type {any} */ (window).peers[0].getConfiguration().iceServers,
  );
  assert.deepEqual([server.urls, server.username], [['turn:127.0.0.1:9'], 'new']);
});

test('a restart keeps the servers of before where none are known now, or the browser refuses them', async () => {
  const page = await twoPeers();
  const iceServers = [{ urls: ['stun:127.0.0.1:9'] }];
  await page.evaluate((open) => /** @type {any} */ (window).alice.tell('rtcOpen', open), {
    ...OPEN,
    iceServers,
  });
  await page.waitForFunction(() => /** @type {any} */ (window).alice.heard.includes('open'));
  for (const [n, servers] of /** @type {[number, RTCIceServer[]][]} */ ([
    [1, []],
    [2, [{ urls: 'no server' }]],
  ])) {
    await page.evaluate((open) => /** @type {any} */ (window).alice.tell('rtcOpen', open), {
      ...OPEN,
      n,
      iceServers: servers,
    });
    await page.waitForFunction(
      (wanted) =>
        /** @type {any} */ (window).bob.calls.some(
          (/** @type {any} */ { method, params }) => method === 'rtcDescription' && params.n === wanted,
        ),
      n,
    );
  }

  const kept = await page.evaluate(
    () => /** @type {any} */ (window).peers[0].getConfiguration().iceServers[0].urls,
  );
  assert.deepEqual(kept, ['stun:127.0.0.1:9']);
  assert.deepEqual(await said(page, 'alice', 'rtcState'), []);
});

test('a second channel is not taken', async () => {
  const page = await twoPeers();
  await connect(page);
  const closed = await page.evaluate(() => {
    const second = /** @type {any} */ (window).peers[0].createDataChannel('mp2p/1');
    return new Promise((resolve) => {
      second.onclose = () => resolve(true);
    });
  });

  assert.equal(closed, true);
  assert.equal((await said(page, 'bob', 'rtcChannel')).length, 1);
});

test('another pair in use is told of, once', async () => {
  const page = await twoPeers();
  await connect(page);
  await page.evaluate(async () => {
    const [peer] = /** @type {any} */ (window).peers;
    const stats = await peer.getStats();
    const relayed = new Map([...stats].map(([id, one]) => [id, { ...one, candidateType: 'relay' }]));
    peer.getStats = async () => relayed;
    const transport = peer.sctp.transport.iceTransport;
    for (let i = 0; i < 2; i++) transport.dispatchEvent(new Event('selectedcandidatepairchange'));
  });
  await page.waitForFunction(
    () =>
      /** @type {any} */ (window).alice.calls.filter((/** @type {any} */ { method }) => method === 'rtcRoute')
        .length > 1,
  );

  assert.deepEqual(
    (await said(page, 'alice', 'rtcRoute')).map((/** @type {any} */ { turn }) => turn),
    [false, true],
  );
});

test('a channel that was filled says in the worker when it has run empty', async () => {
  const page = await twoPeers();
  await connect(page);
  await page.evaluate(() => /** @type {any} */ (window).alice.worker.postMessage({ flood: true }));
  await page.waitForFunction(() => /** @type {any} */ (window).alice.heard.includes('low'));

  const heard = await page.evaluate(() => /** @type {any} */ (window).alice.heard);
  assert.deepEqual(
    heard.filter((/** @type {string} */ word) => word !== 'open'),
    ['full', 'low'],
  );
});

test('where a browser keeps the channel in the window, frames pass through a port, flow control included', async () => {
  const page = await twoPeers(keepChannels);
  await connect(page);
  await page.evaluate(() => /** @type {any} */ (window).alice.worker.postMessage({ text: 'hello' }));
  await page.waitForFunction(() => /** @type {any} */ (window).alice.heard.includes('got echo:hello'));
  await page.evaluate(() => /** @type {any} */ (window).alice.worker.postMessage({ flood: true }));
  await page.waitForFunction(() => /** @type {any} */ (window).alice.heard.includes('low'));

  assert.equal((await said(page, 'alice', 'rtcChannel')).length, 2, 'tried once, then bridged');
  assert.deepEqual(await said(page, 'alice', 'rtcState'), []);
  await page.evaluate(() => /** @type {any} */ (window).alice.tell('rtcClose', { call: 'c1' }));
  await page.waitForFunction(() => /** @type {any} */ (window).bob.heard.includes('close'));

  await page.evaluate((open) => /** @type {any} */ (window).alice.tell('rtcOpen', open), {
    ...OPEN,
    call: 'c2',
  });
  await page.waitForFunction(
    () =>
      /** @type {any} */ (window).bob.heard.filter((/** @type {string} */ word) => word === 'open').length ===
      2,
  );
  assert.equal((await said(page, 'alice', 'rtcChannel')).length, 3, 'and not tried again');
});

test('closing is told once on both sides', async () => {
  const page = await twoPeers();
  await connect(page);
  await page.evaluate(() => /** @type {any} */ (window).alice.tell('rtcClose', { call: 'c1' }));
  await page.waitForFunction(() => /** @type {any} */ (window).bob.heard.includes('close'));

  assert.deepEqual(await said(page, 'alice', 'rtcState'), [{ call: 'c1', state: 'closed' }]);
});

test('relay only offers no address of its own', async () => {
  const page = await twoPeers();
  await page.evaluate((open) => /** @type {any} */ (window).alice.tell('rtcOpen', open), {
    ...OPEN,
    relayOnly: true,
  });
  await page.waitForFunction(() =>
    /** @type {any} */ (window).bob.calls.some(
      (/** @type {any} */ { method }) => method === 'rtcDescription',
    ),
  );
  await page.waitForTimeout(500);

  assert.deepEqual(await said(page, 'alice', 'rtcCandidates'), []);
  assert.doesNotMatch((await said(page, 'alice', 'rtcDescription'))[0].sdp, /a=candidate/);
});

test('an answer that makes no sense ends the call', async () => {
  const page = await twoPeers();
  await page.evaluate((open) => {
    const { alice } = /** @type {any} */ (window);
    alice.other = null;
    alice.tell('rtcOpen', open);
    alice.tell('rtcAnswer', { call: 'c1', sdp: 'nonsense' });
  }, OPEN);
  await page.waitForFunction(() =>
    /** @type {any} */ (window).alice.calls.some(
      (/** @type {any} */ { params }) => params.state === 'closed',
    ),
  );

  assert.deepEqual(
    (await said(page, 'alice', 'rtcState')).map((/** @type {any} */ { state }) => state),
    ['failed', 'closed'],
  );
});

test('a browser without WebRTC says so and stays quiet', async () => {
  const context = await chromium.browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(() => Reflect.deleteProperty(window, 'RTCPeerConnection'));
  await page.goto(`${chromium.url}/test/p2p.html`);
  await page.waitForFunction(() => 'bob' in window);

  assert.deepEqual(await said(page, 'bob', 'rtcAvailable'), [{ available: false }]);
});
