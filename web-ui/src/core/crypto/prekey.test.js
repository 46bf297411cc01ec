import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { flipBit } from '../../../test/flip-bit.js';
import { listOf, newAccount, newDevice, newPrekey, T0 } from '../../../test/people.js';
import { decodePrekey, isWeak, PREKEY, signPrekey, verifyBundleDevice, verifyPrekey } from './prekey.js';
import { ready } from './sodium.js';

before(ready);
const DAY = 86_400_000;

test('a record of each kind verifies under the device that signed it', () => {
  const device = newDevice(newAccount());
  const { dsk, accountId, deviceId } = device.identity;
  for (const kind of Object.values(PREKEY)) {
    const { own, record } = newPrekey(device, kind);
    const prekey = verifyPrekey(record, dsk, accountId, deviceId);
    assert.deepEqual(
      [prekey.kind, prekey.keyId, prekey.createdMs, prekey.publicKey],
      [kind, own.keyId, T0, own.publicKey],
    );
    assert.throws(() => verifyPrekey(record, dsk, accountId, (deviceId ^ 1) >>> 0), { code: 'E_AUTH' });
  }
});

test('a change in any byte of a record is refused', () => {
  const device = newDevice(newAccount());
  const { dsk, accountId, deviceId } = device.identity;
  const { record } = newPrekey(device, PREKEY.SIGNED);
  for (let at = 0; at < record.length; at++) {
    assert.throws(() => verifyPrekey(flipBit(record, at), dsk, accountId, deviceId), {
      name: 'ProtocolError',
    });
  }
});

test('a bundle is refused when a key is swapped, stale, of another kind or of an unlisted device', () => {
  const account = newAccount();
  const device = newDevice(account);
  const list = listOf(account, [device]);
  const { deviceId } = device.identity;
  const spk = newPrekey(device, PREKEY.SIGNED).record;
  const opk = newPrekey(device, PREKEY.ONE_TIME).record;
  const pq = newPrekey(device, PREKEY.KEM_ONE_TIME).record;
  const last = newPrekey(device, PREKEY.KEM_LAST_RESORT).record;
  const foreign = newPrekey(newDevice(account), PREKEY.ONE_TIME).record;

  assert.equal(verifyBundleDevice(list, { deviceId, spk, opk, pq }, T0).weakFs, false);
  assert.equal(verifyBundleDevice(list, { deviceId, spk, pq }, T0).weakFs, true);
  assert.equal(verifyBundleDevice(list, { deviceId, spk, opk, pq: last }, T0).weakFs, true);
  assert.equal(verifyBundleDevice(list, { deviceId, spk, opk, pq }, T0 + 46 * DAY).weakFs, true);
  assert.throws(() => verifyBundleDevice(list, { deviceId, spk, opk: foreign, pq }, T0), { code: 'E_AUTH' });
  assert.throws(() => verifyBundleDevice(list, { deviceId, spk: opk, pq }, T0), { code: 'E_FORMAT' });
  assert.throws(() => verifyBundleDevice(list, { deviceId, spk, pq: opk }, T0), { code: 'E_FORMAT' });
  assert.throws(() => verifyBundleDevice(list, { deviceId: (deviceId ^ 1) >>> 0, spk, pq }, T0), {
    code: 'E_DLC',
  });
  assert.throws(() => verifyBundleDevice(list, { deviceId, spk, pq }, T0 + 181 * DAY), { code: 'E_STATE' });
  assert.throws(() => verifyBundleDevice(list, { deviceId, spk, pq }, T0 - 2 * DAY), { code: 'E_STATE' });
});

test('no prekey has the id 0, neither one that is signed nor one that is read', () => {
  const device = newDevice(newAccount());
  const { accountId, deviceId } = device.identity;
  const { own, record } = newPrekey(device, PREKEY.SIGNED);
  const nameless = { dskSeed: device.dskSeed, accountId, deviceId, kind: PREKEY.SIGNED, ...own, keyId: 0 };
  assert.throws(() => signPrekey(nameless), RangeError);
  const zeroed = record.slice();
  zeroed.fill(0, 1, 5);
  assert.throws(() => decodePrekey(zeroed), { code: 'E_FORMAT' });
});

test('a record that was read does not change with the bytes it came in', () => {
  const { record } = newPrekey(newDevice(newAccount()), PREKEY.SIGNED);
  const read = decodePrekey(record);
  const before = record.slice();
  record.fill(0);
  assert.deepEqual(read.bytes, before);
});

test('a prekey is taken up to exactly 180 days old, and up to a day from the future', () => {
  const account = newAccount();
  const device = newDevice(account);
  const { deviceId } = device.identity;
  const offered = {
    deviceId,
    spk: newPrekey(device, PREKEY.SIGNED).record,
    pq: newPrekey(device, PREKEY.KEM_ONE_TIME).record,
  };
  const at = (/** @type {number} */ nowMs) => verifyBundleDevice(listOf(account, [device]), offered, nowMs);
  assert.ok(at(T0 + 180 * DAY));
  assert.throws(() => at(T0 + 180 * DAY + 1), { code: 'E_STATE' });
  assert.ok(at(T0 - DAY));
  assert.throws(() => at(T0 - DAY - 1), { code: 'E_STATE' });
});

test('one prekey of more than 45 days makes a session weak, of either kind', () => {
  const weak = (/** @type {number} */ spkAge, /** @type {number} */ pqAge) =>
    isWeak({ createdMs: T0 - spkAge }, true, { kind: PREKEY.KEM_ONE_TIME, createdMs: T0 - pqAge }, T0);
  assert.equal(weak(45 * DAY, 45 * DAY), false);
  assert.equal(weak(45 * DAY + 1, 0), true);
  assert.equal(weak(0, 45 * DAY + 1), true);
});
