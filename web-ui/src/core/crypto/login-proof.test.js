import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { concat, fromHex, utf8 } from './bytes.js';
import { newSigningKey, verify } from './keys.js';
import { signLogin } from './login-proof.js';
import { randomBytes } from './random.js';
import { ready } from './sodium.js';

before(ready);

test('the proof covers nonce, server, account, device and expiry in this order', () => {
  const dsk = newSigningKey();
  const [nonce, accountId] = [randomBytes(32), randomBytes(16)];
  const proof = {
    dskSeed: dsk.seed,
    nonce,
    serverName: 'chat.example.org',
    accountId,
    deviceId: 7,
    expiryMs: 1000,
  };
  const name = utf8('chat.example.org');
  const statement = concat(
    nonce,
    Uint8Array.of(0, name.length),
    name,
    accountId,
    fromHex('0000000700000000000003e8'),
  );
  assert.ok(verify(dsk.publicKey, 'login', statement, signLogin(proof)));
  for (const change of [
    { serverName: 'evil.example.org' },
    { deviceId: 8 },
    { expiryMs: 1001 },
    { nonce: accountId },
  ]) {
    if ('nonce' in change) assert.throws(() => signLogin({ ...proof, ...change }), RangeError);
    else assert.ok(!verify(dsk.publicKey, 'login', statement, signLogin({ ...proof, ...change })));
  }
});
