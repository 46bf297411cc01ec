import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { flipBit } from '../../../test/flip-bit.js';
import fc from '../../../test/seeded.js';
import { concat, fromHex, utf8, Writer } from './bytes.js';
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
});

test('a proof with one bit of nonce, server, account, device or expiry changed is another proof', () => {
  const { publicKey, seed } = newSigningKey();
  const challenge = fc.record({
    nonce: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    serverName: fc.domain(),
    accountId: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    deviceId: fc.integer({ min: 1, max: 0xffffffff }),
    expiryMs: fc.nat(2 ** 48),
  });
  fc.assert(
    fc.property(challenge, fc.nat(), (given, at) => {
      const { nonce, serverName, accountId, deviceId, expiryMs } = given;
      const statement = statementOf(given);
      const proof = signLogin({ dskSeed: seed, ...given });
      assert.ok(verify(publicKey, 'login', statement, proof));
      for (const change of [
        { nonce: flipBit(nonce, at) },
        { serverName: `x${serverName}` },
        { serverName: serverName.slice(1) },
        { accountId: flipBit(accountId, at) },
        { deviceId: (deviceId ^ (1 << (at % 32))) >>> 0 },
        { expiryMs: expiryMs + 2 ** (at % 48) },
      ]) {
        const other = signLogin({ dskSeed: seed, ...given, ...change });
        assert.ok(!verify(publicKey, 'login', statement, other), Object.keys(change).join());
      }
    }),
    { numRuns: 40 },
  );
});

test('a nonce or an account id of another length is not signed', () => {
  const { seed } = newSigningKey();
  const given = { dskSeed: seed, serverName: 'a.example', deviceId: 7, expiryMs: 1 };
  const [nonce, accountId] = [randomBytes(32), randomBytes(16)];
  for (const length of [0, 15, 17, 31, 33]) {
    assert.throws(() => signLogin({ ...given, accountId, nonce: randomBytes(length) }), RangeError);
    assert.throws(() => signLogin({ ...given, nonce, accountId: randomBytes(length) }), RangeError);
  }
});

/**
 * @param {{ nonce: Uint8Array, serverName: string, accountId: Uint8Array, deviceId: number, expiryMs: number }} given
 */
function statementOf({ nonce, serverName, accountId, deviceId, expiryMs }) {
  const name = utf8(serverName);
  return new Writer().bytes(nonce).lp16(name).bytes(accountId).u32(deviceId).u64(expiryMs).finish();
}
