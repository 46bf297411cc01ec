/**
 * Watches from outside the product, in the page's core worker, which envelopes of the data channel go to the relay as
 * well, and how long they were left to the channel.
 *
 * @typedef {{ limitMs: number, tookMs: number }} Moved `limitMs`: the wait that was chosen for its acknowledgement when
 *   it went out; `tookMs`: what passed until the relay was given it
 *
 * @param {import('playwright-core').Page} page of a browser that hands its data channels to the worker
 * @returns {Promise<() => Promise<Moved[]>>}
 */
export async function watchNextPath(page) {
  const worker = await coreWorker(page);
  await worker.evaluate(() => {
    const [ENVELOPE, RELAY] = [1, 1];
    const RELAY_HEADER = 25;
    /** @type {{ envelope: string, atMs: number, limitMs: number }[]} */
    const given = [];
    /** @type {Moved[]} */
    const moved = [];
    let lastWaitMs = 0;
    const text = (/** @type {Uint8Array} */ bytes) => bytes.join();
    const { setTimeout } = globalThis;
    Object.assign(globalThis, {
      movedToRelay: moved,
      setTimeout: (/** @type {() => void} */ task, /** @type {number} */ ms) => {
        lastWaitMs = ms; // set for an envelope right before it is handed over
        return setTimeout(task, ms);
      },
    });
    const channelSend = RTCDataChannel.prototype.send;
    RTCDataChannel.prototype.send = function (/** @type {any} */ frame) {
      if (frame[0] === ENVELOPE)
        given.push({ envelope: text(frame.subarray(1)), atMs: performance.now(), limitMs: lastWaitMs });
      channelSend.call(this, frame);
    };
    const socketSend = WebSocket.prototype.send;
    WebSocket.prototype.send = function (/** @type {any} */ frame) {
      const envelope =
        typeof frame !== 'string' && frame[0] === RELAY ? text(frame.subarray(RELAY_HEADER)) : null;
      const before = given.find((one) => one.envelope === envelope);
      if (before) moved.push({ limitMs: before.limitMs, tookMs: performance.now() - before.atMs });
      socketSend.call(this, frame);
    };
  });
  return () => worker.evaluate(() => Reflect.get(globalThis, 'movedToRelay'));
}

/** @param {import('playwright-core').Page} page */
async function coreWorker(page) {
  for (const worker of page.workers()) if ((await worker.evaluate(() => self.name)) === 'core') return worker;
  throw new Error('the page has no core worker');
}
