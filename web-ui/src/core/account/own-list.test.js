import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { listOf, newAccount, newDevice } from '../../../test/people.js';
import { ready } from '../crypto/sodium.js';
import { fetchChecked, fetchNewest } from './own-list.js';

/** @typedef {import('../crypto/device-list.js').DeviceList} DeviceList */

before(ready);

/** A chain of one account, and another one that leaves it after version `at`. */
function chains(/** @type {{ length: number, at: number }} */ { length, at }) {
  const account = newAccount();
  const device = newDevice(account);
  const other = newDevice(account);
  const grow = (/** @type {DeviceList[]} */ lists, /** @type {any[]} */ devices) => {
    while (lists.length < length) lists.push(listOf(account, devices, lists.at(-1)));
    return lists;
  };
  const straight = grow([], [device]);
  return { account, straight, fork: grow(straight.slice(0, at), [device, other]) };
}

/** @param {DeviceList[]} lists */
function serving(lists) {
  const calls = /** @type {(number | undefined)[]} */ ([]);
  return {
    calls,
    async deviceLists(/** @type {Uint8Array} */ _, /** @type {number} */ from) {
      calls.push(from);
      const found = from === undefined ? lists.slice(-1) : lists.slice(from - 1, from + 99);
      return found.map(({ bytes }) => bytes);
    },
  };
}

const refused = { code: 'E_DLC' };

test('the newest list is reached over pages by links alone', async () => {
  const { account, straight } = chains({ length: 230, at: 0 });
  const api = serving(straight);

  const newest = await fetchChecked(api, { ...account, known: [/** @type {DeviceList} */ (straight[4])] });

  assert.equal(newest.listVersion, 230);
  assert.deepEqual(api.calls, [5, 105, 205]);
});

test('a server that gives the same full page again and again is refused', async () => {
  const { straight } = chains({ length: 101, at: 0 });
  const known = /** @type {DeviceList} */ (straight[0]);
  for (const page of [
    straight.slice(0, 100),
    Array(100).fill(known),
    [...straight.slice(0, 99), straight[0]],
  ]) {
    let calls = 0;
    const api = {
      async deviceLists() {
        calls += 1;
        assert.ok(calls < 10, 'asked for ever');
        return page.map(({ bytes }) => bytes);
      },
    };
    await assert.rejects(fetchNewest(/** @type {any} */ (api), known), refused);
  }
});

test('everything known counts: a chain that fits one of two known versions and not the other is refused', async () => {
  const { account, straight, fork } = chains({ length: 6, at: 3 });
  const [kept, later] = /** @type {[DeviceList, DeviceList]} */ ([straight[1], straight[4]]);
  for (const known of [
    [kept, later],
    [later, kept],
  ]) {
    assert.equal((await fetchChecked(serving(straight), { ...account, known })).listVersion, 6);
    await assert.rejects(fetchChecked(serving(fork), { ...account, known }), refused);
    await assert.rejects(fetchChecked(serving(straight.slice(0, 4)), { ...account, known }), refused);
  }
  assert.equal((await fetchChecked(serving(fork), { ...account, known: [kept] })).listVersion, 6);
});

test('a version that is left out, another identity and an empty answer are refused', async () => {
  const { account, straight } = chains({ length: 4, at: 0 });
  const known = [/** @type {DeviceList} */ (straight[0])];
  for (const lists of [
    straight.toSpliced(0, 1),
    straight.toSpliced(1, 1),
    chains({ length: 2, at: 0 }).straight,
    [],
  ])
    await assert.rejects(fetchChecked(serving(lists), { ...account, known }), refused);
});

test('of a list of which nothing is known the newest is taken', async () => {
  const { account, straight } = chains({ length: 3, at: 0 });

  assert.equal((await fetchChecked(serving(straight), { ...account, known: [] })).listVersion, 3);
});
