import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { flipBit } from '../../../test/flip-bit.js';
import { listOf, newAccount, newDevice, T0 } from '../../../test/people.js';
import {
  assertCurrent,
  assertSuccessor,
  decodeDeviceList,
  relateCarried,
  signDeviceEntry,
  signDeviceList,
} from './device-list.js';
import { sha256 } from './hash.js';
import { ready } from './sodium.js';

before(ready);
const refused = { code: 'E_DLC' };

test('a list of one device has 300 bytes and says what was signed', () => {
  const account = newAccount();
  const device = newDevice(account);
  const list = listOf(account, [device]);
  assert.equal(list.bytes.length, 300);
  assert.deepEqual(list.hash, sha256(list.bytes));
  assert.deepEqual(list.devices, [device.entry]);
  assert.equal(
    listOf(
      account,
      Array.from({ length: 8 }, () => newDevice(account)),
    ).bytes.length,
    159 + 8 * 141,
  );
});

test('a change in any byte is refused', () => {
  const account = newAccount();
  const { bytes } = listOf(account, [newDevice(account), newDevice(account)]);
  for (let at = 0; at < bytes.length; at++) {
    assert.throws(() => decodeDeviceList(flipBit(bytes, at)), refused, `byte ${at}`);
  }
});

test('a device twice, an unknown flag and a list of nine are refused although they are signed', () => {
  const account = newAccount();
  const device = newDevice(account);
  const sign = (/** @type {import('./device-list.js').DeviceEntry[]} */ devices) =>
    signDeviceList({ aikSeed: account.aikSeed, listVersion: 1, issuedMs: T0, devices });
  assert.throws(() => decodeDeviceList(sign([device.entry, device.entry])), refused);
  for (let flags = 4; flags <= 0xff; flags++) {
    const entry = signDeviceEntry({ ...device.identity, dskSeed: device.dskSeed, addedMs: T0, flags });
    assert.throws(() => decodeDeviceList(sign([entry])), refused, `flags ${flags}`);
  }
  assert.throws(() => sign(Array(9).fill(device.entry)), RangeError);
});

test('a device entry of another account is refused', () => {
  const account = newAccount();
  const foreign = newDevice(newAccount());
  assert.throws(() => listOf(account, [foreign]), refused);
});

test('only the next version that names the hash of the known one is a successor', () => {
  const account = newAccount();
  const a = newDevice(account);
  const first = listOf(account, [a]);
  const second = listOf(account, [a, newDevice(account)], first);
  const third = listOf(account, [a], second);
  const fork = listOf(account, [a, newDevice(account)], first);
  assertSuccessor(first, second);
  assert.throws(() => assertSuccessor(first, third), refused);
  assert.throws(() => assertSuccessor(fork, third), refused);
  assert.throws(() => assertSuccessor(second, first), refused);
  assertCurrent(second, second);
  assertCurrent(second, third);
  assert.throws(() => assertCurrent(first, third), refused);
  assert.throws(() => assertCurrent(second, fork), refused);
  assert.throws(() => assertCurrent(third, second), refused);
});

test('a carried list may be older, next or far ahead, but never contradict the known one', () => {
  const account = newAccount();
  const stays = newDevice(account);
  const goes = newDevice(account);
  const first = listOf(account, [stays, goes]);
  const second = listOf(account, [stays], first);
  const third = listOf(account, [stays], second);
  const fork = listOf(account, [stays, newDevice(account)], first);
  const forkNext = listOf(account, [stays], fork);
  assert.equal(relateCarried(null, third, stays.entry), 'first');
  assert.equal(relateCarried(second, first, stays.entry), 'older');
  assert.equal(relateCarried(second, first, goes.entry), 'unlisted');
  assert.equal(relateCarried(second, second, stays.entry), 'same');
  assert.equal(relateCarried(second, third, stays.entry), 'next');
  assert.equal(relateCarried(first, third, stays.entry), 'jump');
  assert.throws(() => relateCarried(second, fork, stays.entry), refused);
  assert.throws(() => relateCarried(second, forkNext, stays.entry), refused);
  const other = newAccount();
  const stranger = newDevice(other);
  assert.throws(() => relateCarried(second, listOf(other, [stranger]), stranger.entry), refused);
});
