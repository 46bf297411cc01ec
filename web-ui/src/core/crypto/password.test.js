import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { utf8 } from './bytes.js';
import { argon2id, assertKdfParameters, deriveKeys, passwordSalt, preHash } from './password.js';
import { ready } from './sodium.js';

before(ready);

const salt = new Uint8Array(16).fill(3);

test('two ways to type one password are one password', () => {
  assert.deepEqual(preHash('Ame\u0301lie ﬁne'), preHash('Am\u00e9lie fine'));
  assert.deepEqual(preHash(utf8('correct horse')), preHash('correct horse'));
  assert.notDeepEqual(preHash('correct horse'), preHash('correct Horse'));
});

test('the salt belongs to one server and one user', () => {
  const of = passwordSalt('chat.example.org', 'alice', salt);
  assert.equal(of.length, 16);
  assert.deepEqual(passwordSalt('chat.example.org', 'ALICE', salt), of);
  assert.notDeepEqual(passwordSalt('evil.example.org', 'alice', salt), of);
  assert.notDeepEqual(passwordSalt('chat.example.org', 'alicia', salt), of);
  assert.notDeepEqual(passwordSalt('chat.example.org', 'alice', new Uint8Array(16)), of);
});

test('parameters below the floor or above the ceiling are refused before anything is derived', () => {
  const refused = { code: 'E_KDF' };
  const hash = preHash('x');
  for (const [m, t] of [
    [65_535, 3],
    [65_536, 2],
    [1_048_577, 3],
    [65_536, 17],
    [65_536.5, 3],
    [Number.NaN, 3],
  ]) {
    assert.throws(() => argon2id(hash, salt, /** @type {number} */ (m), /** @type {number} */ (t)), refused);
  }
  assert.throws(() => assertKdfParameters({ mKib: 65_536, t: 3, p: 2 }), refused);
  assertKdfParameters({ mKib: 1_048_576, t: 16, p: 1 });
});

test('the three keys of one master key differ', () => {
  const { authSecret, vaultKek, localKek } = deriveKeys(new Uint8Array(32));
  const texts = [authSecret, vaultKek, localKek].map(String);
  assert.equal(new Set(texts).size, 3);
});
