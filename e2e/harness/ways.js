import { createHash } from 'node:crypto';
import { coreWorker } from './core-worker.js';

/**
 * Watches from outside the product, in the page's core worker, by which ways each envelope goes, how long its
 * acknowledgement was waited for, and when it came.
 *
 * @typedef {'channel' | 'relay' | 'mailbox'} Way
 *
 * @typedef {object} Given
 * @property {Way} way
 * @property {string} envelope as base64url
 * @property {number} atMs when it was handed over
 * @property {number} limitMs the wait that was chosen for its acknowledgement then
 * @property {number} lateMs how late another timer of the worker was since, until the envelope was given to the next way
 * @property {number | null} answeredMs when it was acknowledged
 *
 * @typedef {object} Ways
 * @property {() => Promise<void>} begin forgets what was before
 * @property {() => Promise<Given[]>} given in their order
 *
 * @typedef {{ limitMs: number, tookMs: number, lateMs: number, isLate: boolean }} Moved an envelope that went by the next
 *   way too. `tookMs`: from the one to the other; `isLate`: the first one had not acknowledged it in its time
 */

/** @type {WeakMap<import('playwright-core').Worker, Promise<Ways>>} */
const watched = new WeakMap();

/**
 * @param {import('playwright-core').Page} page of a browser that hands its data channels to the worker, or has none
 * @returns {Promise<Ways>} the same for the same worker
 */
export async function watchWays(page) {
  const worker = await coreWorker(page);
  const ways = watched.get(worker) ?? watch(worker);
  watched.set(worker, ways);
  return ways;
}

/** MP2P/1 §6.1 @param {string} envelope */
const idOf = (envelope) =>
  createHash('sha256')
    .update('MP2P/1/envid\0')
    .update(Buffer.from(envelope, 'base64url'))
    .digest()
    .subarray(0, 16)
    .toString('hex');

/**
 * Envelopes that went by more than one way, each time that one went by the next.
 *
 * @param {Given[]} given
 * @returns {(Moved & { to: Given })[]}
 */
export function movedAmong(given) {
  return given.flatMap((to, at) => {
    const from = given.slice(0, at).findLast(({ envelope }) => envelope === to.envelope);
    if (!from) return [];
    const { limitMs, lateMs, answeredMs } = from;
    const tookMs = to.atMs - from.atMs;
    const waitedMs = Math.min(tookMs, (answeredMs ?? Number.POSITIVE_INFINITY) - from.atMs);
    return { to, limitMs, tookMs, lateMs, isLate: from.way !== 'mailbox' && waitedMs >= limitMs - CLOCK_MS };
  });
}

/** Two readings of a browser's clock are that far apart from what its timers know. */
const CLOCK_MS = 2;

/** @param {import('playwright-core').Worker} worker @returns {Promise<Ways>} */
async function watch(worker) {
  const seen = await worker.evaluateHandle(() => {
    const [ENVELOPE, ACK] = [1, 3];
    const [RELAY, TAKEN] = [1, 2];
    const [REF_AT, PAYLOAD_AT] = [21, 25];
    const EVERY_MS = 20;
    /** @type {(Given & { ref?: string })[]} */
    const given = [];
    /** Envelope ids in hex that a channel has acknowledged. @type {Map<string, number>} */
    const acknowledged = new Map();
    let lastWaitMs = 0;
    const { setTimeout, fetch } = globalThis;
    Object.assign(globalThis, {
      setTimeout: (/** @type {() => void} */ task, /** @type {number} */ ms) => {
        lastWaitMs = ms; // set for an envelope right before it is handed over
        return setTimeout(task, ms);
      },
      fetch: (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
        if (/\/(messages|deliver)$/.test(url))
          for (const { envelope } of JSON.parse(`${init.body}`).envelopes) give('mailbox', envelope);
        return fetch(url, init);
      },
    });
    let dueMs = performance.now() + EVERY_MS;
    setInterval(() => {
      for (const one of given) one.lateMs = Math.max(one.lateMs, performance.now() - dueMs);
      dueMs = performance.now() + EVERY_MS;
    }, EVERY_MS);
    const base64url = (/** @type {Uint8Array} */ bytes) =>
      btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
        .replaceAll('+', '-')
        .replaceAll('/', '_')
        .replaceAll('=', '');
    const hex = (/** @type {Uint8Array} */ bytes) =>
      Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    /** @param {Way} way @param {string} envelope @param {string} [ref] */
    function give(way, envelope, ref) {
      const nowMs = performance.now();
      const before = given.findLast((one) => one.envelope === envelope);
      if (before) before.lateMs = Math.max(before.lateMs, nowMs - dueMs);
      given.push({ way, envelope, atMs: nowMs, limitMs: lastWaitMs, lateMs: 0, answeredMs: null, ref });
    }
    const heard = new WeakSet();
    /** @param {EventTarget} source @param {(frame: Uint8Array) => void} receive */
    function hear(source, receive) {
      if (heard.has(source)) return;
      heard.add(source);
      source.addEventListener('message', (event) => {
        const { data } = /** @type {MessageEvent} */ (event);
        if (data instanceof ArrayBuffer) receive(new Uint8Array(data));
      });
    }
    if ('RTCDataChannel' in globalThis) {
      const send = RTCDataChannel.prototype.send;
      RTCDataChannel.prototype.send = function (/** @type {any} */ frame) {
        hear(this, (answer) => {
          if (answer[0] === ACK) acknowledged.set(hex(answer.subarray(1)), performance.now());
        });
        if (frame[0] === ENVELOPE) give('channel', base64url(frame.subarray(1)));
        send.call(this, frame);
      };
    }
    /** Account and device that a frame names, and each ref that stands there or from there on. @param {Uint8Array} frame */
    function* refsOf(frame, end = PAYLOAD_AT) {
      for (let at = REF_AT; at < end; at += 4)
        yield hex(frame.subarray(1, REF_AT)) + hex(frame.subarray(at, at + 4));
    }
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (/** @type {any} */ frame) {
      hear(this, (answer) => {
        if (answer[0] !== TAKEN) return;
        for (const ref of refsOf(answer, answer.length)) {
          const taken = given.findLast((one) => one.ref === ref);
          if (taken) taken.answeredMs = performance.now();
        }
      });
      if (typeof frame !== 'string' && frame[0] === RELAY) {
        const [ref] = refsOf(frame);
        give('relay', base64url(frame.subarray(PAYLOAD_AT)), ref);
      }
      send.call(this, frame);
    };
    return {
      acknowledged,
      given,
      begin() {
        given.length = 0;
        acknowledged.clear();
      },
    };
  });
  return {
    begin: () => seen.evaluate((it) => it.begin()),
    async given() {
      const { given, acknowledged } = await seen.evaluate((it) => ({
        given: it.given,
        acknowledged: [...it.acknowledged],
      }));
      const byId = new Map(acknowledged);
      for (const one of given)
        if (one.way === 'channel') one.answeredMs = byId.get(idOf(one.envelope)) ?? null;
      return given;
    },
  };
}
