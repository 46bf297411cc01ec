import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { toBase64url, toHex } from './crypto/bytes.js';
import { ready } from './crypto/sodium.js';
import { TestDevice } from './model/test-device.js';
import { inConversation, onlyChat, stateOf } from './model/two-people.js';

before(ready);

/**
 * What the window was told to open since the last look.
 *
 * @param {TestDevice} device
 */
const opened = (device) =>
  device.notices.splice(0).flatMap(({ notice, data }) => (notice === 'rtcOpen' ? [data] : []));

/** @param {TestDevice} device */
const settingsTold = (device) =>
  device.notices.flatMap(({ notice, data }) => (notice === 'settings' ? [data] : [])).at(-1);

describe('"mailbox only"', () => {
  test('sends, takes and receipts by the mailbox alone, both ways', async () => {
    const { time, server, alice, bob, chat, bobChat } = await inConversation({ webrtc: true });
    await time.until(async () => (await onlyChat(alice)).path === 'direct', 'direct');
    await alice.engine.changeSettings({ mailboxOnly: true });
    await time.run(10_000);
    assert.equal((await onlyChat(alice)).path, 'server');
    assert.notEqual((await onlyChat(bob)).path, 'direct');
    const socket = server.sockets.get(alice.lane);
    assert.deepEqual([...(socket?.connection.watched ?? [])], [toHex(alice.accountId)], 'she watches nobody');
    server.trace.length = 0;

    for (const text of ['one', 'two']) {
      await alice.write(chat, text);
      await bob.write(bobChat, `re: ${text}`);
      await time.until(async () => (await stateOf(alice, chat, text)) === 'delivered', 'to Bob');
      await time.until(async () => (await stateOf(bob, bobChat, `re: ${text}`)) === 'delivered', 'to Alice');
      await time.run(10_000);
    }
    const ofAlice = server.trace.filter(
      ({ via, from }) => via !== 'deliver' && from === toHex(alice.accountId),
    );
    assert.deepEqual(ofAlice, [], 'nothing that names her');
    assert.ok(server.trace.some(({ via, to }) => via === 'deliver' && to === toHex(bob.accountId)));
    const all = ['hello', 'hi', 'one', 're: one', 're: two', 'two'];
    for (const texts of [await alice.texts(chat), await bob.texts(bobChat)])
      assert.deepEqual(texts.toSorted(), all);
  });

  test('is left again: relay and data channel come back', async () => {
    const { time, alice, bob } = await inConversation({ webrtc: true });
    await time.until(async () => (await onlyChat(alice)).path === 'direct', 'direct');
    await alice.engine.changeSettings({ mailboxOnly: true });
    await time.run(60_000);
    await alice.engine.changeSettings({ mailboxOnly: false });
    const patience = 3_600_000; // whoever offers may have been kept waiting
    await time.until(async () => (await onlyChat(alice)).path === 'direct', 'direct again', patience);
    await time.until(async () => (await onlyChat(bob)).path === 'direct', 'for both', patience);
  });

  test('holds after a restart, and on the other devices of the account', async () => {
    const { time, alice, aliceAccount, chat, server } = await inConversation();
    const tablet = new TestDevice(aliceAccount, time);
    await tablet.start();
    await time.until(async () => (await tablet.chats()).length === 1, 'the tablet knows Bob');
    await alice.engine.changeSettings({ mailboxOnly: true });
    await alice.close();
    await alice.start();
    await tablet.close();
    await tablet.start();
    await time.run(10_000);
    for (const device of [alice, tablet]) {
      assert.deepEqual(settingsTold(device), { relayOnly: false, mailboxOnly: true, relayOnlyWith: {} });
      assert.equal(server.sockets.get(device.lane)?.connection.watched.size, 1);
    }
    server.trace.length = 0;
    await tablet.write(chat, 'from the tablet');
    await time.until(
      async () => (await stateOf(tablet, chat, 'from the tablet')) === 'delivered',
      'delivered',
    );
    const live = server.trace.filter(({ via }) => via === 'relay' || via === 'taken');
    assert.ok(live.every(({ from }) => from !== toHex(alice.accountId)));
  });
});

describe('a switch', () => {
  /** Alice with a second device that is online. */
  async function withTablet() {
    const scene = await inConversation();
    const tablet = new TestDevice(scene.aliceAccount, scene.time);
    await tablet.start();
    await scene.time.until(async () => (await tablet.chats()).length === 1, 'the tablet knows Bob');
    await scene.time.run(60_000);
    return { ...scene, tablet };
  }
  const on = { relayOnly: true, mailboxOnly: false, relayOnlyWith: {} };

  test('reaches the other devices that are online at once', async () => {
    const { time, alice, tablet } = await withTablet();
    await alice.engine.changeSettings({ relayOnly: true });
    await time.until(() => settingsTold(tablet)?.relayOnly === true, 'followed', 10_000);
    assert.deepEqual(settingsTold(tablet), on);
  });

  test('that the server could not be told of reaches them when it can', async () => {
    const { time, server, alice, tablet } = await withTablet();
    server.down = true;
    await alice.engine.changeSettings({ relayOnly: true });
    assert.deepEqual(settingsTold(alice), on);
    await alice.close();
    server.down = false;
    await alice.start();
    await time.until(() => settingsTold(tablet)?.relayOnly === true, 'followed', 10_000);
  });
});

describe('a device that was off when "mailbox only" was set', () => {
  async function back() {
    const scene = await inConversation();
    const { time, server, alice, aliceAccount } = scene;
    const tablet = new TestDevice(aliceAccount, time);
    await tablet.start();
    await time.until(async () => (await tablet.chats()).length === 1, 'the tablet knows Bob');
    await time.run(60_000);
    await tablet.close();
    await alice.engine.changeSettings({ mailboxOnly: true });
    await time.run(10_000);
    let answer = () => {};
    server.vaultHeld = new Promise((resolve) => {
      answer = () => resolve();
    });
    await tablet.start();
    /** How many accounts the server has ever been asked for by it. */
    const watched = () => server.sockets.get(tablet.lane)?.connection.watched.size ?? 0;
    return { ...scene, tablet, answer, watched };
  }

  test('watches nobody before it has asked for the vault, whatever makes it connect', async () => {
    const { time, tablet, answer, watched } = await back();
    tablet.engine.tryConnectNow({});
    tablet.engine.network({ online: true });
    await time.run(2900);
    assert.equal(watched(), 0, 'no socket');
    answer();
    await time.until(() => watched() > 0, 'connected');
    await time.run(10);
    assert.deepEqual(settingsTold(tablet), { relayOnly: false, mailboxOnly: true, relayOnlyWith: {} });
    assert.equal(watched(), 1, 'its own account alone');
  });

  test('does not wait for ever', async () => {
    const { time, watched } = await back();
    await time.run(3100);
    assert.ok(watched() > 0);
  });
});

describe('a device that slept with its tab open when "mailbox only" was set', () => {
  /** @param {number} sleptMs */
  async function awake(sleptMs) {
    const scene = await inConversation();
    const { time, server, alice, aliceAccount } = scene;
    const tablet = new TestDevice(aliceAccount, time);
    await tablet.start();
    await time.until(async () => (await tablet.chats()).length === 1, 'the tablet knows Bob');
    await time.run(60_000);
    tablet.engine.network({ online: false });
    await alice.engine.changeSettings({ mailboxOnly: true });
    await time.run(sleptMs);
    let answer = () => {};
    server.vaultHeld = new Promise((resolve) => {
      answer = () => resolve();
    });
    tablet.engine.network({ online: true });
    const watched = () => server.sockets.get(tablet.lane)?.connection.watched.size ?? 0;
    return { ...scene, tablet, answer, watched };
  }

  test('watches nobody before it has asked for the vault', async () => {
    const { time, tablet, answer, watched } = await awake(600_000);
    await time.run(2900);
    assert.equal(watched(), 0, 'no socket');
    answer();
    await time.until(() => watched() > 0, 'connected');
    await time.run(10);
    assert.equal(settingsTold(tablet).mailboxOnly, true);
    assert.equal(watched(), 1, 'its own account alone');
  });

  test('does not wait for ever', async () => {
    const { time, watched } = await awake(600_000);
    await time.run(3100);
    assert.ok(watched() > 0);
  });

  test('asks as well after a break of a moment', async () => {
    const { time, watched, answer } = await awake(1000);
    await time.run(1000);
    assert.equal(watched(), 0);
    answer();
    await time.run(10_000);
    assert.equal(watched(), 1, 'its own account alone');
  });
});

test('a connection costs one question for the vault, when it begins and when it was lost', async () => {
  const { time, server, aliceAccount, alice } = await inConversation();
  await alice.close();
  const tablet = new TestDevice(aliceAccount, time);
  server.vaultsAsked = 0;
  await tablet.start();
  await time.run(10_000);
  assert.equal(server.vaultsAsked, 1, 'after the start');
  server.sockets.get(tablet.lane)?.shut(1006);
  await time.run(10_000);
  assert.ok(server.sockets.has(tablet.lane));
  assert.equal(server.vaultsAsked, 2);
});

test('an engine that is stopped while it starts tells no setting afterwards', async () => {
  const { time, aliceAccount } = await inConversation();
  const tablet = new TestDevice(aliceAccount, time);
  const starting = tablet.start();
  const { database, engine } = tablet;
  const list = database.list.bind(database);
  /** @type {any} */
  let stopping = null;
  let told = 0;
  const settings = () => tablet.notices.filter(({ notice }) => notice === 'settings').length;
  database.list = (/** @type {any} */ store, /** @type {any} */ names) => {
    if (store === 'held') {
      stopping ??= engine.stop();
      told = settings();
    }
    return list(store, names);
  };
  await starting;
  await stopping;
  await time.run(10_000);
  assert.equal(settings(), told);
});

describe('"relay only"', () => {
  const turn = { iceServers: [{ urls: ['turn:relay.example'] }], expiresIn: 600 };

  test('tells the window to gather no address of this machine', async () => {
    const { time, server, alice } = await inConversation({ webrtc: true });
    await time.until(async () => (await onlyChat(alice)).path === 'direct', 'direct');
    server.ice = turn;
    assert.equal(opened(alice).at(-1)?.relayOnly, false);
    await time.run(600_000); // past the credentials of before
    await alice.engine.changeSettings({ relayOnly: true });
    await time.until(() => opened(alice).some(({ relayOnly }) => relayOnly), 'a new connection', 3_600_000);
    await time.until(async () => (await onlyChat(alice)).path === 'direct', 'open again');
  });

  test('with one contact is followed by the other devices, and all end their calls with that one', async () => {
    const { time, server, world, alice, aliceAccount, bob } = await inConversation({ webrtc: true });
    await time.until(async () => (await onlyChat(alice)).path === 'direct', 'direct');
    const tablet = new TestDevice(aliceAccount, time, { webrtc: world });
    await tablet.start();
    const isDirect = async () =>
      (await tablet.chats()).length === 1 && (await onlyChat(tablet)).path === 'direct';
    await time.until(isDirect, 'the tablet too', 3_600_000);
    server.ice = turn;
    await time.run(600_000); // past the credentials of before
    for (const device of [alice, tablet]) assert.ok(opened(device).every(({ relayOnly }) => !relayOnly));
    const withBob = { [toBase64url(bob.accountId)]: true };
    await alice.engine.changeSettings({ relayOnlyWith: withBob });
    const followed = () => JSON.stringify(settingsTold(tablet)?.relayOnlyWith) === JSON.stringify(withBob);
    await time.until(followed, 'followed', 10_000);
    for (const device of [alice, tablet]) {
      /** @type {boolean[]} */
      const rules = [];
      const isAnew = () => rules.push(...opened(device).map(({ relayOnly }) => relayOnly)) > 0;
      await time.until(isAnew, 'a new connection', 3_600_000);
      assert.ok(rules.every((isRelayOnly) => isRelayOnly));
    }
  });

  test('goes by the server where there is no relay, and loses nothing', async () => {
    const { time, alice, bob, chat, bobChat } = await inConversation({ webrtc: true });
    await time.until(async () => (await onlyChat(alice)).path === 'direct', 'direct');
    opened(alice);
    await alice.engine.changeSettings({ relayOnly: true });
    await time.run(60_000);
    assert.deepEqual(opened(alice), []);
    assert.equal((await onlyChat(alice)).path, 'relayed');
    await alice.write(chat, 'still here');
    await time.until(async () => (await bob.texts(bobChat)).includes('still here'), 'received');
  });
});
