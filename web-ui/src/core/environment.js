/**
 * What the engine takes from the browser, so that a test can give it a clock and a network of its own.
 *
 * @typedef {object} Environment
 * @property {() => number} now epoch ms; informational only, no security decision rests on it
 * @property {() => number} elapsed ms since some moment of this start; never steps back, and may stand still while the
 *   machine sleeps
 * @property {(task: () => void, ms: number) => () => void} after runs `task` once, however long that is; gives the way to cancel it
 * @property {() => number} chance uniform in [0, 1)
 * @property {(protocols: string[]) => WebSocket} openSocket the `/ws` of this origin
 */
import { randomU32 } from './crypto/random.js';

const DAY_MS = 86_400_000;

/** @type {Environment} */
export const browserEnvironment = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(task, ms) {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    // day by day: a browser ends a wait of 2^31 ms and more at once
    const wait = (/** @type {number} */ leftMs) => {
      if (leftMs > DAY_MS) timer = setTimeout(() => wait(leftMs - DAY_MS), DAY_MS);
      else timer = setTimeout(task, leftMs);
    };
    wait(ms);
    return () => clearTimeout(timer);
  },
  // getRandomValues: jitter hides timing from the server, so it must not be predictable
  chance: () => (randomU32() - 1) / 2 ** 32,
  openSocket(protocols) {
    const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/ws`, protocols);
    socket.binaryType = 'arraybuffer';
    return socket;
  },
};
