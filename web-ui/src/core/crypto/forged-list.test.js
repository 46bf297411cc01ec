import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { listOf, newAccount, newDevice, T0 } from '../../../test/people.js';
import { concat, Writer } from './bytes.js';
import {
  assertCurrent,
  assertSuccessor,
  decodeDeviceList,
  deviceOf,
  ForkedLists,
  signDeviceEntry,
  signDeviceList,
} from './device-list.js';
import { sign } from './keys.js';
import { SIGN } from './labels.js';
import { ready } from './sodium.js';

/** Lists whose signatures are all good and that are refused all the same, MP2P/1 §2. */

before(ready);

const refused = { code: 'E_DLC' };

/**
 * A list as somebody signs it who does not keep to the rules.
 * @param {import('../../../test/people.js').Account} account whose key signs
 * @param {{ accountId?: Uint8Array, listVersion?: number, prevHash?: Uint8Array, deviceIds?: number[] }} forged
 */
function forge(account, { accountId, listVersion = 1, prevHash, deviceIds = [5] }) {
  const claimed = accountId ?? account.accountId;
  const entries = deviceIds.map((deviceId) => {
    const { identity, dskSeed } = newDevice(account);
    const device = { ...identity, accountId: claimed, deviceId, addedMs: T0, flags: 1 };
    const { sig } = signDeviceEntry({ ...device, dskSeed });
    const entry = new Writer().u32(deviceId).bytes(device.dsk).bytes(device.dhk).u64(T0).u8(1);
    return entry.bytes(sig).finish();
  });
  const head = new Writer().u8(1).u8(1).fixed(claimed, 16).fixed(account.aik, 32).u32(listVersion).u64(T0);
  head.fixed(prevHash ?? new Uint8Array(32), 32).u8(entries.length);
  const statement = concat(head.finish(), ...entries);
  return concat(statement, sign(account.aikSeed, SIGN.deviceList, statement));
}

test('what is forged here is a good list but for what is changed', () => {
  assert.equal(decodeDeviceList(forge(newAccount(), {})).devices[0]?.deviceId, 5);
  const eight = Array.from({ length: 8 }, (_, i) => i + 1);
  assert.equal(decodeDeviceList(forge(newAccount(), { deviceIds: eight })).devices.length, 8);
});

test('nobody signs a list for the id of another account', () => {
  const victim = newAccount();
  assert.throws(() => decodeDeviceList(forge(newAccount(), { accountId: victim.accountId })), refused);
});

test('a list of version 0, of no device, of nine devices or with a device 0 is refused', () => {
  const account = newAccount();
  assert.throws(() => decodeDeviceList(forge(account, { listVersion: 0 })), refused);
  assert.throws(() => decodeDeviceList(forge(account, { deviceIds: [] })), refused);
  assert.throws(() => decodeDeviceList(forge(account, { deviceIds: [1, 2, 3, 4, 5, 6, 7, 8, 9] })), refused);
  assert.throws(() => decodeDeviceList(forge(account, { deviceIds: [0] })), refused);
  const none = { aikSeed: account.aikSeed, listVersion: 1, issuedMs: T0, devices: [] };
  assert.throws(() => signDeviceList(none), RangeError);
});

test('another identity key follows no list, though it names version and hash', () => {
  const account = newAccount();
  const first = listOf(account, [newDevice(account)]);
  const next = { listVersion: 2, prevHash: first.hash };
  assertSuccessor(first, decodeDeviceList(forge(account, next)));
  const taken = decodeDeviceList(forge(newAccount(), next));
  assert.throws(() => assertSuccessor(first, taken), refused);
});

test('a version that names the right hash and leaves a number out is no successor', () => {
  const account = newAccount();
  const first = listOf(account, [newDevice(account)]);
  const third = decodeDeviceList(forge(account, { listVersion: 3, prevHash: first.hash }));
  assert.throws(() => assertSuccessor(first, third), refused);
});

test('two lists of one version are a fork only under one identity key', () => {
  const account = newAccount();
  const known = listOf(account, [newDevice(account)]);
  assert.throws(() => assertCurrent(known, listOf(account, [newDevice(account)])), ForkedLists);
  const stranger = newAccount();
  const other = listOf(stranger, [newDevice(stranger)]);
  const notForked = (/** @type {Error & { code?: string }} */ error) =>
    error.code === 'E_DLC' && !(error instanceof ForkedLists);
  assert.throws(() => assertCurrent(known, other), notForked);
});

test('the entry of a device is its own, and a list does not change with the bytes it came in', () => {
  const account = newAccount();
  const devices = [newDevice(account), newDevice(account)];
  const { bytes } = listOf(account, devices);
  const before = bytes.slice();
  const list = decodeDeviceList(bytes);
  for (const { identity, entry } of devices) assert.deepEqual(deviceOf(list, identity.deviceId), entry);
  bytes.fill(0);
  assert.deepEqual(list.bytes, before);
});
