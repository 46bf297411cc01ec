import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { toHex } from './crypto/bytes.js';
import { ready } from './crypto/sodium.js';
import { TestAccount, TestDevice } from './model/test-device.js';
import { aliceAndBob, during, inConversation, onlyChat, stateOf } from './model/two-people.js';
import { encodeRelayFrame } from './path/relay-frame.js';

before(ready);

const words = (/** @type {number} */ count, from = 1) =>
  Array.from({ length: count }, (_, i) => `message ${i + from}`);

describe('a first conversation', () => {
  test('starts, is answered and receipted', async () => {
    const { time, server, alice, bob } = await aliceAndBob();
    const chat = await during(time, alice.chatWith('bob'));
    assert.equal(chat.username, 'bob');
    assert.equal(server.trace.length, 0, 'opening a chat sends nothing');

    await alice.write(chat, 'hello');
    await time.until(async () => (await bob.chats()).length === 1, 'Bob sees the chat');
    const bobChat = await onlyChat(bob);
    assert.deepEqual(await bob.texts(bobChat), ['hello']);
    assert.equal(bobChat.unread, 1);
    assert.equal(bobChat.accepted, false);
    await time.until(async () => (await onlyChat(bob)).username === 'alice', 'the name is checked');

    await bob.write(bobChat, 'hi');
    await time.until(async () => (await alice.texts(chat)).length === 2, 'Alice sees the answer');
    await time.until(async () => (await stateOf(alice, chat, 'hello')) === 'delivered', 'delivered');
    await bob.engine.markRead({ chatId: bobChat.id, order: 1 });
    await time.until(async () => (await stateOf(alice, chat, 'hello')) === 'read', 'read');
    assert.equal((await onlyChat(bob)).unread, 0);
  });

  test('gets not one byte from the other side before it is accepted', async () => {
    const { time, server, alice, bob } = await aliceAndBob({ webrtc: true });
    const chat = await during(time, alice.chatWith('bob'));
    for (const text of words(3)) await alice.write(chat, text);
    await time.until(async () => (await bob.chats())[0]?.unread === 3, 'Bob has three messages');
    await bob.engine.markRead({ chatId: chat.id, order: 3 });
    await time.run(3 * 3_600_000);

    assert.equal(await stateOf(alice, chat, 'message 3'), 'sent');
    const toAlice = server.trace.filter(({ to }) => to === toHex(alice.accountId));
    assert.deepEqual(toAlice, []);
    const byRelay = server.trace.filter(({ via }) => via === 'relay');
    assert.deepEqual(byRelay, [], 'and Alice uses the mailbox alone');

    await bob.write(chat, 'who is it?');
    await time.until(async () => (await stateOf(alice, chat, 'message 1')) === 'read', 'all is receipted');
    assert.equal(await stateOf(alice, chat, 'message 3'), 'read');
  });

  test('is refused for unknown names and one’s own', async () => {
    const { time, alice } = await aliceAndBob();
    await assert.rejects(during(time, alice.chatWith('carol')), { code: 'contact-unknown' });
    await assert.rejects(during(time, alice.chatWith('Not a name')), { code: 'contact-unknown' });
    await assert.rejects(during(time, alice.chatWith('alice')), { code: 'contact-self' });
  });

  test('keeps what was written before the server knew how to reach the device', async () => {
    const { time, server, alice, bob } = await aliceAndBob();
    const chat = await during(time, alice.chatWith('bob'));
    server.down = true;
    await alice.write(chat, 'into the dark');
    await time.run(120_000);
    assert.equal(await stateOf(alice, chat, 'into the dark'), 'sending');
    server.down = false;
    await time.until(async () => (await bob.chats()).length === 1, 'Bob sees it');
    assert.deepEqual(await bob.texts(await onlyChat(bob)), ['into the dark']);
  });

  test('works when both write first at the same time', async () => {
    const { time, alice, bob } = await aliceAndBob();
    const chat = await during(time, alice.chatWith('bob'));
    await during(time, bob.chatWith('alice'));
    await Promise.all([alice.write(chat, 'from Alice'), bob.write(chat, 'from Bob')]);
    await time.until(async () => (await stateOf(alice, chat, 'from Alice')) === 'delivered', 'to Bob');
    await time.until(async () => (await stateOf(bob, chat, 'from Bob')) === 'delivered', 'to Alice');
    await alice.write(chat, 'once more');
    await time.until(async () => (await bob.texts(chat)).length === 3, 'one session is left to use');
    assert.deepEqual((await alice.texts(chat)).length, 3);
  });
});

describe('the mailbox', () => {
  test('keeps five messages for a closed browser, in order', async () => {
    const { time, alice, bob, chat, bobChat } = await inConversation();
    await bob.close();
    await time.run(1000);
    for (const text of words(5)) await alice.write(chat, text);
    await time.until(async () => (await stateOf(alice, chat, 'message 5')) === 'sent', 'sent');
    await bob.start();
    await time.until(async () => (await onlyChat(bob)).unread === 5, 'five unread');
    assert.deepEqual((await bob.texts(bobChat)).slice(2), words(5));
    await time.until(async () => (await stateOf(alice, chat, 'message 5')) === 'delivered', 'delivered');
  });

  test('is not asked twice for what a lost answer hides: the same bytes are one item', async () => {
    const { time, server, alice, bob, chat, bobChat } = await inConversation();
    server.relayDown = true;
    for (const socket of server.sockets.values()) socket.shut(1006);
    server.loseAnswers = 2;
    await alice.write(chat, 'once');
    await time.until(async () => (await stateOf(alice, chat, 'once')) === 'delivered', 'delivered');
    assert.deepEqual((await bob.texts(bobChat)).slice(2), ['once']);
  });

  test('that is full is tried again and says so', async () => {
    const { time, server, alice, bob, chat, bobChat } = await inConversation();
    await bob.close();
    server.capacity = 0;
    await alice.write(chat, 'squeezed');
    await time.until(
      async () => (await alice.thread(chat)).at(-1)?.mailboxFull === true,
      'the row says that the mailbox is full',
    );
    server.capacity = 100;
    await time.until(async () => (await stateOf(alice, chat, 'squeezed')) === 'sent', 'sent');
    await bob.start();
    await time.until(async () => (await bob.texts(bobChat)).includes('squeezed'), 'received');
    assert.equal((await alice.thread(chat)).at(-1)?.mailboxFull, undefined);
  });

  test('takes messages without a login once the contact’s delivery key is known', async () => {
    const { time, server, alice, bob, chat } = await inConversation();
    await bob.close();
    await time.run(1000);
    server.trace.length = 0;
    await alice.write(chat, 'who sends this?');
    await time.until(async () => (await stateOf(alice, chat, 'who sends this?')) === 'sent', 'sent');
    assert.deepEqual(
      server.trace.map(({ via, from }) => ({ via, from })),
      [{ via: 'deliver', from: null }],
    );
  });

  test('that forgot the delivery token is used with a login instead', async () => {
    const { time, server, alice, bob, chat } = await inConversation();
    await bob.close();
    await time.run(1000);
    server.account(bob.accountId).tokenHash = new Uint8Array(32);
    server.trace.length = 0;
    await alice.write(chat, 'still there?');
    await time.until(async () => (await stateOf(alice, chat, 'still there?')) === 'sent', 'sent');
    assert.equal(server.trace[0]?.via, 'messages');
  });

  test('collects a long queue in batches', async () => {
    const { time, alice, bob, chat, bobChat } = await inConversation();
    await bob.close();
    await time.run(1000);
    for (const text of words(120)) await alice.write(chat, text);
    await time.until(async () => (await stateOf(alice, chat, 'message 120')) === 'sent', 'sent');
    await bob.start();
    await time.until(async () => (await onlyChat(bob)).unread === 120, 'all there');
    assert.ok(bob.database.commits < 40, `${bob.database.commits} commits`);
    const older = await bob.engine.loadOlder({ chatId: bobChat.id, beforeOrder: 1000 });
    assert.equal(older.messages.length, 60);
    assert.equal(older.hasOlder, true);
  });
});

describe('the relay', () => {
  test('carries messages once both have accepted, and the mailbox sees none', async () => {
    const { time, server, alice, bob, chat, bobChat } = await inConversation();
    assert.equal((await onlyChat(alice)).path, 'relayed');
    server.trace.length = 0;
    const sentAt = time.now();
    await alice.write(chat, 'quick');
    await time.until(async () => (await bob.texts(bobChat)).includes('quick'), 'received');
    assert.ok(time.now() - sentAt < 50);
    await time.until(async () => (await stateOf(alice, chat, 'quick')) === 'delivered', 'delivered');
    assert.deepEqual(new Set(server.trace.map(({ via }) => via)), new Set(['relay', 'taken']));
  });

  test('is left for the mailbox when nobody takes the message within the second that a quick one gets', async () => {
    const { time, server, alice, bob, chat, bobChat } = await inConversation();
    const socket = server.sockets.get(bob.lane);
    assert.ok(socket);
    socket.lose = (data) => typeof data !== 'string';
    const sentAt = time.now();
    await alice.write(chat, 'by the other way');
    await time.until(async () => (await bob.texts(bobChat)).includes('by the other way'), 'received');
    assert.ok(time.now() - sentAt >= 1000 && time.now() - sentAt < 2000);
    assert.equal((await bob.texts(bobChat)).filter((text) => text === 'by the other way').length, 1);
  });

  test('that is half open costs a wait once, until something is heard', async () => {
    const { time, server, alice, bob, chat, bobChat } = await inConversation();
    const socket = server.sockets.get(alice.lane);
    assert.ok(socket);
    socket.lose = () => true;
    await alice.write(chat, 'first');
    await time.until(async () => (await stateOf(alice, chat, 'first')) === 'sent', 'by mailbox');
    assert.equal((await onlyChat(alice)).path, 'server');
    for (const text of ['second', 'third']) {
      const sentAt = time.now();
      await alice.write(chat, text);
      await time.until(async () => (await stateOf(alice, chat, text)) === 'sent', 'by mailbox at once');
      assert.ok(time.now() - sentAt < 100, `${time.now() - sentAt} ms`);
    }
    socket.lose = () => false;
    await bob.write(bobChat, 'here I am');
    await time.until(async () => (await onlyChat(alice)).path === 'relayed', 'heard from him');
    const sentAt = time.now();
    await alice.write(chat, 'quick again');
    await time.until(async () => (await bob.texts(bobChat)).includes('quick again'), 'received');
    assert.ok(time.now() - sentAt < 50);
    assert.equal((await bob.texts(bobChat)).length, 7, 'each once');
  });

  test('whose TAKEN is lost makes the same envelope come twice, which nobody takes for a failure', async () => {
    const { time, server, alice, bob, chat, bobChat } = await inConversation();
    const oneTimeKeys = server.account(alice.accountId).devices.get(alice.deviceId)?.opks.length;
    const socket = server.sockets.get(alice.lane);
    assert.ok(socket);
    socket.lose = (data) => typeof data !== 'string';
    await alice.write(chat, 'twice on the way');
    await time.until(
      async () => (await stateOf(alice, chat, 'twice on the way')) === 'delivered',
      'receipt by mailbox',
    );
    await time.run(60_000);
    assert.equal((await bob.texts(bobChat)).filter((text) => text === 'twice on the way').length, 1);
    const left = server.account(alice.accountId).devices.get(alice.deviceId)?.opks.length;
    assert.equal(left, oneTimeKeys, 'no new session was asked for');
  });

  test('gets no TAKEN from one who has not accepted, though the message is kept', async () => {
    const { time, server, alice, bob } = await aliceAndBob();
    const chat = await during(time, alice.chatWith('bob'));
    await alice.write(chat, 'by force');
    await time.until(async () => (await bob.chats()).length === 1, 'by mailbox');
    const items = await alice.database.list('outbox', ['item']);
    server.trace.length = 0;
    const relayed = { type: 1, account: alice.accountId, device: alice.deviceId };
    server.sockets.get(alice.lane)?.connection.handed.add(bob.lane);
    items.forEach(({ value }, ref) => {
      server.sockets.get(bob.lane)?.deliver(encodeRelayFrame({ ...relayed, ref, payload: value.envelope }));
    });
    await time.run(5000);
    assert.deepEqual(server.trace, []);
    assert.deepEqual(await bob.texts(chat), ['by force']);
  });

  test('is not taken past a message that is still on its way to the mailbox', async () => {
    const { time, server, alice, bob, chat, bobChat } = await inConversation();
    await bob.close();
    await time.run(1000);
    server.deliveryMs = 5000;
    await alice.write(chat, 'first');
    await time.run(100);
    await bob.start();
    await time.until(async () => (await onlyChat(alice)).path === 'relayed', 'Bob is here');
    await alice.write(chat, 'second');
    await time.until(async () => (await bob.texts(bobChat)).length === 4, 'both received');
    assert.deepEqual((await bob.texts(bobChat)).slice(2), ['first', 'second']);
  });

  test('that says NOT_HERE costs no time', async () => {
    const { time, server, alice, bob, chat } = await inConversation();
    const socket = server.sockets.get(alice.lane);
    assert.ok(socket);
    socket.lose = (data) => typeof data === 'string' && data.includes('presence');
    await bob.close();
    await time.run(100);
    const sentAt = time.now();
    await alice.write(chat, 'gone?');
    await time.until(async () => (await stateOf(alice, chat, 'gone?')) === 'sent', 'sent');
    assert.ok(time.now() - sentAt < 100);
  });

  test('keeps order and shows each once when everything is sent at once', async () => {
    const { time, alice, bob, chat, bobChat } = await inConversation();
    await Promise.all(words(50).map((text) => alice.write(chat, text)));
    await time.until(async () => (await stateOf(alice, chat, 'message 50')) === 'delivered', 'delivered');
    assert.deepEqual((await bob.texts(bobChat)).slice(2), words(50));
  });

  test('breaks and comes back without loss', async () => {
    const { time, server, alice, bob, chat, bobChat } = await inConversation();
    for (const text of words(20)) {
      await alice.write(chat, text);
      await bob.write(bobChat, `re: ${text}`);
      if (text === 'message 7') server.sockets.get(alice.lane)?.shut(1006);
      if (text === 'message 13') server.sockets.get(bob.lane)?.shut(1012);
      await time.run(3);
    }
    await time.until(async () => (await stateOf(alice, chat, 'message 20')) === 'delivered', 'to Bob');
    await time.until(async () => (await stateOf(bob, bobChat, 're: message 20')) === 'delivered', 'to Alice');
    await time.run(5000);
    const fromAlice = (await bob.thread(bobChat)).filter(({ direction }) => direction === 'in');
    assert.deepEqual(
      fromAlice
        .slice(1)
        .map(({ text }) => text)
        .toSorted(),
      words(20).toSorted(),
    );
    assert.equal((await alice.texts(chat)).length, 42);
  });
});

describe('the data channel', () => {
  test('opens once both have accepted and carries everything from then on', async () => {
    const { time, server, world, alice, bob, chat, bobChat } = await inConversation({ webrtc: true });
    await time.until(async () => (await onlyChat(alice)).path === 'direct', 'Alice is direct');
    await time.until(async () => (await onlyChat(bob)).path === 'direct', 'Bob is direct');
    assert.equal(world.opened, 1);
    server.trace.length = 0;
    await Promise.all(words(20).map((text) => alice.write(chat, text)));
    await time.until(async () => (await stateOf(alice, chat, 'message 20')) === 'delivered', 'delivered');
    assert.deepEqual((await bob.texts(bobChat)).slice(2), words(20));
    assert.deepEqual(server.trace, [], 'the server saw nothing of it');
  });

  test('uses at most four signals for a negotiation', async () => {
    const { time, server, alice, bob } = await inConversation({ webrtc: true });
    await time.until(async () => (await onlyChat(alice)).path === 'direct', 'direct');
    const relayed = server.trace.filter(({ via }) => via === 'relay').length;
    const receipts = 8;
    assert.ok(relayed <= 4 + receipts, `${relayed} frames`);
    assert.equal((await onlyChat(bob)).path, 'direct');
  });

  test('that goes dead is left for the relay within two seconds by far, then not used', async () => {
    const { time, world, alice, bob, chat, bobChat } = await inConversation({ webrtc: true });
    await time.until(async () => (await onlyChat(alice)).path === 'direct', 'direct');
    world.dead = true;
    const sentAt = time.now();
    await alice.write(chat, 'first');
    await time.until(async () => (await bob.texts(bobChat)).includes('first'), 'received');
    assert.ok(time.now() - sentAt < 1600);
    const secondAt = time.now();
    await alice.write(chat, 'second');
    await time.until(async () => (await bob.texts(bobChat)).includes('second'), 'received');
    assert.ok(time.now() - secondAt < 100, 'the suspect channel is not tried again');
    assert.equal((await bob.texts(bobChat)).filter((text) => text === 'first').length, 1);
  });

  test('comes back after the other browser was closed', async () => {
    const { time, world, alice, bob, chat, bobChat } = await inConversation({ webrtc: true });
    await time.until(async () => (await onlyChat(alice)).path === 'direct', 'direct');
    bob.kill();
    await time.until(async () => (await onlyChat(alice)).path === 'server', 'gone');
    await alice.write(chat, 'meanwhile');
    await bob.start();
    await time.until(async () => (await onlyChat(alice)).path === 'direct', 'direct again');
    assert.equal(world.opened, 2);
    assert.deepEqual((await bob.texts(bobChat)).slice(2), ['meanwhile']);
  });

  test('is not offered to a browser without WebRTC for ever', async () => {
    const { time, server, alice, bob, chat, bobChat } = await inConversation({ webrtc: true });
    await time.until(async () => (await onlyChat(alice)).path === 'direct', 'direct');
    await bob.close();
    await bob.startWithoutWebrtc();
    await time.until(async () => (await onlyChat(alice)).path === 'relayed', 'relayed');
    server.trace.length = 0;
    await time.run(29_000);
    const signals = server.trace.filter(({ via }) => via === 'relay').length;
    assert.ok(signals <= 4, `${signals} signals`);
    await alice.write(chat, 'over the relay');
    await time.until(async () => (await bob.texts(bobChat)).includes('over the relay'), 'received');
  });
});

describe('a second device', () => {
  test('receives from then on, and what is written on one shows on the other', async () => {
    const { time, alice, bob, bobAccount, chat, bobChat } = await inConversation();
    const tablet = new TestDevice(bobAccount, time);
    await tablet.start();
    await time.until(async () => (await tablet.chats()).length === 1, 'the contact is known from the vault');
    await time.run(10_000);

    await alice.write(chat, 'to both');
    await time.until(async () => (await bob.texts(bobChat)).includes('to both'), 'on the first');
    await time.until(async () => (await tablet.texts(bobChat)).includes('to both'), 'on the second');

    await tablet.write(bobChat, 'from the tablet');
    await time.until(async () => (await alice.texts(chat)).includes('from the tablet'), 'Alice');
    await time.until(async () => (await bob.texts(bobChat)).includes('from the tablet'), 'on the first');
    await bob.write(bobChat, 'from the first');
    await time.until(async () => (await tablet.texts(bobChat)).includes('from the first'), 'on the second');
    await time.until(
      async () => (await stateOf(tablet, bobChat, 'from the first')) === 'delivered',
      'status',
    );

    await tablet.engine.markRead({ chatId: bobChat.id, order: 100 });
    await time.until(async () => (await onlyChat(bob)).unread === 0, 'read on one is read on the other');
    assert.equal((await alice.texts(chat)).length, 5);
  });

  test('gets what was written between its joining and the others knowing of it', async () => {
    const { time, alice, bob, bobAccount, chat, bobChat } = await inConversation();
    await time.run(13 * 3_600_000); // the own list has been asked for since
    const tablet = new TestDevice(bobAccount, time); // listed, and silent still
    await alice.write(chat, 'to the one known');
    await time.until(async () => (await stateOf(alice, chat, 'to the one known')) === 'delivered', 'receipt');
    await bob.write(bobChat, 'from the one known');
    await time.until(async () => (await alice.texts(chat)).includes('from the one known'), 'Alice');

    await tablet.start();
    for (const text of ['to the one known', 'from the one known'])
      await time.until(async () => (await tablet.texts(bobChat)).includes(text), text, 600_000);
    await time.run(60_000);
    assert.equal((await tablet.texts(bobChat)).length, 2, 'nothing of before');
  });

  test('gets what the first one wrote before it knew of it, though that one’s clock be days behind', async () => {
    const { time, alice, bob, bobAccount, chat, bobChat } = await inConversation();
    bob.clockMs = -3 * 86_400_000;
    await time.run(13 * 3_600_000);
    const tablet = new TestDevice(bobAccount, time); // listed, and silent still
    await bob.write(bobChat, 'in the past');
    await time.until(async () => (await alice.texts(chat)).includes('in the past'), 'Alice has it');

    await tablet.start();
    await time.until(async () => (await tablet.texts(bobChat)).includes('in the past'), 'copied', 600_000);
    await time.run(60_000);
    assert.deepEqual(await tablet.texts(bobChat), ['in the past'], 'nothing of before');
  });

  test('gets what no device of the account had received yet', async () => {
    const { time, alice, bob, bobAccount, chat, bobChat } = await inConversation();
    await bob.close();
    await time.run(1000);
    await alice.write(chat, 'waiting');
    await time.until(async () => (await stateOf(alice, chat, 'waiting')) === 'sent', 'sent');
    const tablet = new TestDevice(bobAccount, time);
    await tablet.start();
    await time.until(async () => (await tablet.chats()).length === 1, 'the contact is known');
    await time.until(async () => (await tablet.texts(bobChat)).includes('waiting'), 'sent again', 600_000);
  });
});

describe('two devices that are new to each other', () => {
  test('have a direct channel as soon as they have a session', async () => {
    const scene = await inConversation({ webrtc: true });
    const { time, server, world, alice, bob, aliceAccount, bobAccount } = scene;
    await time.until(async () => (await onlyChat(alice)).path === 'direct', 'direct');
    server.bundleMs = 2000; // so that they see each other long before
    await alice.close();
    await bob.close();
    const phone = new TestDevice(aliceAccount, time, { webrtc: world });
    const tablet = new TestDevice(bobAccount, time, { webrtc: world });
    await Promise.all([phone.start(), tablet.start()]);
    const direct = async () => {
      const [atPhone] = await phone.chats();
      const [atTablet] = await tablet.chats();
      return atPhone?.path === 'direct' && atTablet?.path === 'direct';
    };
    await time.until(direct, 'direct', 9000); // no offer was lost: the next one would have come 40 s later
  });
});

describe('identity evidence', () => {
  test('that a server withholds is noticed by the next message, and nothing more is sent', async () => {
    const { time, server, alice, bob, bobAccount, chat, bobChat } = await inConversation();
    const shown = server.account(bob.accountId);
    const first = [...shown.dlcs];
    new TestDevice(bobAccount, time); // a second list; the device itself says nothing yet
    shown.dlcs = first;
    await bob.close();
    await bob.start();
    await time.run(1000);
    await bob.write(bobChat, 'I have a tablet now');
    await time.until(
      async () => (await alice.texts(chat)).includes('I have a tablet now'),
      'shown all the same',
    );
    assert.equal((await onlyChat(alice)).identityWarning, false, 'once may be chance');
    await time.until(async () => (await onlyChat(alice)).identityWarning, 'twice, a minute apart, is not');
    await assert.rejects(alice.write(chat, 'to whom?'), { code: 'identity-broken' });
  });

  test('of a list that does not follow from the known one blocks sending', async () => {
    const { time, server, alice, bob, chat, bobAccount } = await inConversation();
    const forked = new TestAccount('bob', server);
    forked.aik = bobAccount.aik;
    const evil = new TestDevice(forked, time); // a first list again, under the same account
    server.account(bob.accountId).dlcs = [...server.account(bob.accountId).dlcs.slice(0, 1)];
    const other = new TestDevice(forked, time);
    assert.notEqual(evil.deviceId, other.deviceId);
    await bob.close();
    await time.run(1000);
    await alice.write(chat, 'for Bob’s devices');
    await time.until(async () => (await onlyChat(alice)).identityWarning, 'the user is warned');
    assert.equal(await stateOf(alice, chat, 'for Bob’s devices'), 'sending');
  });
});
