import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { flipBit } from '../../../test/flip-bit.js';
import fc from '../../../test/seeded.js';
import { concat, Reader, toBase64url, utf8, Writer } from './bytes.js';
import { sha256 } from './hash.js';
import { SEAL } from './labels.js';
import { randomBytes } from './random.js';
import { seal } from './seal.js';
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

test('wraps of the root key of another length are E_FORMAT, whoever made them', () => {
  const { bytes, vrk } = newVault({ recoveryKey: randomBytes(32) });
  const [whead, rest] = [bytes.subarray(0, 30), bytes.subarray(30 + 2 + 104 + 2 + 104)];
  const wrapped = (/** @type {number} */ w1, /** @type {number} */ w2) =>
    new Writer().bytes(whead).lp16(new Uint8Array(w1)).lp16(new Uint8Array(w2)).bytes(rest).finish();
  for (const w2 of [0, 104]) assert.equal(vaultGenerations(wrapped(104, w2)).vrkGen, 1);
  for (const [w1, w2] of /** @type {const} */ ([
    [0, 0],
    [103, 104],
    [105, 0],
    [104, 1],
    [104, 103],
    [104, 105],
    [0, 103],
  ])) {
    const broken = wrapped(w1, w2);
    assert.throws(() => vaultGenerations(broken), { code: 'E_FORMAT' }, `${w1} ${w2}`);
    assert.throws(() => openVaultByRootKey({ accountId, vrk }, broken), { code: 'E_FORMAT' });
  }
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

test('a change in any byte is refused', () => {
  const { bytes, vaultKek } = newVault();
  for (let at = 0; at < bytes.length; at += at < 300 ? 1 : 101) {
    assert.throws(
      () => openVault({ accountId, vaultKek, kdf }, flipBit(bytes, at)),
      { name: 'ProtocolError' },
      `byte ${at}`,
    );
  }
});

test('items in a frame that is not as it must be are E_FORMAT, although the root key sealed them', () => {
  const vault = newVault();
  const { vrk } = vault;
  const json = utf8(JSON.stringify(items));
  const frame = (/** @type {Uint8Array} */ bytes, length = bytes.length, size = 4096) => {
    const framed = new Uint8Array(size);
    framed.set(new Writer().u32(length).bytes(bytes).finish());
    return framed;
  };
  const opened = (/** @type {Uint8Array} */ framed) =>
    openVaultByRootKey({ accountId, vrk }, sealFrame(vault, framed)).items;
  assert.deepEqual(opened(frame(json)), items);
  assert.deepEqual(opened(frame(json, json.length, 8192)), items);
  const broken = [
    frame(json).with(4095, 1),
    frame(json).subarray(0, 4095),
    frame(json, json.length, 4097),
    frame(json, 4093),
    frame(json, 0xffffffff),
    frame(json, json.length - 1),
    frame(json, json.length + 1),
    frame(utf8(`\ufeff${JSON.stringify(items)}`)),
    frame(utf8('['.repeat(2000) + ']'.repeat(2000))),
    new Uint8Array(0),
    new Uint8Array(4096),
  ];
  for (const [number, framed] of broken.entries()) {
    assert.throws(() => opened(framed), { code: 'E_FORMAT' }, `frame ${number}`);
  }
  fc.assert(
    fc.property(fc.json({ maxDepth: 9 }), (text) => {
      assert.throws(() => opened(frame(utf8(text), undefined, 8192)), { code: 'E_FORMAT' });
    }),
    { numRuns: 50 },
  );
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

/**
 * The vault with other sealed items, of bytes that the vault itself would not write.
 * @param {{ bytes: Uint8Array, vrk: Uint8Array }} vault without recovery code
 * @param {Uint8Array} framed
 */
function sealFrame({ bytes, vrk }, framed) {
  const wraps = bytes.subarray(0, 30 + 2 + 104 + 2);
  const vhead = bytes.subarray(wraps.length, wraps.length + 5);
  return concat(wraps, vhead, seal(vrk, SEAL.vault, concat(accountId, sha256(wraps), vhead), framed));
}
