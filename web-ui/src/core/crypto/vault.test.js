import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { flipBit } from '../../../test/flip-bit.js';
import { concat, Reader, toBase64url } from './bytes.js';
import { randomBytes } from './random.js';
import { ready } from './sodium.js';
import {
  createVault,
  openVault,
  openVaultByRecoveryKey,
  openVaultByRootKey,
  reseal,
  vaultGenerations,
} from './vault.js';

before(ready);

const accountId = new Uint8Array(16).fill(9);
const kdf = { mKib: 65_536, t: 3, serverSalt: new Uint8Array(16).fill(4) };
const key = toBase64url(new Uint8Array(32).fill(5));
const id = toBase64url(new Uint8Array(16).fill(6));

const items = {
  aik_seed: key,
  delivery_key: key,
  backup_keys: [{ gen: 1, key }],
  unlock_keys: [{ gen: 1, key, added_ms: 5 }],
  left: [7],
  pins: [
    {
      account_id: id,
      aik: key,
      state: /** @type {const} */ ('accepted'),
      they_accepted: false,
      verified: false,
      list_version: 2,
      dlc_hash: key,
      at: 5,
    },
  ],
  settings: { theme: { colour: 'dark' } },
};

function newVault(more = {}) {
  const vaultKek = randomBytes(32);
  return { vaultKek, ...createVault({ accountId, vaultKek, kdf, items, ...more }) };
}

test('the password opens what was put in, and the root key does too', () => {
  const { bytes, vaultKek, vrk } = newVault();
  const opened = openVault({ accountId, vaultKek, kdf }, bytes);
  assert.deepEqual(opened, { vrk, vrkGen: 1, vaultVersion: 1, kdf: { ...kdf, p: 1 }, items });
  assert.deepEqual(openVaultByRootKey({ accountId, vrk }, bytes), opened);
  assert.throws(() => openVault({ accountId, vaultKek: randomBytes(32), kdf }, bytes), { code: 'E_AUTH' });
  assert.throws(() => openVault({ accountId: new Uint8Array(16), vaultKek, kdf }, bytes), { code: 'E_AUTH' });
});

test('without recovery code there is no second wrap, with one it opens too', () => {
  const { bytes } = newVault();
  assert.equal(wrapLengths(bytes).w2, 0);
  assert.throws(() => openVaultByRecoveryKey({ accountId, recoveryKey: randomBytes(32) }, bytes), {
    code: 'E_FORMAT',
  });
  const recoveryKey = randomBytes(32);
  const recoverable = newVault({ recoveryKey });
  assert.equal(wrapLengths(recoverable.bytes).w2, 104);
  assert.deepEqual(
    openVaultByRecoveryKey({ accountId, recoveryKey }, recoverable.bytes).vrk,
    recoverable.vrk,
  );
});

test('the next version keeps both wraps as they are', () => {
  const { bytes, vaultKek, vrk } = newVault({ recoveryKey: randomBytes(32), vrkGen: 3, vaultVersion: 8 });
  const next = reseal({ accountId, vrk, items: { ...items, left: [] } }, bytes);
  const wraps = 30 + 2 + 104 + 2 + 104;
  assert.deepEqual(next.subarray(0, wraps), bytes.subarray(0, wraps));
  assert.deepEqual(vaultGenerations(next), { vrkGen: 3, vaultVersion: 9 });
  assert.deepEqual(openVault({ accountId, vaultKek, kdf }, next).items.left, []);
});

test('a vault that names other parameters than were used is E_KDF', () => {
  const { bytes, vaultKek } = newVault();
  const refused = { code: 'E_KDF' };
  assert.throws(() => openVault({ accountId, vaultKek, kdf: { ...kdf, t: 4 } }, bytes), refused);
  assert.throws(() => openVault({ accountId, vaultKek, kdf: { ...kdf, mKib: 131_072 } }, bytes), refused);
  assert.throws(() => createVault({ accountId, vaultKek, items, kdf: { ...kdf, t: 1 } }), refused);
});

test('the size says little: the sealed items are a multiple of 4096', () => {
  const sizes = [1, 200].map((n) => newVault({ items: { ...items, left: Array(n).fill(1) } }).bytes.length);
  assert.equal(sizes[0], sizes[1]);
  assert.equal((Number(sizes[0]) - (30 + 2 + 104 + 2 + 5) - 72) % 4096, 0);
});

test('every changed bit and every cut is refused', () => {
  const { bytes, vaultKek } = newVault();
  for (let at = 0; at < bytes.length; at += at < 300 ? 1 : 101) {
    assert.throws(
      () => openVault({ accountId, vaultKek, kdf }, flipBit(bytes, at)),
      { name: 'ProtocolError' },
      `byte ${at}`,
    );
    assert.throws(() => openVault({ accountId, vaultKek, kdf }, bytes.subarray(0, at)), {
      name: 'ProtocolError',
    });
  }
  assert.throws(() => openVault({ accountId, vaultKek, kdf }, concat(bytes, Uint8Array.of(0))), {
    code: 'E_AUTH',
  });
});

test('items that are not as they must be never get in', () => {
  const wrong = /** @type {any} */ ({ ...items, aik_seed: 'short' });
  assert.throws(() => newVault({ items: wrong }), { code: 'E_FORMAT' });
});

/** @param {Uint8Array} bytes */
function wrapLengths(bytes) {
  const reader = new Reader(bytes.subarray(30));
  return { w1: reader.lp16().length, w2: reader.lp16().length };
}
