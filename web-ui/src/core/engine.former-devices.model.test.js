import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { ready } from './crypto/sodium.js';
import { TestDevice } from './model/test-device.js';
import { inConversation, stateOf } from './model/two-people.js';

before(ready);

/**
 * The peer learns of the new list before the new device says anything: envelopes of the former one open no more.
 *
 * @param {Awaited<ReturnType<typeof inConversation>>} scene
 */
async function signInAgainAsPeerWatches({ time, alice, bob, bobChat }) {
  alice.signInAgain();
  await bob.write(bobChat, 'where are you?');
  await time.until(async () => (await stateOf(bob, bobChat, 'where are you?')) === 'sent', 'told by a 409');
}

/**
 * @param {TestDevice} device
 * @param {{ id: string }} chat
 */
async function assertNothingTwice(device, chat) {
  const texts = await device.texts(chat);
  assert.equal(new Set(texts).size, texts.length, `shown twice: ${texts}`);
}

describe('who signs in again on a kept database', () => {
  test('has what was written before delivered, shown once, and talks on', async () => {
    const scene = await inConversation();
    const { time, server, alice, bob, chat, bobChat } = scene;
    await bob.close();
    await alice.write(chat, 'in the mailbox');
    await time.until(async () => (await stateOf(alice, chat, 'in the mailbox')) === 'sent', 'sent');
    server.down = true;
    await alice.write(chat, 'not out yet');
    await time.run(5000);
    alice.kill();
    server.loseMail(bob.accountId);
    server.down = false;
    await bob.start();
    await signInAgainAsPeerWatches(scene);
    await alice.start();
    await alice.write(chat, 'as a new device');

    for (const text of ['in the mailbox', 'not out yet', 'as a new device'])
      await time.until(async () => (await stateOf(alice, chat, text)) === 'delivered', text);
    await bob.write(bobChat, 'all read');
    await time.until(async () => (await alice.texts(chat)).includes('all read'), 'Alice reads on');
    await time.run(3_600_000);
    const texts = ['hello', 'hi', 'in the mailbox', 'not out yet', 'as a new device', 'where are you?'];
    assert.deepEqual((await bob.texts(bobChat)).toSorted(), [...texts, 'all read'].toSorted());
    assert.deepEqual((await alice.texts(chat)).toSorted(), [...texts, 'all read'].toSorted());
    assert.deepEqual(await alice.database.list('outbox', ['item']), []);
  });

  test('is receipted for what the peer has had all along, and it is not shown again', async () => {
    const { time, alice, bob, chat, bobChat } = await inConversation();
    await alice.write(chat, 'received');
    await time.until(async () => (await bob.texts(bobChat)).includes('received'), 'Bob has it');
    assert.notEqual(await stateOf(alice, chat, 'received'), 'delivered', 'its receipt waits for a moment');
    alice.signInAgain();
    await alice.start();

    await time.until(async () => (await stateOf(alice, chat, 'received')) === 'delivered', 'receipted');
    await time.run(3_600_000);
    assert.deepEqual(await bob.texts(bobChat), ['hello', 'hi', 'received']);
  });

  test('again and again, also when the tab dies meanwhile, sends each message once', async () => {
    const { time, server, alice, bob, chat, bobChat } = await inConversation();
    await bob.close();
    server.down = true;
    await alice.write(chat, 'first');
    await time.run(1000);
    for (const when of /** @type {const} */ (['before', 'after'])) {
      alice.signInAgain();
      const started = alice.start(); // never settles once the tab is dead
      alice.database.onCommit = (at) => at === when && alice.kill();
      await Promise.race([started, time.run(1000)]);
      assert.equal(alice.database.dead, true);
      await alice.start();
      await time.run(1000);
      await alice.write(chat, `as a new device, ${when}`);
    }
    server.down = false;
    await bob.start();

    // two hours: a receipt that left before Bob had the new list went to the former device, RETRANSMIT brings another
    for (const text of ['first', 'as a new device, before', 'as a new device, after'])
      await time.until(async () => (await stateOf(alice, chat, text)) === 'delivered', text, 7_200_000);
    await time.run(3_600_000);
    assert.deepEqual(
      (await bob.texts(bobChat)).toSorted(),
      ['hello', 'hi', 'first', 'as a new device, before', 'as a new device, after'].toSorted(),
    );
  });

  test('numbers what it repeats among its own messages, without a gap, for every device of the peer', async () => {
    const scene = await inConversation();
    const { time, server, alice, bob, bobAccount, chat } = scene;
    const phone = new TestDevice(bobAccount, time);
    await phone.start();
    await time.run(30_000);
    await Promise.all([bob.close(), phone.close()]);
    for (const text of ['lost', 'lost too']) await alice.write(chat, text);
    await time.until(async () => (await stateOf(alice, chat, 'lost too')) === 'sent', 'sent');
    await time.run(1000);
    server.loseMail(bob.accountId);
    await bob.start();
    await alice.write(chat, 'received');
    await time.until(async () => (await stateOf(alice, chat, 'received')) === 'delivered', 'Bob has it');
    await signInAgainAsPeerWatches(scene);
    await phone.start();
    await alice.start();
    await alice.write(chat, 'new');

    for (const device of [bob, phone]) {
      for (const text of ['lost', 'lost too', 'new'])
        await time.until(async () => (await device.texts(chat)).includes(text), text);
      const segments = await device.database.list('messages', []);
      const rows = segments.flatMap(({ value }) => value.rows);
      const seqOf = (/** @type {string} */ text) => rows.find(({ body }) => body.text === text)?.seq;
      assert.equal(seqOf('lost too') - seqOf('lost'), 1);
      assert.equal(seqOf('new') - seqOf('lost'), 3, 'the phone lacked a third one, which both count');
      assert.equal(rows.filter(({ body }) => body.text === 'received').length, 1);
    }
  });

  test('gives its other devices the copies that they had not received', async () => {
    const { time, alice, bob, aliceAccount, chat, bobChat } = await inConversation();
    const tablet = new TestDevice(aliceAccount, time);
    await tablet.start();
    await time.until(async () => (await tablet.chats()).length === 1, 'the contact is known');
    await time.run(30_000);
    await alice.write(chat, 'copy under way'); // one's own copy waits a moment (§6.3)
    await time.until(async () => (await bob.texts(bobChat)).includes('copy under way'), 'Bob has it');
    alice.signInAgain();
    await tablet.close();
    await tablet.start(); // and sees the new list
    await time.run(10_000);
    assert.equal((await tablet.texts(chat)).includes('copy under way'), false);
    await alice.start();
    await alice.write(chat, 'as a new device');

    for (const text of ['copy under way', 'as a new device'])
      await time.until(async () => (await tablet.texts(chat)).includes(text), text, 600_000);
    await tablet.write(chat, 'from the tablet');
    await time.until(async () => (await alice.texts(chat)).includes('from the tablet'), 'on the new device');
    await time.run(3_600_000);
    await assertNothingTwice(tablet, chat);
    await assertNothingTwice(bob, bobChat);
  });

  test('repeats a copy that another device has, which shows it once', async () => {
    const { time, alice, aliceAccount, chat } = await inConversation();
    const tablet = new TestDevice(aliceAccount, time);
    await tablet.start();
    await time.until(async () => (await tablet.chats()).length === 1, 'the contact is known');
    await time.run(30_000);
    await alice.write(chat, 'copied');
    await time.until(async () => (await tablet.texts(chat)).includes('copied'), 'and not receipted yet');
    alice.signInAgain();
    await alice.start();
    await alice.write(chat, 'as a new device');

    await time.until(async () => (await tablet.texts(chat)).includes('as a new device'), 'on the tablet');
    await time.run(3_600_000);
    assert.equal((await tablet.texts(chat)).filter((text) => text === 'copied').length, 1);
  });

  test('has the status told to a device that never met the former one', async () => {
    const { time, server, alice, bob, aliceAccount, chat, bobChat } = await inConversation();
    await time.run(120_000);
    await bob.close();
    server.down = true;
    await alice.write(chat, 'left behind');
    await time.run(1000);
    alice.signInAgain();
    server.down = false;
    const tablet = new TestDevice(aliceAccount, time);
    await alice.start();
    await tablet.start();
    await time.until(
      async () => (await tablet.texts(chat).catch(() => [''])).includes('left behind'),
      'copied',
    );
    await bob.start();

    await time.until(async () => (await bob.texts(bobChat)).includes('left behind'), 'received');
    await time.until(async () => (await stateOf(tablet, chat, 'left behind')) === 'delivered', 'status');
  });
});
