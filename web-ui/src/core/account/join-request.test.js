import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { listOf, newAccount, newDevice } from '../../../test/people.js';
import { ApiError } from '../api/errors.js';
import { fromBase64url } from '../crypto/bytes.js';
import { assertSuccessor, decodeDeviceList, deviceOf } from '../crypto/device-list.js';
import { ready } from '../crypto/sodium.js';
import { Disk, MemoryDatabase } from '../model/memory-database.js';
import { joinRequest, newestOwnList, putUntilListed } from './join-request.js';
import { putKeyRows } from './key-rows.js';
import { makeDevice } from './new-device.js';
import { entryOf, listWith, ownPin } from './own-list.js';

/** @typedef {import('../crypto/device-list.js').DeviceList} DeviceList */

const NOW = 1_800_000_000_000;

before(ready);

/** Compares and swaps, as MP2P/1 §20 says, and remembers what was signed. */
class Lists {
  /** @type {DeviceList[]} */
  lists;
  /** Each request. @type {DeviceList[]} */
  tried = [];
  /** Happens once, when a request has come and before it is served. @type {(() => void) | null} */
  onPut = null;
  /** Says 409 whatever comes. */
  lies = false;

  /** @param {DeviceList[]} lists */
  constructor(lists) {
    this.lists = lists;
  }

  get newest() {
    return /** @type {DeviceList} */ (this.lists.at(-1));
  }

  async deviceLists(/** @type {Uint8Array} */ _, /** @type {number} */ from) {
    return this.lists.slice(from - 1).map(({ bytes }) => bytes);
  }

  async putDevices(/** @type {string} */ json) {
    const list = decodeDeviceList(fromBase64url(JSON.parse(json).dlc));
    this.tried.push(list);
    const onPut = this.onPut;
    this.onPut = null;
    onPut?.();
    if (String(this.newest.hash) === String(list.hash)) return list.listVersion;
    if (this.lies || list.listVersion !== this.newest.listVersion + 1)
      throw new ApiError(409, 'list-version');
    assertSuccessor(this.newest, list);
    this.lists.push(list);
    return list.listVersion;
  }

  /** Another device of the account changes the list. @param {any} account @param {any[]} devices */
  grow(account, devices) {
    this.lists.push(listOf(account, devices, this.newest));
  }
}

/** An account with a list of version 3, and a device that has committed its request to join. */
async function joining() {
  const account = newAccount();
  const first = newDevice(account);
  const lists = new Lists([]);
  for (let version = 1; version <= 3; version++) lists.grow(account, [first]);
  const { deviceId, dsk, dhk, prekeys } = makeDevice(NOW);
  const entry = entryOf({ ...account, deviceId, dsk, dhk }, NOW);
  const next = listWith({ list: lists.newest, aikSeed: account.aikSeed, entry, left: [], nowMs: NOW });
  const items = { pins: [ownPin(lists.newest)], left: [] };
  const entered = /** @type {import('./join-request.js').Entered} */ (
    /** @type {unknown} */ ({
      ...account,
      api: lists,
      items,
      pendingToken: '',
      vrk: new Uint8Array(32),
      vault: new Uint8Array(1),
    })
  );
  const db = new MemoryDatabase(new Disk());
  await db.commit((tx) =>
    putKeyRows(tx, {
      device: { dsk, dhk, aik: account.aik, joined: true, formerDeviceIds: [], mailboxTtlDays: 30 },
      vault: /** @type {any} */ ({}),
      list: next.bytes,
      attempt: joinRequest(next, []),
    }),
  );
  assert.equal(prekeys.length, 142);
  return { account, first, lists, entered, deviceId, put: () => putUntilListed(entered, db, deviceId) };
}

test('a server that says for ever that the list has changed gets one list of that version', async () => {
  const { lists, put } = await joining();
  lists.lies = true;
  await assert.rejects(put(), { status: 409 });

  assert.equal(lists.tried.length, 6);
  assert.equal(new Set(lists.tried.map(({ hash }) => String(hash))).size, 1);
});

test('a list that has changed is signed over, as the version after it', async () => {
  const { account, first, lists, deviceId, put } = await joining();
  lists.onPut = () => lists.grow(account, [first, newDevice(account)]);
  await put();

  assert.deepEqual(
    lists.tried.map(({ listVersion }) => listVersion),
    [4, 5],
  );
  assert.equal(lists.newest.devices.length, 3);
  assert.ok(deviceOf(lists.newest, deviceId));
});

test('a request whose answer was lost is sent again as it was, or not at all once the list has gone on', async () => {
  const { account, lists, put } = await joining();
  await put();
  await put();
  assert.equal(new Set(lists.tried.map(({ hash }) => String(hash))).size, 1);

  lists.lists.push(
    listOf(
      account,
      lists.newest.devices.map((entry) => /** @type {any} */ ({ entry })),
      lists.newest,
    ),
  );
  await put();
  assert.equal(lists.tried.length, 2);
});

test('in every round the list is checked against what was signed over, and against the own pin', async () => {
  const forked = await joining();
  forked.lists.onPut = () => {
    const { account, first, lists } = forked;
    lists.lists.splice(2);
    lists.grow(account, [first, newDevice(account)]);
    lists.grow(account, [first]);
  };
  await assert.rejects(forked.put(), { code: 'E_DLC' });
  assert.equal(forked.lists.tried.length, 1);

  const behind = await joining();
  const { account, first, lists, entered } = behind;
  const ahead = listOf(account, [first], listOf(account, [first], lists.newest));
  entered.items.pins = [ownPin(ahead)];
  await assert.rejects(behind.put(), { code: 'E_DLC' });
  assert.equal(lists.tried.length, 0, 'nothing is asked of a server that has gone back');
});

test('a kept list and the own pin count both, whichever is newer', async () => {
  const { account, first, lists, entered } = await joining();
  const [, second, third] = /** @type {[DeviceList, DeviceList, DeviceList]} */ (lists.lists);
  const other = listOf(account, [first, newDevice(account)], lists.lists[0]);
  const known = (/** @type {DeviceList} */ pinned, /** @type {DeviceList} */ kept) => {
    entered.items.pins = [ownPin(pinned)];
    return newestOwnList(entered, kept);
  };

  assert.equal((await known(second, third)).listVersion, 3);
  assert.equal((await known(third, second)).listVersion, 3);
  await assert.rejects(known(other, third), { code: 'E_DLC' });
  await assert.rejects(known(third, other), { code: 'E_DLC' });
});
