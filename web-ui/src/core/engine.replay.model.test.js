import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { PREKEY } from './crypto/prekey.js';
import { randomBytes } from './crypto/random.js';
import { ready } from './crypto/sodium.js';
import { aliceAndBob, during, onlyChat, stateOf } from './model/two-people.js';

before(ready);

const DAY = 86_400_000;

/**
 * Everything goes by the mailbox, which keeps what it was ever given.
 *
 * @param {{ oneTime: boolean }} options
 */
async function byMailbox({ oneTime }) {
  const scene = await aliceAndBob();
  const { time, server, alice, bob } = scene;
  server.relayDown = true;
  for (const socket of server.sockets.values()) socket.shut(1006);
  const shelf = server.account(bob.accountId).devices.get(bob.deviceId);
  assert.ok(shelf);
  if (!oneTime) Object.assign(shelf, { opks: [], pqos: [] });
  const chat = await during(time, alice.chatWith('bob'));
  await alice.write(chat, 'hello');
  await time.until(async () => (await bob.chats()).length === 1, 'Bob sees the chat', 600_000);
  const bobChat = await onlyChat(bob);
  await bob.write(bobChat, 'hi');
  await time.until(async () => (await stateOf(bob, bobChat, 'hi')) === 'delivered', 'answered', 600_000);
  for (const text of ['one', 'two', 'three']) await alice.write(chat, text);
  await time.until(async () => (await stateOf(alice, chat, 'three')) === 'delivered', 'received', 600_000);
  await time.run(600_000);
  const envelopes = server.stored.filter(({ device }) => device === bob.deviceId);
  return { ...scene, chat, bobChat, envelopes: envelopes.map(({ envelope }) => envelope) };
}

/** @param {import('./model/test-device.js').TestDevice} device */
async function seenIds(device) {
  const rows = await device.database.list('seen', []);
  return rows.filter(({ value }) => value.row === 'envelope').length;
}

/** @param {Awaited<ReturnType<typeof byMailbox>>} scene */
async function away({ time, alice, bob }, /** @type {number} */ days) {
  await Promise.all([alice.close(), bob.close()]);
  await time.run(days * DAY);
}

describe('a server that gives everything once more', () => {
  for (const oneTime of [true, false]) {
    const keys = oneTime ? 'one-time keys' : 'last-resort keys';
    for (const days of [0, 1, 29, 31, 119, 121, 400]) {
      test(`${days} days later shows nothing twice, for sessions with ${keys}`, async () => {
        const scene = await byMailbox({ oneTime });
        const { time, server, alice, bob, chat, bobChat, envelopes } = scene;
        assert.ok(envelopes.length >= 4);
        const shown = await bob.texts(bobChat);
        await away(scene, days);
        await bob.start();
        await time.run(10 * 60_000);

        server.replay(bob.accountId, bob.deviceId, envelopes);
        server.replay(bob.accountId, bob.deviceId, envelopes);
        await time.run(10 * 60_000);
        assert.deepEqual(await bob.texts(bobChat), shown);
        await alice.start();
        await alice.write(chat, 'and on');
        await time.until(async () => (await bob.texts(bobChat)).includes('and on'), 'on', 3 * DAY);
        assert.deepEqual(await bob.texts(bobChat), [...shown, 'and on']);
      });
    }
  }

  test('is recognised by the ids seen for T and 90 days, which go after that', async () => {
    const scene = await byMailbox({ oneTime: true });
    const { time, bob } = scene;
    const before = await seenIds(bob);
    assert.ok(before >= 4);
    await away(scene, 119);
    await bob.start();
    await time.run(60_000);
    assert.equal(await seenIds(bob), before);

    await bob.close();
    await time.run(2 * DAY);
    await bob.start();
    await time.run(60_000);
    assert.equal(await seenIds(bob), 0);
  });

  test('is recognised for what waited all that time: ids go after the mailbox is drained', async () => {
    const scene = await byMailbox({ oneTime: true });
    const { time, server, alice, bob, envelopes } = scene;
    const prekeysLeft = () => server.account(alice.accountId).devices.get(alice.deviceId)?.opks.length;
    await away(scene, 121);
    server.replay(bob.accountId, bob.deviceId, envelopes);
    const before = prekeysLeft();
    await bob.start();
    await time.run(10 * 60_000);

    assert.equal(prekeysLeft(), before, 'nobody asks again, in a new session, for what was read');
    assert.equal(await seenIds(bob), 0);
  });
});

describe('a replay cache that is full for its signed prekey', () => {
  test('has the signed prekey rotated at once', async () => {
    const { time, server, alice, bob } = await aliceAndBob();
    const shelf = server.account(bob.accountId).devices.get(bob.deviceId);
    assert.ok(shelf);
    Object.assign(shelf, { opks: [] });
    const prekeys = await bob.database.list('prekeys', []);
    const signed = prekeys.find(({ value }) => value.kind === PREKEY.SIGNED)?.value;
    await bob.close();
    bob.database.dead = false;
    await bob.database.commit((tx) => {
      for (let number = 1; number <= 9_999; number++) {
        const row = {
          row: 'replay',
          number,
          spkId: signed.keyId,
          opkId: 0,
          ekHash: randomBytes(16),
          atMs: time.now(),
        };
        tx.put('prekeys', ['replay', number], row);
      }
    });
    await bob.start();
    const chat = await during(time, alice.chatWith('bob'));
    await alice.write(chat, 'the last that fits');
    await time.until(async () => (await bob.chats()).length === 1, 'Bob sees the chat');

    assert.ok(bob.replenished.includes(signed.keyId));
  });
});
