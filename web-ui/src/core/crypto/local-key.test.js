import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import {
  unwrapLocalKey,
  unwrapLocalKeyByUnlockKey,
  wrapLocalKey,
  wrapLocalKeyByUnlockKey,
} from './local-key.js';
import { randomBytes } from './random.js';
import { ready } from './sodium.js';

before(ready);

const where = { accountId: new Uint8Array(16).fill(1), deviceId: 7 };
const refused = { code: 'E_AUTH' };

test('the password opens the local key of this device, account and salt alone', () => {
  const [localKek, ldk] = [randomBytes(32), randomBytes(32)];
  const place = { ...where, serverSalt: new Uint8Array(16).fill(2) };
  const wrapped = wrapLocalKey({ localKek, ldk, ...place });
  assert.deepEqual(unwrapLocalKey({ localKek, wrapped, ...place }), ldk);
  assert.throws(() => unwrapLocalKey({ localKek: randomBytes(32), wrapped, ...place }), refused);
  assert.throws(() => unwrapLocalKey({ localKek, wrapped, ...place, deviceId: 8 }), refused);
  assert.throws(
    () => unwrapLocalKey({ localKek, wrapped, ...place, accountId: new Uint8Array(16) }),
    refused,
  );
  assert.throws(
    () => unwrapLocalKey({ localKek, wrapped, ...place, serverSalt: new Uint8Array(16) }),
    refused,
  );
});

test('the unlock key opens the wrap of its generation alone, and never the wrap of the password', () => {
  const [unlockKey, ldk] = [randomBytes(32), randomBytes(32)];
  const wrapped = wrapLocalKeyByUnlockKey({ unlockKey, ldk, ...where, gen: 3 });
  assert.deepEqual(unwrapLocalKeyByUnlockKey({ unlockKey, wrapped, ...where, gen: 3 }), ldk);
  assert.throws(() => unwrapLocalKeyByUnlockKey({ unlockKey, wrapped, ...where, gen: 4 }), refused);
  const serverSalt = new Uint8Array(16);
  assert.throws(() => unwrapLocalKey({ localKek: unlockKey, wrapped, ...where, serverSalt }), refused);
});
