import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { toHex } from './crypto/bytes.js';
import { ForkedLists } from './crypto/device-list.js';
import { encodePrekeyBody, KIND } from './crypto/envelope.js';
import { KEM_CIPHERTEXT } from './crypto/keys.js';
import { PREKEY } from './crypto/prekey.js';
import { randomBytes } from './crypto/random.js';
import { ready } from './crypto/sodium.js';
import { deliverForged, garbage, heldBy } from './model/forged-envelope.js';
import { TestAccount, TestDevice } from './model/test-device.js';
import { during, inConversation, onlyChat, stateOf } from './model/two-people.js';

before(ready);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('a device list that the server keeps back', () => {
  /** Bob has a tablet, the server shows his first list alone, and Alice has been told of the second by Bob. */
  async function keptBack() {
    const scene = await inConversation();
    const { time, server, alice, bob, bobAccount, chat, bobChat } = scene;
    const shown = server.account(bob.accountId);
    const first = [...shown.dlcs];
    const tablet = new TestDevice(bobAccount, time); // itself it says nothing yet
    const all = shown.dlcs;
    shown.dlcs = first;
    await bob.close();
    await bob.start();
    await bob.write(bobChat, 'I have a tablet now');
    await time.until(async () => (await alice.texts(chat)).length === 3, 'told of it');
    await bob.close();
    server.capacity = 0;
    await alice.write(chat, 'it waits');
    await time.until(async () => (await onlyChat(alice)).identityWarning, 'warned', 3 * MINUTE);
    server.capacity = 100;
    const give = () => {
      shown.dlcs = all;
    };
    return { ...scene, tablet, give };
  }

  test('is warned of until the server gives it, and what waited goes out then', async () => {
    const { time, server, alice, bob, chat, tablet, give } = await keptBack();
    await assert.rejects(alice.write(chat, 'to whom?'), { code: 'identity-broken' });
    server.trace.length = 0;
    await time.run(2 * HOUR);
    assert.equal((await onlyChat(alice)).identityWarning, true, 'it keeps it back still');
    assert.equal(await stateOf(alice, chat, 'it waits'), 'sending');
    assert.deepEqual(server.trace, [], 'and Bob gets nothing');

    give();
    server.sockets.get(alice.lane)?.shut(1006);
    await time.until(async () => (await stateOf(alice, chat, 'it waits')) === 'sent', 'sent', MINUTE);
    assert.equal((await onlyChat(alice)).identityWarning, false);
    await alice.write(chat, 'to both');
    await time.run(MINUTE);
    assert.deepEqual(
      new Set(server.trace.filter(({ to }) => to === toHex(bob.accountId)).map(({ device }) => device)),
      new Set([bob.deviceId, tablet.deviceId]),
      'the tablet is not forgotten',
    );
  });

  test('is asked for again, without a connection anew, in half a day', async () => {
    const { time, alice, give } = await keptBack();
    give();
    await time.run(13 * HOUR);
    assert.equal((await onlyChat(alice)).identityWarning, false);
  });
});

describe('a second list of one version, signed by the contact’s own key', () => {
  /**
   * A device that stands in another list alone writes to Alice, who has the list of Bob's browser.
   *
   * @param {Awaited<ReturnType<typeof inConversation>>} scene
   * @param {string[]} texts
   */
  async function otherDevice({ time, server, alice, bob, bobAccount }, texts) {
    const shown = server.account(bob.accountId);
    const { dlcs: lists, tokenHash } = shown;
    shown.dlcs = [];
    const account = new TestAccount('bob', server);
    Object.assign(account, { aik: bobAccount.aik, deliveryKey: bobAccount.deliveryKey });
    let other = new TestDevice(account, time);
    while (shown.dlcs.length < lists.length) other = new TestDevice(account, time);
    await other.start();
    const otherLists = shown.dlcs;
    Object.assign(shown, { dlcs: lists, tokenHash });
    const chat = await during(time, other.chatWith('alice'));
    for (const text of texts) await other.write(chat, text);
    await time.until(async () => (await onlyChat(alice)).identityWarning, 'warned');
    await time.run(MINUTE);
    return { other, otherLists };
  }

  async function forked(scene = inConversation()) {
    const conversation = await scene;
    const { server, alice, bob } = conversation;
    const shown = server.account(bob.accountId);
    const held = () => heldBy(alice, bob.accountId);
    return { ...conversation, ...(await otherDevice(conversation, ['it is me', 'really'])), shown, held };
  }

  const trust = async (/** @type {TestDevice} */ device, /** @type {{ id: string }} */ chat) =>
    device.engine.trustIdentity({ chatId: chat.id });

  test('is warned of until the user trusts the contact again, whatever lists follow', async () => {
    const { time, server, alice, bob, bobAccount, chat, bobChat, held } = await forked();
    new TestDevice(bobAccount, time); // Bob's next list links to the one that Alice knows
    await bob.close();
    await bob.start();
    await bob.write(bobChat, 'I have a tablet now');
    await time.until(async () => (await alice.texts(chat)).length === 3, 'Alice gets that list');
    server.sockets.get(alice.lane)?.shut(1006);
    await time.run(13 * HOUR);
    assert.equal((await onlyChat(alice)).identityWarning, true);
    await assert.rejects(alice.write(chat, 'to whom?'), { code: 'identity-broken' });

    await during(time, trust(alice, chat));
    await alice.write(chat, 'to you');
    await time.until(async () => (await stateOf(alice, chat, 'to you')) === 'delivered', 'delivered');
    await time.run(MINUTE);
    assert.equal((await onlyChat(alice)).identityWarning, false);
    assert.deepEqual((await alice.texts(chat)).slice(3), ['to you'], 'the other device is nobody still');
    assert.equal(held().length, 0);
  });

  test('holds its messages, which are read in order when the user trusts it', async () => {
    const { time, alice, other, otherLists, shown, chat, held } = await forked();
    assert.deepEqual(await alice.texts(chat), ['hello', 'hi']);
    await alice.close();
    await alice.start();
    await time.run(MINUTE);
    assert.equal(held().length, 3, 'PROFILE and two texts, over a start');

    shown.dlcs = otherLists;
    await during(time, trust(alice, chat));
    await time.until(async () => held().length === 0, 'opened');
    assert.deepEqual((await alice.texts(chat)).slice(2), ['it is me', 'really']);
    await alice.write(chat, 'so it is you');
    await time.until(async () => (await other.texts(chat)).includes('so it is you'), 'answered');
  });

  test('does not hold up the envelopes after it that open by now', async () => {
    const scene = await forked();
    const { time, alice, shown, chat, held } = scene;
    const second = await otherDevice(scene, ['no, me']);
    assert.equal(held().length, 5);
    shown.dlcs = second.otherLists;
    await during(time, trust(alice, chat));
    await time.run(MINUTE);
    assert.deepEqual((await alice.texts(chat)).slice(2), ['no, me']);
    assert.equal(held().length, 3, 'those of the first');
    assert.equal((await onlyChat(alice)).identityWarning, false, 'which warn no second time');
  });

  test('is opened at the next start when the browser dies before it was', async () => {
    const { time, alice, otherLists, shown, chat, held } = await forked();
    shown.dlcs = otherLists;
    let commits = 0;
    alice.database.onCommit = (when) => {
      if (when !== 'after') return;
      commits += 1;
      if (commits === 1) alice.kill();
    };
    trust(alice, chat); // never settles: the browser is dead once the new list is on disk
    await time.run(MINUTE);
    await alice.start();
    await time.until(async () => held().length === 0, 'opened');
    assert.deepEqual((await alice.texts(chat)).slice(2), ['it is me', 'really']);
  });

  test('cannot bring a removed device back by the user’s trust', async () => {
    const scene = await inConversation();
    const tablet = new TestDevice(scene.bobAccount, scene.time);
    const kept = scene.server.account(scene.bob.accountId).devices.get(tablet.deviceId);
    assert.ok(kept);
    scene.bobAccount.remove(tablet);
    await scene.bob.close();
    await scene.bob.start();
    await scene.bob.write(scene.bobChat, 'all is well');
    await scene.time.run(MINUTE);
    const { time, server, alice, bob, shown, chat } = await forked(Promise.resolve(scene));
    shown.dlcs = shown.dlcs.slice(0, 2);
    shown.devices.set(tablet.deviceId, kept);
    await during(time, trust(alice, chat));
    server.trace.length = 0;
    await alice.write(chat, 'for Bob alone');
    await time.until(async () => (await stateOf(alice, chat, 'for Bob alone')) === 'delivered', 'read');
    await time.run(MINUTE);
    const reached = server.trace.filter(({ to }) => to === toHex(bob.accountId)).map(({ device }) => device);
    assert.deepEqual(new Set(reached), new Set([bob.deviceId]));
  });
});

describe('another list of one’s own account', () => {
  const told = (/** @type {TestDevice} */ device) =>
    device.notices.filter(({ notice, data }) => notice === 'fault' && data.code === 'identity-broken').length;

  /** Whoever has Alice's identity key has signed another list of hers, and writes to her browser by it. */
  async function ownFork() {
    const scene = await inConversation();
    const { server, time, alice, aliceAccount } = scene;
    const shown = server.account(alice.accountId);
    const { dlcs, tokenHash } = shown;
    shown.dlcs = [];
    const account = new TestAccount('alice', server);
    account.aik = aliceAccount.aik;
    const other = new TestDevice(account, time);
    const [deviceList] = shown.dlcs;
    Object.assign(shown, { dlcs, tokenHash });
    assert.ok(deviceList);
    const body = encodePrekeyBody({
      ...{ epoch: 1, spkId: 1, opkId: 0, pqKind: PREKEY.KEM_LAST_RESORT, pqId: 1 },
      ...{
        ek: randomBytes(32),
        ct: randomBytes(KEM_CIPHERTEXT),
        deviceList,
        message: garbage(randomBytes(16)),
      },
    });
    deliverForged(server, alice, other, body, KIND.PREKEY);
    await time.run(MINUTE);
    const held = () => heldBy(alice, alice.accountId);
    return { ...scene, held };
  }

  test('in a PREKEY is told to the user, at each start as well, and held', async () => {
    const { time, alice, bob, chat, held } = await ownFork();
    assert.equal(told(alice), 1);
    assert.equal(held().length, 1);
    await alice.close();
    await alice.start();
    await time.run(MINUTE);
    assert.equal(told(alice), 2);
    await alice.write(chat, 'I go on');
    await time.until(async () => (await bob.texts(chat)).includes('I go on'), 'others are not concerned');
  });

  test('in a PREKEY is told no more once the list has gone on from the one that is known', async () => {
    const { time, alice, aliceAccount, held } = await ownFork();
    new TestDevice(aliceAccount, time);
    alice.engine.tryConnectNow({});
    await time.run(13 * HOUR);
    assert.deepEqual(held(), []);
    await alice.close();
    await alice.start();
    assert.equal(told(alice), 1);
  });

  test('from the server is told to the user', async () => {
    const { time, alice, aliceAccount } = await inConversation();
    Object.defineProperty(aliceAccount, 'list', {
      get() {
        throw new ForkedLists('the own list that the server gives');
      },
    });
    await time.run(13 * HOUR);
    assert.ok(told(alice) > 0);
  });
});
