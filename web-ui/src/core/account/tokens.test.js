import assert from 'node:assert/strict';
import { afterEach, before, test } from 'node:test';
import { toBase64url } from '../crypto/bytes.js';
import { newSigningKey } from '../crypto/keys.js';
import { ready } from '../crypto/sodium.js';
import { Tokens } from './tokens.js';

before(ready);

const fetched = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = fetched;
});

/** A device whose two clocks the test sets, and a server that counts how often it was asked for tokens. */
function scene() {
  const clocks = { nowMs: 1_700_000_000_000, elapsedMs: 0 };
  let made = 0;
  globalThis.fetch = async (url) => {
    const isChallenge = String(url).endsWith('/challenge');
    if (!isChallenge) made += 1;
    const [auth, mailbox, signaling] = ['auth', 'mailbox', 'signaling'].map((name) => `${name} ${made}`);
    const body = isChallenge
      ? { nonce: toBase64url(new Uint8Array(32)), expiry_ms: clocks.nowMs + 60_000 }
      : { tokens: { auth, mailbox, signaling }, expires_in: 600, server: SERVER };
    return new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } });
  };
  const tokens = new Tokens({
    origin: 'https://localhost',
    device: {
      accountId: new Uint8Array(16),
      deviceId: 1,
      serverName: 'localhost',
      dskSeed: newSigningKey().seed,
    },
    clocks: { now: () => clocks.nowMs, elapsed: () => clocks.elapsedMs },
    onServerFacts() {},
    onRevoked: assert.fail,
  });
  return {
    tokens,
    clocks,
    /** @param {number} ms */
    pass(ms) {
      clocks.nowMs += ms;
      clocks.elapsedMs += ms;
    },
  };
}
const SERVER = { canonical_host: 'localhost', mailbox_ttl_days: 30 };

test('a token is handed out until thirty seconds before its end', async () => {
  const { tokens, pass } = scene();
  assert.equal(await tokens.token('mailbox'), 'mailbox 1');
  pass(570_000);
  assert.equal(await tokens.token('signaling'), 'signaling 1');
  pass(1);
  assert.equal(await tokens.token('signaling'), 'signaling 2');
});

test('a clock that is set back makes no token last longer', async () => {
  const { tokens, clocks, pass } = scene();
  await tokens.token('mailbox');
  clocks.nowMs -= 86_400_000;
  pass(570_000);
  assert.equal(await tokens.token('mailbox'), 'mailbox 1');
  pass(1);
  assert.equal(await tokens.token('mailbox'), 'mailbox 2');
});

test('a clock that is set ahead costs one token, not one for each call', async () => {
  const { tokens, clocks, pass } = scene();
  await tokens.token('mailbox');
  clocks.nowMs += 86_400_000;
  for (let i = 0; i < 5; i++) {
    assert.equal(await tokens.token('mailbox'), 'mailbox 2');
    pass(1000);
  }
});

test('a machine that slept, whose monotonic clock stood still, shows no token of before', async () => {
  const { tokens, clocks } = scene();
  await tokens.token('mailbox');
  clocks.nowMs += 600_000;
  assert.equal(await tokens.token('mailbox'), 'mailbox 2');
});
