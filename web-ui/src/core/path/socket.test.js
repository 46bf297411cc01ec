import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualTime } from '../model/virtual-time.js';
import { Socket } from './socket.js';

const UNAVAILABLE = { t: 'error', type: 'urn:mp2p:problem:unavailable' };
const SERVER_MS = 1_700_000_000_000; // the server's clock at hello, which is not this device's

/**
 * A socket that is connected, with a server and an account that the test plays.
 *
 * @param {() => number} [chance]
 */
async function scene(chance = () => 0.5) {
  const time = new VirtualTime();
  /** @type {any[]} */
  const sent = [];
  const browser = {
    readyState: 1,
    bufferedAmount: 0,
    /** @type {any} */ onmessage: null,
    /** @type {any} */ onclose: null,
    send: (/** @type {any} */ data) => sent.push(data),
    close() {},
  };
  const tokens = { made: 1, down: false, asked: 0 };
  const account = {
    token: async () => `token ${tokens.made}`,
    async refreshTokens() {
      tokens.asked += 1;
      if (tokens.down) throw new Error('down');
      tokens.made += 1;
    },
  };
  /** @type {any[]} */
  const told = [];
  /** @type {import('./socket.js').SocketState[]} */
  const states = [];
  let opened = 0;
  /** What is waited for before it opens. @type {Promise<void>} */
  let known = Promise.resolve();
  const socket = new Socket(
    /** @type {any} */ (account),
    /** @type {any} */ ({
      now: () => time.now(),
      elapsed: () => time.elapsed(),
      after: time.after.bind(time),
      chance,
      openSocket: () => {
        opened += 1;
        return browser;
      },
    }),
    {
      onOpening: () => known,
      onHello() {},
      onText: (message) => told.push(message),
      onBinary() {},
      onClosed() {},
      onState: (state) => states.push(state),
    },
  );
  socket.begin();
  await time.run(0);
  const say = (/** @type {object} */ message) => browser.onmessage({ data: JSON.stringify(message) });
  const hello = () => say({ t: 'hello', device: 7, now_ms: SERVER_MS + time.elapsed() });
  hello();
  return {
    ...{ time, socket, browser, tokens, told, say, sent, states, hello },
    /** The server closes, and is there again: how long this device stays away. @param {number} code */
    async pauseAfter(code, reason = '') {
      const [before, fromMs] = [opened, time.elapsed()];
      browser.onclose({ code, reason });
      await time.until(() => opened > before, 'it is opened again');
      hello();
      return time.elapsed() - fromMs;
    },
    opened: () => opened,
    waitFor: (/** @type {Promise<void>} */ promise) => {
      known = promise;
    },
    /** The server asks for a new token. @param {number} leftMs of the old one */
    ask: (leftMs) => say({ t: 'reauth', by_ms: SERVER_MS + time.elapsed() + leftMs }),
    /** Tokens that were shown on the open socket. */
    shown: () =>
      sent
        .filter((data) => typeof data === 'string')
        .map((data) => JSON.parse(data))
        .filter(({ t }) => t === 'reauth')
        .map(({ token }) => token),
  };
}

test('a token that the server asks for is made anew and shown once', async () => {
  const { time, ask, shown } = await scene();
  ask(60_000);
  await time.run(120_000);
  assert.deepEqual(shown(), ['token 2']);
});

test('a token that the server cannot judge now is shown again, more and more seldom, while the old one lasts', async () => {
  const { time, ask, say, shown, tokens } = await scene();
  const from = time.elapsed();
  ask(60_000);
  /** @type {number[]} */
  const at = [];
  while (time.elapsed() - from < 120_000) {
    await time.run(500);
    if (shown().length === at.length) continue;
    at.push(Math.floor((time.elapsed() - from) / 1000));
    say(UNAVAILABLE);
  }
  assert.deepEqual(at, [0, 1, 3, 7, 15, 30, 45]);
  assert.deepEqual(new Set(shown()), new Set(['token 2']));
  assert.equal(tokens.asked, 1, 'the same token');
});

test('no wait goes past the end of the old token, by the clock of the server', async () => {
  const { time, ask, say, shown } = await scene();
  await time.run(30_000);
  ask(2500);
  await time.run(0);
  for (let i = 0; i < 4; i++) {
    say(UNAVAILABLE);
    await time.run(10_000);
  }
  assert.deepEqual(shown(), ['token 2', 'token 2']);
});

test('once a token was taken nothing is shown again', async () => {
  const { time, ask, say, shown } = await scene();
  ask(60_000);
  await time.run(0);
  say(UNAVAILABLE);
  await time.run(300_000);
  assert.deepEqual(shown(), ['token 2', 'token 2']);
  say(UNAVAILABLE);
  await time.run(300_000);
  assert.equal(shown().length, 2, 'whatever that was of');
});

test('a refusal that comes long after a token was shown is not of that token', async () => {
  const { time, ask, say, shown } = await scene();
  ask(60_000);
  await time.run(11_000);
  say({ t: 'error', type: 'urn:mp2p:problem:rate-limited' }); // of a watch
  await time.run(40_000);
  assert.deepEqual(shown(), ['token 2']);
});

const STOOD_MS = 10_000;

for (const { code, reason, pauses } of [
  { code: 1006, pauses: [1, 2, 4, 8, 16, 32, 60, 60] },
  { code: 1000, pauses: [1, 2, 4, 8, 16, 32, 60, 60] },
  { code: 4401, pauses: [0, 2, 4, 8, 16, 32, 60, 60] },
  { code: 1013, pauses: [5, 7, 9, 13, 21, 37, 65, 65] },
  { code: 1012, reason: '10', pauses: [5, 7, 9, 13, 21, 37, 65, 65] }, // half of ten by the chance of this scene
  { code: 1008, pauses: [60, 62, 64, 68, 76, 92, 120, 120] },
])
  test(`a server that says hello and closes with ${code}, again and again, is met more and more seldom`, async () => {
    const { pauseAfter, states } = await scene();
    const met = [];
    for (const _ of pauses) met.push((await pauseAfter(code, reason)) / 1000);
    assert.deepEqual(met, pauses);
    const waits = states.flatMap((now) => (now.state === 'waiting' ? [now.failures] : []));
    assert.deepEqual(
      waits,
      pauses.map((_, n) => n + 1),
    );
  });

test('devices that are closed together again and again come back spread over a time that grows', async () => {
  for (const code of [1006, 1013, 4401, 1012]) {
    const spans = [];
    const [early, late] = [await scene(() => 0), await scene(() => 0.999)];
    for (let n = 0; n < 6; n++)
      spans.push((await late.pauseAfter(code, '0')) - (await early.pauseAfter(code, '0')));
    for (let n = 2; n < spans.length; n++)
      assert.ok(Number(spans[n]) > 1.5 * Number(spans[n - 1]), `${code}: ${spans}`);
  }
});

for (const { code, reason, pause } of [
  { code: 4401, pause: 0 },
  { code: 1006, pause: 1 },
  { code: 1012, reason: '30', pause: 15 },
  { code: 1013, pause: 5 },
])
  test(`one that stood a while and is closed with ${code} is opened again as soon as that code lets it`, async () => {
    const { time, pauseAfter } = await scene();
    for (let n = 0; n < 4; n++) {
      await time.run(STOOD_MS);
      assert.equal((await pauseAfter(code, reason)) / 1000, pause);
    }
  });

test('one that stood a little less does not count as made', async () => {
  const { time, pauseAfter } = await scene();
  const met = [];
  for (let n = 0; n < 3; n++) {
    met.push((await pauseAfter(1006)) / 1000);
    await time.run(STOOD_MS - 1);
  }
  assert.deepEqual(met, [1, 2, 4]);
});

test('one that was of use counts as made, however short it stood, and the next one has to be so itself', async () => {
  const { socket, pauseAfter } = await scene();
  const met = [];
  for (const isOfUse of [false, false, true, true, false, false]) {
    if (isOfUse) socket.wasOfUse();
    met.push((await pauseAfter(1006)) / 1000);
  }
  assert.deepEqual(met, [1, 2, 1, 1, 2, 4]);
});

test('a token that is refused once is made anew at once, whatever failed before', async () => {
  const { pauseAfter, tokens } = await scene();
  assert.equal(await pauseAfter(1006), 1000);
  assert.equal(await pauseAfter(1006), 2000);
  assert.equal(await pauseAfter(4401), 0);
  assert.equal(tokens.asked, 1);
  assert.equal(await pauseAfter(4401), 8000, 'the fresh one is no better');
});

test('a network that is back begins anew, with a token that is refused too', async () => {
  const { time, socket, hello, opened, pauseAfter } = await scene();
  assert.equal(await pauseAfter(4401), 0);
  assert.equal(await pauseAfter(1006), 2000);
  socket.network(false);
  socket.network(true);
  await time.until(() => opened() === 4, 'it is opened again');
  hello();
  assert.equal(await pauseAfter(4401), 0);
  assert.equal(await pauseAfter(1006), 2000);
});

test('a server that stops is not met by more at once for what failed before', async () => {
  const [WINDOW_S, CYCLES, SECONDS] = [30, 600, 3];
  let seed = 1;
  const chance = () => {
    seed = (seed * 48_271) % 2_147_483_647; // Lehmer's generator: the same numbers in each run
    return seed / 2_147_483_647;
  };
  const { time, pauseAfter } = await scene(chance);
  /** @type {number[]} */
  const back = Array(WINDOW_S / SECONDS + 4).fill(0);
  for (let n = 0; n < CYCLES; n++) {
    await time.run(STOOD_MS);
    for (const code of [1006, 1006]) await pauseAfter(code);
    const at = Math.floor((await pauseAfter(1012, String(WINDOW_S))) / 1000 / SECONDS);
    back[at] = (back[at] ?? 0) + 1;
  }
  const mean = (CYCLES * SECONDS) / WINDOW_S;
  assert.ok(Math.max(...back) <= 1.5 * mean, `${back}, ${mean} on the average`);
});

test('one that is stopped while it waits for what has to be known asks for no token', async () => {
  const { time, browser, socket, waitFor, tokens, opened } = await scene();
  let answer = () => {};
  waitFor(
    new Promise((resolve) => {
      answer = () => resolve();
    }),
  );
  browser.onclose({ code: 4401, reason: '' });
  await time.run(5000);
  socket.stop();
  answer();
  await time.run(5000);
  assert.equal(tokens.asked, 0);
  assert.equal(opened(), 1);
});

test('a token that cannot be had now is asked for again', async () => {
  const { time, ask, shown, tokens } = await scene();
  tokens.down = true;
  ask(60_000);
  await time.run(5000);
  assert.deepEqual(shown(), []);
  tokens.down = false;
  await time.run(5000);
  assert.deepEqual(shown(), ['token 2']);
});

test('what is refused of an envelope or a watch is no reason to show the token again', async () => {
  const { time, ask, say, shown, told } = await scene();
  ask(60_000);
  await time.run(0);
  const ofEnvelope = { ...UNAVAILABLE, ref: 5 };
  const tooLarge = { t: 'error', type: 'urn:mp2p:problem:too-large' };
  for (const message of [ofEnvelope, tooLarge]) say(message);
  await time.run(120_000);
  assert.deepEqual(shown(), ['token 2']);
  assert.deepEqual(told, [ofEnvelope, tooLarge]);
});

test('a socket that closes shows nothing any more', async () => {
  const { time, ask, say, browser, shown, tokens } = await scene();
  ask(60_000);
  await time.run(0);
  say(UNAVAILABLE);
  browser.onclose({ code: 1006, reason: '' });
  tokens.down = true;
  await time.run(60_000);
  assert.deepEqual(shown(), ['token 2']);
});

test('what the browser holds back has not left', async () => {
  const { socket, browser } = await scene();
  assert.deepEqual(socket.queue, { put: 0, left: 0 });
  socket.sendText({ t: 'watch', list: [] });
  socket.sendBinary(new Uint8Array(100));
  const put = JSON.stringify({ t: 'watch', list: [] }).length + 100;
  browser.bufferedAmount = 40;
  assert.deepEqual(socket.queue, { put, left: put - 40 });
});
