import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { toHex } from './crypto/bytes.js';
import { ready } from './crypto/sodium.js';
import { chanceOf } from './model/chance.js';
import { sessionsOf } from './model/forged-envelope.js';
import { inConversation, onlyChat, stateOf } from './model/two-people.js';

before(ready);

/** @typedef {import('./model/test-device.js').TestDevice} TestDevice */

/**
 * @param {TestDevice} device
 * @param {{ id: string }} chat
 * @param {'in' | 'out'} direction
 */
async function allTexts(device, chat, direction) {
  /** @type {import('./protocol.js').MessageView[]} */
  let messages = [];
  for (let before = Number.MAX_SAFE_INTEGER, more = true; more; ) {
    const page = await device.engine.loadOlder({ chatId: chat.id, beforeOrder: before });
    messages = [...page.messages, ...messages];
    before = messages[0]?.order ?? 0;
    more = page.hasOlder;
  }
  return messages.filter((message) => message.direction === direction).map(({ text }) => text);
}

describe('a browser that dies', () => {
  for (const when of /** @type {const} */ (['before', 'after'])) {
    for (const nth of [1, 2, 3, 5, 8]) {
      test(`${when} its commit ${nth} while receiving shows each message once`, async () => {
        const { time, alice, bob, chat, bobChat } = await inConversation();
        let commits = 0;
        bob.database.onCommit = (at) => {
          if (at !== when) return;
          commits += 1;
          if (commits === nth) bob.kill();
        };
        const texts = Array.from({ length: 12 }, (_, i) => `message ${i}`);
        for (const text of texts) {
          await alice.write(chat, text);
          await time.run(100);
        }
        await bob.start();
        await time.until(async () => (await onlyChat(bob)).unread === 12, 'all received');
        await time.run(5000);
        assert.deepEqual((await allTexts(bob, bobChat, 'in')).slice(1), texts);
        await time.until(async () => (await stateOf(alice, chat, 'message 11')) === 'delivered', 'receipted');
      });

      test(`${when} its commit ${nth} while sending has sent each message it kept once`, async () => {
        const { time, alice, bob, chat, bobChat } = await inConversation();
        let commits = 0;
        alice.database.onCommit = (at) => {
          if (at !== when) return;
          commits += 1;
          if (commits === nth) alice.kill();
        };
        for (let i = 0; i < 6; i++) {
          alice.write(chat, `message ${i}`); // never settles once the browser is dead
          await time.run(100);
        }
        await alice.start();
        const kept = (await allTexts(alice, chat, 'out')).slice(1);
        await time.until(
          async () => (await allTexts(bob, bobChat, 'in')).length === kept.length + 1,
          'all of them',
        );
        await time.run(10_000);
        assert.deepEqual((await allTexts(bob, bobChat, 'in')).slice(1), kept);
      });
    }
  }
});

describe('a full disk', () => {
  test('acknowledges nothing, says so, and loses nothing', async () => {
    const { time, alice, bob, chat, bobChat } = await inConversation();
    bob.database.full = true;
    await alice.write(chat, 'no room');
    await time.run(30_000);
    assert.ok(bob.notices.some(({ notice, data }) => notice === 'fault' && data.code === 'storage-full'));
    assert.equal(await stateOf(alice, chat, 'no room'), 'sent');
    bob.database.full = false;
    await time.until(async () => (await stateOf(alice, chat, 'no room')) === 'delivered', 'delivered');
    assert.deepEqual((await allTexts(bob, bobChat, 'in')).slice(1), ['no room']);
  });
});

describe('a restored profile directory', () => {
  test('of the receiver heals in a new session', async () => {
    const { time, alice, bob, chat, bobChat } = await inConversation();
    const old = bob.snapshot();
    for (let i = 0; i < 3; i++) {
      await alice.write(chat, `lost ${i}`);
      await time.run(3000);
      await bob.write(bobChat, `forgotten ${i}`);
      await time.run(3000);
    }
    bob.kill();
    bob.restore(old);
    await bob.start();
    await time.run(5000);
    await alice.write(chat, 'after');
    await time.until(async () => (await allTexts(bob, bobChat, 'in')).includes('after'), 'Bob reads on');
    await bob.write(bobChat, 'I am back');
    await time.until(async () => (await allTexts(alice, chat, 'in')).includes('I am back'), 'Alice reads on');
    const live = async (/** @type {TestDevice} */ device, /** @type {TestDevice} */ peer) =>
      (await sessionsOf(device, peer)).sessions.filter(({ dead }) => !dead).map(({ sid }) => toHex(sid));
    assert.equal(
      (await live(alice, bob)).length,
      1,
      'the broken one is dead at Alice, by the RETRY that named it',
    );
    assert.deepEqual(await live(alice, bob), await live(bob, alice));
    const all = await allTexts(alice, chat, 'in');
    assert.equal(new Set(all).size, all.length, 'nothing is shown twice');
  });

  test('of the sender is noticed and heals in a new session', async () => {
    const { time, alice, bob, chat, bobChat } = await inConversation();
    const old = alice.snapshot();
    await alice.write(chat, 'before the restore');
    await time.run(5000);
    alice.kill();
    alice.restore(old);
    await alice.start();
    await time.run(1000);
    // the used message key again: STALE at Bob, who asks in a new session
    await alice.write(chat, 'with a used key');
    await time.until(async () => (await allTexts(bob, bobChat, 'in')).includes('with a used key'), 'healed');
    const all = await allTexts(bob, bobChat, 'in');
    assert.deepEqual(all, ['hello', 'before the restore', 'with a used key']);
  });
});

describe('a message that is sealed again while its first envelope is under way', () => {
  test('is not taken for sent by the late answer to that one', async () => {
    const { time, server, alice, bob, chat, bobChat } = await inConversation();
    const old = bob.snapshot();
    for (let i = 0; i < 2; i++) {
      await alice.write(chat, `lost ${i}`);
      await time.run(3000);
      await bob.write(bobChat, `forgotten ${i}`);
      await time.run(3000);
    }
    bob.kill();
    bob.restore(old);
    await bob.start();
    await time.run(1000);
    const toBob = server.sockets.get(bob.lane);
    assert.ok(toBob);
    toBob.lose = (data) => typeof data !== 'string'; // the relay takes nothing to Bob: by mailbox, after two seconds
    let answer = () => {};
    server.answersHeld = new Promise((resolve) => {
      answer = resolve;
    });

    await alice.write(chat, 'twice sealed');
    const sealed = async () => {
      const items = await alice.database.list('outbox', ['item']);
      return items.find(({ value }) => value.content === null)?.value;
    };
    const first = await sealed();
    await time.until(async () => (await sealed())?.tries === 1, 'Bob cannot read it and asks again');
    const second = await sealed();
    assert.notDeepEqual(second.envelopeId, first.envelopeId);
    assert.equal(second.state, 'queued');
    answer();
    server.answersHeld = null;
    await time.run(1);

    assert.equal((await sealed()).state, 'queued', 'the second has not been taken by anyone');
    await time.until(async () => (await allTexts(bob, bobChat, 'in')).includes('twice sealed'), 'read');
    await time.until(async () => (await stateOf(alice, chat, 'twice sealed')) === 'delivered', 'receipted');
    assert.equal((await allTexts(bob, bobChat, 'in')).filter((text) => text === 'twice sealed').length, 1);
  });
});

describe('a message that was received, but whose receipt is forgotten', () => {
  test('is sealed again when the peer is active, shown once, and receipted again', async () => {
    const { time, server, alice, bob, chat, bobChat } = await inConversation();
    server.relayDown = true;
    for (const socket of server.sockets.values()) socket.shut(1006);
    server.down = true;
    await alice.write(chat, 'again and again');
    const queued = alice.snapshot();
    server.down = false;
    server.relayDown = false;
    await time.until(
      async () => (await stateOf(alice, chat, 'again and again')) === 'delivered',
      'delivered',
    );
    await time.run(5000); // the mailbox has forgotten the receipt
    alice.kill();
    alice.restore(queued);
    await alice.start();
    await time.until(
      async () => (await stateOf(alice, chat, 'again and again')) === 'sent',
      'the same bytes',
    );
    await bob.write(bobChat, 'are you there?');
    await time.until(
      async () => (await stateOf(alice, chat, 'again and again')) === 'delivered',
      'receipted again',
      24 * 3_600_000,
    );
    assert.deepEqual(await allTexts(bob, bobChat, 'in'), ['hello', 'again and again']);
    await time.until(
      async () => (await allTexts(alice, chat, 'in')).includes('are you there?'),
      'Alice reads on',
    );
  });
});

describe('chance', () => {
  for (let seed = 1; seed <= 6; seed++) {
    test(`of every fault at once, seed ${seed}: each message is shown once on both sides`, async () => {
      const { time, server, world, alice, bob, chat } = await inConversation({ webrtc: seed % 2 === 0 });
      const chance = chanceOf(seed);
      /** @type {Map<TestDevice, string[]>} */
      const written = new Map([alice, bob].map((device) => [device, []]));
      for (let step = 0; step < 120; step++) {
        const device = chance() < 0.5 ? alice : bob;
        const fault = chance();
        if (fault < 0.6) device.write(chat, `${device === alice ? 'a' : 'b'}${step}`).catch(() => {});
        else if (fault < 0.66) server.sockets.get(device.lane)?.shut(1006);
        else if (fault < 0.72) server.loseAnswers += 1;
        else if (fault < 0.76) world.dead = !world.dead;
        else if (fault < 0.8) server.down = !server.down;
        else if (fault < 0.84) loseSome(server, device, chance);
        else if (fault < 0.9) {
          device.kill();
          await device.start();
        } else if (fault < 0.93) {
          device.database.onCommit = (when) => {
            if (when === (fault < 0.915 ? 'before' : 'after')) device.kill();
          };
        } else await time.run(chance() * 4000);
        await time.run(chance() * 50);
        if (device.database.dead) await device.start();
      }
      Object.assign(server, { down: false, loseAnswers: 0 });
      world.dead = false;
      for (const socket of server.sockets.values()) socket.lose = () => false;
      for (const device of [alice, bob]) device.database.onCommit = null;
      for (const device of [alice, bob]) if (device.database.dead) await device.start();
      for (const device of [alice, bob])
        written.set(device, (await allTexts(device, chat, 'out')).toSorted());
      await time.until(
        async () => {
          const toBob = (await allTexts(bob, chat, 'in')).length === written.get(alice)?.length;
          return toBob && (await allTexts(alice, chat, 'in')).length === written.get(bob)?.length;
        },
        'everything has arrived',
        48 * 3_600_000,
      );
      await time.run(60_000);
      assert.deepEqual((await allTexts(bob, chat, 'in')).toSorted(), written.get(alice));
      assert.deepEqual((await allTexts(alice, chat, 'in')).toSorted(), written.get(bob));
      await time.until(
        async () =>
          (await alice.thread(chat)).every(
            ({ state }) => !state || state === 'delivered' || state === 'read',
          ),
        'all is receipted',
        48 * 3_600_000,
      );
    });
  }
});

/**
 * @param {import('./model/server-double.js').ServerDouble} server
 * @param {TestDevice} device
 * @param {() => number} chance
 */
function loseSome(server, device, chance) {
  const socket = server.sockets.get(device.lane);
  if (socket) socket.lose = () => chance() < 0.3;
}
