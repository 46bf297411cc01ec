import { coreWorker } from './core-worker.js';

/**
 * Watches from outside the product, in the page's core worker, which envelopes of the data channel go to the relay as
 * well, and how long they were left to the channel. Once for a page.
 *
 * @typedef {{ limitMs: number, tookMs: number, lateMs: number }} Moved `limitMs`: the wait that was chosen for its
 *   acknowledgement when it went out; `tookMs`: what passed until the relay was given it; `lateMs`: how late another
 *   timer of the worker was meanwhile
 *
 * @param {import('playwright-core').Page} page of a browser that hands its data channels to the worker
 * @returns {Promise<{ begin: () => Promise<void>, moved: () => Promise<Moved[]> }>} `begin` forgets what was before
 */
export async function watchNextPath(page) {
  const worker = await coreWorker(page);
  const watch = await worker.evaluateHandle(() => {
    const [ENVELOPE, RELAY] = [1, 1];
    const RELAY_HEADER = 25;
    const EVERY_MS = 20;
    /** @type {{ envelope: string, atMs: number, limitMs: number, lateMs: number }[]} */
    const given = [];
    /** @type {Moved[]} */
    const moved = [];
    let lastWaitMs = 0;
    const text = (/** @type {Uint8Array} */ bytes) => bytes.join();
    const { setTimeout } = globalThis;
    Object.assign(globalThis, {
      setTimeout: (/** @type {() => void} */ task, /** @type {number} */ ms) => {
        lastWaitMs = ms; // set for an envelope right before it is handed over
        return setTimeout(task, ms);
      },
    });
    let dueMs = performance.now() + EVERY_MS;
    setInterval(() => {
      for (const one of given) one.lateMs = Math.max(one.lateMs, performance.now() - dueMs);
      dueMs = performance.now() + EVERY_MS;
    }, EVERY_MS);
    const channelSend = RTCDataChannel.prototype.send;
    RTCDataChannel.prototype.send = function (/** @type {any} */ frame) {
      if (frame[0] === ENVELOPE) {
        const envelope = text(frame.subarray(1));
        given.push({ envelope, atMs: performance.now(), limitMs: lastWaitMs, lateMs: 0 });
      }
      channelSend.call(this, frame);
    };
    const socketSend = WebSocket.prototype.send;
    WebSocket.prototype.send = function (/** @type {any} */ frame) {
      const envelope =
        typeof frame !== 'string' && frame[0] === RELAY ? text(frame.subarray(RELAY_HEADER)) : null;
      const before = given.find((one) => one.envelope === envelope);
      const nowMs = performance.now();
      if (before)
        moved.push({
          limitMs: before.limitMs,
          tookMs: nowMs - before.atMs,
          lateMs: Math.max(before.lateMs, nowMs - dueMs),
        });
      socketSend.call(this, frame);
    };
    return {
      moved,
      begin() {
        given.length = 0;
        moved.length = 0;
      },
    };
  });
  return {
    begin: () => watch.evaluate((it) => it.begin()),
    moved: () => watch.evaluate((it) => it.moved),
  };
}
