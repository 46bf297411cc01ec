import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { listOf, newAccount, newDevice } from '../../../test/people.js';
import { decodeDeviceList } from '../crypto/device-list.js';
import { ready } from '../crypto/sodium.js';
import { loadAccount } from './account.js';

before(ready);

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('of two updates of the own list that overlap the older answer does not come last', async () => {
  const identity = newAccount();
  const device = newDevice(identity);
  /** @type {import('../crypto/device-list.js').DeviceList[]} */
  const lists = [];
  while (lists.length < 3) lists.push(listOf(identity, [device], lists.at(-1)));
  /** @type {number[]} versions in the order in which they came to disk */
  const stored = [];
  const db = {
    getMany: async () => [
      {
        ...device,
        dsk: { seed: device.dskSeed },
        aik: identity.aik,
        formerDeviceIds: [],
        mailboxTtlDays: 30,
      },
      { blob: new Uint8Array(), items: {} },
      { bytes: lists[0]?.bytes },
    ],
    async commit(/** @type {(tx: any) => void} */ work) {
      await turn();
      await turn();
      work({
        put: (/** @type {string} */ _store, /** @type {string[]} */ _key, /** @type {any} */ { bytes }) =>
          stored.push(decodeDeviceList(bytes).listVersion),
      });
    },
  };
  const parts = {
    db,
    device: device.identity,
    origin: '',
    clocks: { now: () => 0, elapsed: () => 0 },
    onRevoked: assert.fail,
  };
  const account = await loadAccount(/** @type {any} */ (parts));
  account.updateVault = async () => {};
  let calls = 0;
  const deviceLists = async (/** @type {Uint8Array} */ _account, /** @type {number} */ from) => {
    calls += 1;
    const isFirst = calls === 1;
    if (isFirst) await turn(); // an answer that takes its time
    return lists.slice(from - 1, isFirst ? 2 : 3).map(({ bytes }) => bytes);
  };
  Object.assign(account.api, { deviceLists });

  await Promise.all([account.updateOwnDeviceList(), account.updateOwnDeviceList()]);

  assert.equal(account.listVersion, 3);
  assert.deepEqual(stored, [2, 3]);
});

test('who asks for the vault while it is asked for shares the answer, and an upkeep may use it', async () => {
  const identity = newAccount();
  const device = newDevice(identity);
  const list = listOf(identity, [device]);
  const keys = {
    ...device,
    dsk: { seed: device.dskSeed },
    aik: identity.aik,
    formerDeviceIds: [],
    mailboxTtlDays: 30,
  };
  const account = await loadAccount(
    /** @type {any} */ ({
      db: { getMany: async () => [keys, { blob: new Uint8Array(), items: {} }, { bytes: list.bytes }] },
      device: device.identity,
      origin: '',
      clocks: { now: () => 0, elapsed: () => 0 },
      onRevoked: assert.fail,
    }),
  );
  const [newest, nothing] = [async () => account.deviceList, async () => {}];
  Object.assign(account, {
    updateOwnDeviceList: newest,
    replenishPrekeys: nothing,
    putDeliveryToken: nothing,
  });
  let asked = 0;
  Object.assign(account.api, {
    async vault() {
      asked += 1;
      throw new Error('down');
    },
  });

  const both = [account.askVault(), account.askVault()];
  assert.deepEqual(await Promise.all(both), [false, false]);
  assert.equal(asked, 1);
  await account.upkeep(Promise.resolve(true));
  assert.equal(asked, 1);
  await assert.rejects(account.upkeep(both[0]), /down/);
  assert.equal(asked, 2, 'of no answer there is none to use');
});
