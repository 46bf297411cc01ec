import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { listOf, newAccount, newDevice } from '../../../test/people.js';
import { ForkedLists, relatePinned } from './device-list.js';
import { ready } from './sodium.js';

before(ready);

/** Four versions of a list; the pin knows the second. */
function lists() {
  const account = newAccount();
  const device = newDevice(account);
  /** @type {import('./device-list.js').DeviceList[]} */
  const chain = [];
  for (let version = 1; version <= 4; version++) chain.push(listOf(account, [device], chain.at(-1)));
  const [first, second, third, fourth] = chain;
  assert.ok(first && second && third && fourth);
  const pin = { listVersion: 2, listHash: second.hash };
  return { account, pin, first, second, third, fourth };
}

test('a carried list relates to a pin by version and hash', () => {
  const { pin, first, second, third, fourth } = lists();
  assert.equal(relatePinned(pin, first), 'unproven');
  assert.equal(relatePinned(pin, second), 'first');
  assert.equal(relatePinned(pin, third), 'next');
  assert.equal(relatePinned(pin, fourth), 'jump');
});

test('another list of the pinned version, or a next one that follows it, is a fork', () => {
  const { account, pin, first } = lists();
  const second = listOf(account, [newDevice(account)], first);
  const third = listOf(account, [newDevice(account)], second);
  for (const other of [second, third]) assert.throws(() => relatePinned(pin, other), ForkedLists);
});
