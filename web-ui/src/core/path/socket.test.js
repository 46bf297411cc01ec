import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualTime } from '../model/virtual-time.js';
import { Socket } from './socket.js';

const UNAVAILABLE = { t: 'error', type: 'urn:mp2p:problem:unavailable' };
const SERVER_MS = 1_700_000_000_000; // the server's clock at hello, which is not this device's

/** A socket that is connected, with a server and an account that the test plays. */
async function scene() {
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
  let opened = 0;
  /** What is waited for before it opens. @type {Promise<void>} */
  let known = Promise.resolve();
  const socket = new Socket(
    /** @type {any} */ (account),
    /** @type {any} */ ({
      now: () => time.now(),
      elapsed: () => time.elapsed(),
      after: time.after.bind(time),
      chance: () => 0.5,
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
      onState() {},
    },
  );
  socket.begin();
  await time.run(0);
  const say = (/** @type {object} */ message) => browser.onmessage({ data: JSON.stringify(message) });
  say({ t: 'hello', device: 7, now_ms: SERVER_MS });
  return {
    ...{ time, socket, browser, tokens, told, say, sent },
    opened: () => opened,
    waitFor: (/** @type {Promise<void>} */ promise) => {
      known = promise;
    },
    hello: () => say({ t: 'hello', device: 7, now_ms: SERVER_MS + time.elapsed() }),
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

test('one that stood a while and whose token ended is opened again at once', async () => {
  const { time, browser, hello, opened } = await scene();
  for (let n = 2; n < 6; n++) {
    await time.run(10_000);
    browser.onclose({ code: 4401, reason: '' });
    await time.run(0);
    assert.equal(opened(), n);
    hello();
  }
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
