import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { toBase64url, toHex, utf8 } from './crypto/bytes.js';
import { CTYPE, conversationId } from './crypto/content.js';
import { PREKEY } from './crypto/prekey.js';
import { randomBytes, randomU32 } from './crypto/random.js';
import { ready } from './crypto/sodium.js';
import {
  deliverAuthentic,
  deliverForged,
  forge,
  garbage,
  heldBy,
  sessionsOf,
} from './model/forged-envelope.js';
import { TestAccount, TestDevice } from './model/test-device.js';
import { aliceAndBob, during, inConversation, onlyChat, stateOf } from './model/two-people.js';
import { encodeRelayFrame } from './path/relay-frame.js';

before(ready);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * When one asked for a bundle of the other, which is what a new session costs: in hours since now.
 *
 * @param {import('./model/server-double.js').ServerDouble} server
 * @param {import('./model/virtual-time.js').VirtualTime} time
 * @param {TestDevice} other
 */
function newSessions(server, time, other) {
  const start = time.now();
  server.bundled.length = 0;
  return () =>
    server.bundled
      .filter(({ account }) => account === toHex(other.accountId))
      .map(({ atMs }) => Math.round((atMs - start) / HOUR));
}

describe('an envelope that does not open', () => {
  test('and names no session held costs at most one new session in six hours', async () => {
    const { time, server, alice, bob } = await inConversation();
    await alice.close();
    const asked = newSessions(server, time, alice);
    for (let i = 0; i < 3 * 13; i++) {
      deliverForged(server, bob, alice, garbage(randomBytes(16)));
      await time.run(20 * MINUTE);
    }
    assert.deepEqual(asked(), [0, 6, 12]);
  });

  test('and names a session held is asked for each hour, twice as long each time that nothing comes', async () => {
    const { time, server, alice, bob } = await inConversation();
    const [held] = (await sessionsOf(bob, alice)).sessions;
    assert.ok(held);
    await alice.close();
    const asked = newSessions(server, time, alice);
    for (let i = 0; i < 3 * 6; i++) {
      deliverForged(server, bob, alice, garbage(held.sid.slice(0, 16)));
      await time.run(20 * MINUTE);
    }
    assert.deepEqual(asked(), [0, 1, 3]);
  });

  test('costs no longer a wait because an outsider had one asked for before', async () => {
    const { time, server, alice, bob } = await inConversation();
    const [held] = (await sessionsOf(bob, alice)).sessions;
    assert.ok(held);
    await alice.close();
    const asked = newSessions(server, time, alice);
    deliverForged(server, bob, alice, garbage(randomBytes(16)));
    await time.run(HOUR);
    for (let i = 0; i < 4; i++) {
      deliverForged(server, bob, alice, garbage(held.sid.slice(0, 16)));
      await time.run(20 * MINUTE);
    }
    assert.deepEqual(asked(), [0, 1, 2]);
  });

  test('is asked for within the hour again once something readable has come', async () => {
    const { time, server, alice, bob, chat } = await inConversation();
    const [held] = (await sessionsOf(bob, alice)).sessions;
    assert.ok(held);
    await alice.close();
    const asked = newSessions(server, time, alice);
    for (let i = 0; i < 4; i++) {
      deliverForged(server, bob, alice, garbage(held.sid.slice(0, 16)));
      await time.run(20 * MINUTE);
    }
    assert.deepEqual(asked(), [0, 1]);
    await alice.start();
    await alice.write(chat, 'here I am');
    await time.until(async () => (await stateOf(alice, chat, 'here I am')) === 'delivered', 'read');
    await time.run(10 * MINUTE);
    deliverForged(server, bob, alice, garbage(held.sid.slice(0, 16)));
    await time.run(80 * MINUTE);
    assert.deepEqual(asked(), [0, 1, 2], 'the next one had been two hours away');
  });

  test('is asked for in a new session, though another one would be there', async () => {
    const { time, server, alice, bob } = await inConversation();
    const before = (await sessionsOf(bob, alice)).sessions.length;
    deliverForged(server, bob, alice, garbage(randomBytes(16)));
    await time.run(MINUTE);
    const { sessions } = await sessionsOf(bob, alice);
    assert.equal(sessions.length, before + 1);
    assert.equal(sessions.filter(({ dead }) => dead).length, 0, 'weak evidence kills no session');
  });

  test('in the name of a stranger, or of a device that is not listed, is dropped without a word', async () => {
    const { time, server, alice, bob } = await inConversation();
    const carol = new TestDevice(new TestAccount('carol', server), time);
    const asked = newSessions(server, time, alice);
    server.trace.length = 0;
    deliverForged(server, bob, carol, garbage(randomBytes(16)));
    deliverForged(
      server,
      bob,
      { accountId: alice.accountId, deviceId: randomU32() },
      garbage(randomBytes(16)),
    );
    await time.run(HOUR);
    assert.deepEqual(asked(), []);
    assert.deepEqual(server.trace, []);
    assert.deepEqual(await bob.database.list('retry', []), []);
    assert.deepEqual(
      server.account(bob.accountId).devices.get(bob.deviceId)?.mailbox,
      [],
      'and acknowledged',
    );
  });

  test('in the name of one who is not accepted is not asked for', async () => {
    const { time, server, alice, bob } = await aliceAndBob();
    const chat = await during(time, alice.chatWith('bob'));
    await alice.write(chat, 'hello');
    await time.until(async () => (await bob.chats()).length === 1, 'Bob sees the chat');
    const [held] = (await sessionsOf(bob, alice)).sessions;
    assert.ok(held);
    server.trace.length = 0;
    deliverForged(server, bob, alice, garbage(held.sid.slice(0, 16)));
    await time.run(HOUR);
    assert.deepEqual(
      server.trace.filter(({ to }) => to === toHex(alice.accountId)),
      [],
    );
  });

  test('is not asked for when the sender was blocked before that was due', async () => {
    const { time, server, alice, bob, bobAccount } = await inConversation();
    await alice.close();
    const asked = newSessions(server, time, alice);
    for (let i = 0; i < 2; i++) {
      deliverForged(server, bob, alice, garbage(randomBytes(16)));
      await time.run(MINUTE);
    }
    assert.deepEqual(asked(), [0], 'the second waits for six hours');
    const entries = () => bob.stored('retry').flatMap((row) => row.entries);
    assert.equal(entries().length, 1);

    bobAccount.pins = bobAccount.pins.map((pin) => ({ ...pin, state: 'blocked', at: time.now() }));
    await bob.close();
    await bob.start();
    await time.run(7 * HOUR);
    assert.deepEqual(asked(), [0]);
    assert.deepEqual(entries(), []);
  });

  test('and overtook the mailbox waits, unacknowledged, until that is drained', async () => {
    const { time, server, alice, bob } = await inConversation();
    await bob.close();
    server.collectMs = 10_000;
    await bob.start();
    await time.run(1000);
    server.trace.length = 0;
    const payload = forge(server, bob, alice, garbage(randomBytes(16)));
    const frame = { type: 1, account: alice.accountId, device: alice.deviceId, ref: 7, payload };
    server.sockets.get(bob.lane)?.deliver(encodeRelayFrame(frame));
    const taken = () =>
      server.trace.filter(({ via, from }) => via === 'taken' && from === toHex(bob.accountId));
    await time.run(5000);
    assert.deepEqual(await bob.database.list('retry', []), []);
    assert.deepEqual(taken(), []);

    await time.run(30_000);
    assert.equal((await bob.database.list('retry', [])).length, 1);
    assert.equal(taken().length, 1);
  });

  test('is kept in mind 64 times for a device, the oldest forgotten', async () => {
    const { time, server, alice, bob } = await inConversation();
    const [held] = (await sessionsOf(bob, alice)).sessions;
    assert.ok(held);
    for (let i = 0; i < 70; i++) deliverForged(server, bob, alice, garbage(held.sid.slice(0, 16)));
    await time.run(MINUTE);
    for (let i = 0; i < 70; i++) deliverForged(server, bob, alice, garbage(held.sid.slice(0, 16)));
    await time.run(MINUTE);
    const [row] = await bob.database.list('retry', []);
    assert.equal(row?.value.entries.length, 64);
  });
});

describe('an authentic message with a content that is not allowed', () => {
  test('is dropped, acknowledged and asks for nothing; the next one is read in the same session', async () => {
    const { time, server, alice, bob, bobChat } = await inConversation();
    await time.run(MINUTE);
    const asked = newSessions(server, time, alice);
    const conv = conversationId(alice.accountId, bob.accountId);
    const own = conversationId(bob.accountId, bob.accountId);
    const content = (/** @type {object} */ change) => ({
      ctype: CTYPE.TEXT,
      msgId: randomBytes(16),
      convId: conv,
      sentMs: 0,
      seq: 7,
      senderListVersion: 1,
      body: { text: 'not to be shown' },
      ...change,
    });
    const sent = {
      kind: 'sent',
      msg_id: toBase64url(randomBytes(16)),
      conv: toBase64url(conv),
      peer: toBase64url(alice.accountId),
      sent_ms: 0,
      seq: 3,
      ctype: CTYPE.TEXT,
      body: { text: 'as if Bob had written it' },
    };
    const profile = { username: 'mallory', delivery_key: toBase64url(randomBytes(32)), device: 'My laptop' };
    await deliverAuthentic(server, bob, alice, [
      content({ convId: randomBytes(16) }),
      content({ convId: own, ctype: CTYPE.SYNC, seq: 0, body: sent }),
      content({ ctype: CTYPE.SYNC, seq: 0, body: sent }),
      content({ ctype: CTYPE.PROFILE, seq: 0, body: profile }),
      utf8('no content at all'),
      content({ body: { text: 'allowed' } }),
    ]);
    alice.kill();

    await time.until(async () => (await bob.texts(bobChat)).includes('allowed'), 'read');
    await time.run(HOUR);
    assert.deepEqual(await bob.texts(bobChat), ['hello', 'hi', 'allowed']);
    assert.deepEqual(asked(), []);
    assert.deepEqual(server.account(bob.accountId).devices.get(bob.deviceId)?.mailbox, []);
    assert.equal((await onlyChat(bob)).username, 'alice');
  });
});

describe('a GROUP_OP without a state', () => {
  test('is neither shown nor receipted', async () => {
    const { time, server, alice, bob, bobChat } = await inConversation();
    await alice.close();
    await time.run(MINUTE);
    server.trace.length = 0;
    const operation = (/** @type {object} */ body) => ({
      ...{ ctype: CTYPE.GROUP_OP, msgId: randomBytes(16), seq: 0, sentMs: 0, senderListVersion: 1 },
      convId: conversationId(alice.accountId, bob.accountId),
      body,
    });
    await deliverAuthentic(server, bob, alice, [operation({ leave: true }), operation({ want: 3 })]);
    await time.run(HOUR);
    assert.deepEqual(server.account(bob.accountId).devices.get(bob.deviceId)?.mailbox, [], 'acknowledged');
    assert.deepEqual(await bob.texts(bobChat), ['hello', 'hi']);
    assert.deepEqual(server.trace, []);
  });
});

describe('a stranger who sends one PROFILE after the other', () => {
  test('has the last hundred kept in mind, to be receipted when he is accepted', async () => {
    const { time, server, alice, bob } = await aliceAndBob();
    const chat = await during(time, alice.chatWith('bob'));
    await alice.write(chat, 'hello');
    await time.until(async () => (await bob.chats()).length === 1, 'Bob sees the chat');
    await alice.close();
    const ids = Array.from({ length: 120 }, () => randomBytes(16));
    const profile = (/** @type {Uint8Array} */ msgId) => ({
      ...{ ctype: CTYPE.PROFILE, msgId, seq: 0, sentMs: 0, senderListVersion: 1 },
      convId: conversationId(alice.accountId, bob.accountId),
      body: { username: 'alice', delivery_key: toBase64url(randomBytes(32)) },
    });
    await deliverAuthentic(server, bob, alice, ids.map(profile));
    await time.run(MINUTE);
    const [contact] = bob.stored('contacts').filter(({ accountId }) => accountId);
    const kept = contact.unreceipted.map((/** @type {{ msgId: Uint8Array }} */ { msgId }) => toHex(msgId));
    assert.deepEqual(kept, ids.slice(20).map(toHex));
  });
});

describe('a PREKEY with a device list that contradicts the known one', () => {
  test('is not shown, warned of, and held for thirty days', async () => {
    const { time, server, alice, bob, bobAccount, chat } = await inConversation();
    const lists = [...server.account(bob.accountId).dlcs];
    const forked = new TestAccount('bob', server);
    forked.aik = bobAccount.aik;
    const evil = new TestDevice(forked, time); // first of its list, which is another version 1
    await evil.start();
    server.account(bob.accountId).dlcs = lists;
    const evilChat = await during(time, evil.chatWith('alice'));
    await evil.write(evilChat, 'I am Bob');

    await time.until(async () => (await onlyChat(alice)).identityWarning, 'warned');
    await time.run(MINUTE);
    assert.deepEqual(await alice.texts(chat), ['hello', 'hi']);
    const held = heldBy(alice, bob.accountId);
    assert.deepEqual(
      held.map(({ code }) => code),
      ['E_DLC', 'E_DLC'],
      'PROFILE and text',
    );
    for (const device of [alice, evil]) await device.close();
    await time.run(29 * 24 * HOUR);
    await alice.start();
    await time.run(MINUTE);
    assert.equal(heldBy(alice, bob.accountId).length, 2);
    await alice.close();
    await time.run(2 * 24 * HOUR);
    await alice.start();
    await time.run(MINUTE);
    assert.deepEqual(heldBy(alice, bob.accountId), []);
    assert.deepEqual(server.account(alice.accountId).devices.get(alice.deviceId)?.mailbox, []);
  });
});

describe('one-time prekeys', () => {
  test('are filled up after a session took one, and looked after when an unknown one is named', async () => {
    const { time, server, alice, bob } = await inConversation();
    assert.ok(bob.replenished.length > 0);
    const held = (await bob.database.list('prekeys', [])).map(({ value }) => value.kind);
    assert.deepEqual(
      [PREKEY.ONE_TIME, PREKEY.KEM_ONE_TIME].map((kind) => held.filter((other) => other === kind).length),
      [7, 7],
      'of eight the one that was used is erased',
    );

    await time.run(HOUR);
    bob.replenished.length = 0;
    await bob.close();
    bob.forgetPrekeys();
    await bob.start();
    const carol = new TestDevice(new TestAccount('carol', server), time);
    await carol.start();
    const chat = await during(time, carol.chatWith('bob'));
    await carol.write(chat, 'to keys that are gone');
    await time.until(() => bob.replenished.length > 0, 'looked after');
    assert.equal((await bob.chats()).length, 1);
    assert.equal((await alice.chats()).length, 1);
  });
});
