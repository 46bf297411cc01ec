import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { decodePrekey, PREKEY } from './crypto/prekey.js';
import { ready } from './crypto/sodium.js';
import { TestAccount, TestDevice } from './model/test-device.js';
import { aliceAndBob, during } from './model/two-people.js';

before(ready);

const DAY = 86_400_000;
const MINUTE = 60_000;
let people = 0;

/** Bob looks after his prekeys. */
async function scene() {
  const { time, server, alice, bob } = await aliceAndBob();
  await alice.close();
  bob.keepsStock = true;
  await bob.start();
  await time.run(MINUTE);
  const shelf = server.account(bob.accountId).devices.get(bob.deviceId);
  assert.ok(shelf);
  /** Somebody Bob does not know writes to him, and goes. */
  const strangerWrites = async () => {
    const name = `stranger${++people}`;
    const stranger = new TestDevice(new TestAccount(name, server), time);
    await stranger.start();
    const chat = await during(time, stranger.chatWith('bob'));
    await stranger.write(chat, `from ${name}`);
    await time.run(MINUTE);
    await stranger.close();
  };
  const signedOf = () => {
    const rows = bob.stored('prekeys').filter(({ row, kind }) => row === 'prekey' && kind === PREKEY.SIGNED);
    return rows.map(({ keyId, retiredMs = Number.POSITIVE_INFINITY }) => ({ keyId, retiredMs }));
  };
  return { time, server, bob, shelf, strangerWrites, signedOf };
}

/** @param {TestDevice} device */
const chats = async (device) => (await device.chats()).length;

describe('private prekeys', () => {
  test('open what waits for a device that was off for weeks, and are gone T after it is back', async () => {
    const { time, bob, shelf, strangerWrites, signedOf } = await scene();
    const spk = decodePrekey(shelf.spk).keyId;
    Object.assign(shelf, { opks: [], pqos: [] });
    await bob.close();
    await time.run(20 * DAY);
    await strangerWrites();
    await time.run(25 * DAY);
    await bob.start();
    await time.until(async () => (await chats(bob)) === 1, 'what came by the last-resort key opens');
    await time.run(MINUTE);
    assert.notEqual(decodePrekey(shelf.spk).keyId, spk, 'the next one is out');
    assert.ok(signedOf().some(({ keyId }) => keyId === spk));

    await bob.close();
    await time.run(30 * DAY);
    await bob.start();
    await time.run(MINUTE);
    assert.ok(!signedOf().some(({ keyId }) => keyId === spk));
  });

  test('do not outlive a clock that stood a year ahead, and the device can be written to again', async () => {
    const { time, bob, shelf, strangerWrites, signedOf } = await scene();
    await strangerWrites();
    assert.equal(await chats(bob), 1);
    bob.clockMs = 365 * DAY;
    await bob.start();
    await time.run(MINUTE);
    bob.clockMs = 0;
    await bob.start();
    await time.run(MINUTE);

    assert.ok(shelf.opks.length >= 100, 'what was refused as dated ahead is made anew');
    assert.ok(decodePrekey(shelf.spk).createdMs <= time.now());
    await strangerWrites();
    assert.equal(await chats(bob), 2);
    const former = signedOf()
      .filter(({ retiredMs }) => retiredMs <= time.now())
      .map(({ keyId }) => keyId);
    assert.ok(former.length > 0);

    await bob.close();
    await time.run(31 * DAY);
    await bob.start();
    await time.run(MINUTE);
    for (const keyId of former) assert.ok(!signedOf().some((held) => held.keyId === keyId));
  });

  test('of a restored profile are made anew, and who writes to the new ones is read', async () => {
    const { time, bob, shelf, strangerWrites } = await scene();
    const disk = bob.snapshot();
    for (let i = 0; i < 3; i++) await strangerWrites();
    shelf.opks.length = 30;
    await bob.start();
    await time.run(MINUTE);
    await bob.close();
    bob.restore(disk);
    const lost = decodePrekey(/** @type {Uint8Array} */ (shelf.opks.at(-1))).keyId;
    await bob.start();
    await time.run(MINUTE);

    assert.equal(shelf.opks.length, 100);
    assert.ok(!shelf.opks.some((record) => decodePrekey(record).keyId === lost));
    const before = await chats(bob);
    await strangerWrites();
    assert.equal(await chats(bob), before + 1);
  });
});
