import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { toHex } from './crypto/bytes.js';
import { PREKEY, signPrekey } from './crypto/prekey.js';
import { ready } from './crypto/sodium.js';
import { TestAccount, TestDevice } from './model/test-device.js';
import { inConversation, onlyChat } from './model/two-people.js';

before(ready);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** @typedef {import('./model/server-double.js').ServerDouble} ServerDouble */

/**
 * Bob has added a tablet; what Alice writes next is to go to both of his devices, so she asks for its prekeys. The
 * server gives them to her with the list that `listOf` chooses.
 *
 * @param {(server: ServerDouble, account: Uint8Array, nth: number) => Uint8Array | undefined} listOf undefined: the true one
 */
async function withTabletOfBob(listOf) {
  const scene = await inConversation();
  const { time, server, alice, bob, bobAccount, chat } = scene;
  await alice.close();
  let asked = 0;
  const rest = server.rest.bind(server);
  server.rest = (caller, isAlive) => {
    const calls = rest(caller, isAlive);
    const bundle = async (/** @type {Uint8Array} */ account, /** @type {number[]} */ devices) => {
      const answer = await calls.bundle(account, devices);
      asked += 1;
      return { ...answer, dlc: listOf(server, account, asked) ?? answer.dlc };
    };
    return { ...calls, bundle };
  };
  await alice.start();
  const tablet = new TestDevice(bobAccount, time);
  await bob.close();
  await alice.write(chat, 'for both');
  const reached = () => server.stored.some(({ device }) => device === tablet.deviceId);
  return { ...scene, tablet, reached, asked: () => asked };
}

describe('a bundle with a device list', () => {
  test('that was under way while the list grew is asked for again at once', async () => {
    const { time, reached } = await withTabletOfBob((server, account, nth) =>
      nth === 1 ? server.account(account).dlcs[0] : undefined,
    );
    await time.until(reached, 'the tablet is reached', 10_000);
  });

  test('that leaves a device out, which the lists alone still name, is asked for again in an hour', async () => {
    const { time, server, alice, bob, bobAccount, chat } = await inConversation();
    await alice.close();
    const tablet = new TestDevice(bobAccount, time);
    const shelf = server.account(bob.accountId).devices.get(tablet.deviceId);
    assert.ok(shelf);
    shelf.spk = new Uint8Array(109); // no session with it, so what is for it waits
    const two = server.account(bob.accountId).dlcs.length;
    const rest = server.rest.bind(server);
    server.rest = (caller, isAlive) => {
      const calls = rest(caller, isAlive);
      const deviceLists = async (/** @type {Uint8Array} */ account, /** @type {number} */ from = two) =>
        server
          .account(account)
          .dlcs.slice(0, two)
          .slice(from - 1);
      return { ...calls, deviceLists };
    };
    await alice.start();
    await bob.close();
    await alice.write(chat, 'for both');
    await time.run(MINUTE);
    server.bundled.length = 0;
    bobAccount.remove(tablet);
    await time.run(HOUR + MINUTE);
    assert.equal(server.bundled.length, 1);
  });

  test('that stays older begins no session and is asked for again in an hour', async () => {
    const { time, server, alice, bob, reached, asked } = await withTabletOfBob(
      (from, account) => from.account(account).dlcs[0],
    );
    await time.run(HOUR / 2);
    assert.equal(asked(), 3);
    assert.equal(reached(), false);
    await time.run(HOUR);
    assert.equal(asked(), 6);
    assert.equal(server.bundled.filter(({ account }) => account === toHex(bob.accountId)).length, 1 + 6);
    assert.equal((await onlyChat(alice)).identityWarning, false, 'an older list proves nothing');
  });

  test('that is another one of the same version is warned of, and nothing more is sent', async () => {
    /** @type {Uint8Array | undefined} */
    let forged;
    const { time, alice, bob, bobAccount, chat, reached, asked } = await withTabletOfBob(() => forged);
    const forked = new TestAccount('bob', bobAccount.server);
    Object.assign(forked, { aik: bobAccount.aik, list: null });
    const lists = [...bobAccount.server.account(bob.accountId).dlcs];
    new TestDevice(forked, time);
    new TestDevice(forked, time);
    forged = bobAccount.server.account(bob.accountId).dlcs.pop();
    bobAccount.server.account(bob.accountId).dlcs = lists;

    await time.until(async () => (await onlyChat(alice)).identityWarning, 'warned', 10_000);
    await time.run(HOUR / 2);
    assert.equal(reached(), false);
    assert.equal(asked(), 1);
    await assert.rejects(alice.write(chat, 'to whom?'), { code: 'identity-broken' });
  });
});

describe('a device of which no session can begin', () => {
  /** Bob's tablet stores what `spkOf` makes; his browser is closed. @param {(tablet: TestDevice, nowMs: number) => Uint8Array} spkOf */
  async function withTablet(spkOf) {
    const scene = await inConversation();
    const { time, server, bob, bobAccount } = scene;
    const tablet = new TestDevice(bobAccount, time);
    const shelf = server.account(bob.accountId).devices.get(tablet.deviceId);
    assert.ok(shelf);
    shelf.spk = spkOf(tablet, time.now());
    await bob.close();
    const reached = (/** @type {TestDevice} */ device) =>
      server.stored.some((stored) => stored.device === device.deviceId);
    const asked = () => server.bundled.filter(({ account }) => account === toHex(bob.accountId)).length;
    return { ...scene, tablet, reached, asked };
  }

  const noRecord = () => new Uint8Array(109);
  const lowOrder = (
    /** @type {TestDevice} */ { accountId, deviceId, dskSeed },
    /** @type {number} */ nowMs,
  ) =>
    signPrekey({
      ...{ dskSeed, accountId, deviceId, kind: PREKEY.SIGNED, keyId: 5, createdMs: nowMs },
      publicKey: new Uint8Array(32),
    });

  test('does not have one that is added later wait with it', async () => {
    const { time, alice, bobAccount, chat, reached } = await withTablet(noRecord);
    await alice.write(chat, 'one');
    await time.run(MINUTE);
    const phone = new TestDevice(bobAccount, time);
    await alice.write(chat, 'two');
    await time.until(() => reached(phone), 'the phone is reached', 10_000);
  });

  test('is asked for no sooner because more is written to it', async () => {
    const { time, alice, chat, asked } = await withTablet(noRecord);
    await alice.write(chat, 'one');
    await time.run(MINUTE);
    const before = asked();
    await alice.write(chat, 'two');
    await time.run(HOUR / 2);
    assert.equal(asked(), before);
    await time.run(HOUR / 2);
    assert.equal(asked(), before + 1);
  });

  test('does not keep the others of its account from theirs: a signed key of low order', async () => {
    const { time, alice, bobAccount, chat, tablet, reached, asked } = await withTablet(lowOrder);
    const phone = new TestDevice(bobAccount, time);
    await alice.write(chat, 'one');
    await time.until(() => reached(phone), 'the phone is reached', 10_000);
    const before = asked();
    await time.run(HOUR);
    assert.equal(asked(), before + 1, 'asked for again in an hour');
    assert.equal(reached(tablet), false);
  });
});
