import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { fromBase64url, toHex } from './crypto/bytes.js';
import { CTYPE } from './crypto/content.js';
import { openEnvelope } from './crypto/envelope.js';
import { randomBytes } from './crypto/random.js';
import { ready } from './crypto/sodium.js';
import { deliverAuthentic, deliverForged, forge, garbage, sessionsOf } from './model/forged-envelope.js';
import { TestDevice } from './model/test-device.js';
import { aliceAndBob, during, inConversation, onlyChat, stateOf } from './model/two-people.js';

before(ready);

/** @typedef {Awaited<ReturnType<typeof inConversation>>} Scene */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * @param {TestDevice} device
 * @param {{ id: string }} chat
 */
const gapsOf = async (device, chat) => (await device.engine.openChat({ chatId: chat.id })).gaps;

/** @param {TestDevice} device */
const rowsOf = async (device) =>
  (await device.database.list('messages', [])).flatMap((/** @type {any} */ { value }) => value.rows);

/**
 * The numbers that a device asks for from now on, one entry for each RETRY.
 *
 * @param {TestDevice} device
 */
function questionsOf(device) {
  /** @type {number[][]} */
  const questions = [];
  /** @type {Set<string>} */
  const known = new Set();
  device.onWrite = (store, value) => {
    if (store !== 'outbox' || value.content?.ctype !== CTYPE.RETRY) return;
    const id = toHex(value.content.msgId);
    const seqs = value.content.body.items.flatMap((/** @type {any} */ { seq }) => seq ?? []);
    if (seqs.length > 0 && !known.has(id)) questions.push(seqs);
    known.add(id);
  };
  return questions;
}

/**
 * Alice writes, and what the server keeps for one device is gone before it is collected.
 *
 * @param {Pick<Scene, 'time' | 'server' | 'alice'>} scene
 * @param {TestDevice} to closed after this
 * @param {{ id: string }} chat
 * @param {string} text
 */
async function writeAndLose({ time, server, alice }, to, chat, text) {
  await to.close();
  await alice.write(chat, text);
  await time.until(async () => (await stateOf(alice, chat, text)) !== 'sending', 'sent');
  const mailbox = server.account(to.accountId).devices.get(to.deviceId);
  if (mailbox) mailbox.mailbox = [];
}

/**
 * Of Alice's 'lost' and 'next' the second alone reaches Bob.
 *
 * @param {Pick<Scene, 'time' | 'server' | 'alice' | 'bob' | 'chat'>} scene
 */
async function withoutOne(scene) {
  const { time, alice, bob, chat } = scene;
  await writeAndLose(scene, bob, chat, 'lost');
  await alice.write(chat, 'next');
  await bob.start();
  await time.until(async () => (await bob.texts(await onlyChat(bob))).includes('next'), 'Bob reads on');
}

describe('a message that got lost', () => {
  test('is told at its place after ten minutes, asked for, and comes once as it was written', async () => {
    const scene = await inConversation();
    const { time, alice, bob, bobChat } = scene;
    await withoutOne(scene);
    const questions = questionsOf(bob);
    await time.run(9 * MINUTE);
    assert.deepEqual(await gapsOf(bob, bobChat), []);
    assert.deepEqual(questions, []);

    bob.notices.length = 0;
    await time.until(async () => (await bob.texts(bobChat)).includes('lost'), 'it comes', 2 * MINUTE);
    const told = bob.notices.filter(({ notice }) => notice === 'gaps').map(({ data }) => data.gaps);
    const place = (await bob.thread(bobChat)).find(({ text }) => text === 'next')?.order;
    assert.deepEqual(told, [[{ order: place, count: 1, lost: false }], []]);
    assert.deepEqual(questions, [[2]]);
    assert.deepEqual(await gapsOf(bob, bobChat), []);

    await time.run(5 * HOUR);
    assert.deepEqual(await bob.texts(bobChat), ['hello', 'hi', 'next', 'lost']);
    assert.deepEqual(questions, [[2]]);
    const [written, received] = await Promise.all(
      [alice, bob].map(async (device) => (await rowsOf(device)).find(({ body }) => body.text === 'lost')),
    );
    for (const field of ['msgId', 'sentMs', 'seq', 'body', 'ctype', 'device'])
      assert.deepEqual(received[field], written[field], field);
  });

  test('comes also when its session is broken and what failed in it may not be asked about yet', async () => {
    const scene = await inConversation();
    const { time, server, alice, bob, chat, bobChat } = scene;
    const { sessions } = await sessionsOf(bob, alice);
    const sid16 = /** @type {{ sid: Uint8Array }} */ (sessions[0]).sid.subarray(0, 16);
    deliverForged(server, bob, alice, garbage(sid16)); // whoever knew the name of the session took this hour's RETRY
    await time.run(5000);
    await bob.write(bobChat, 'in the new session');
    await time.run(5000);

    const questions = questionsOf(bob);
    server.relayDown = true;
    for (const device of [alice, bob]) server.sockets.get(device.lane)?.shut(1006);
    server.tamper = (envelope) => {
      const { kind, body } = openEnvelope(bob.keys, envelope);
      const broken = body.slice();
      broken[broken.length - 1] = Number(broken.at(-1)) ^ 1;
      return forge(server, bob, alice, broken, kind);
    };
    await alice.write(chat, 'lost');
    await time.until(async () => (await stateOf(alice, chat, 'lost')) === 'sent', 'sent');
    server.tamper = (envelope) => envelope;
    server.relayDown = false;
    await alice.write(chat, 'next');
    await time.until(async () => (await bob.texts(bobChat)).includes('next'), 'Bob reads on');
    assert.equal(bob.stored('retry').flatMap(({ entries }) => entries).length, 1, 'the failure has to wait');

    await time.until(async () => (await gapsOf(bob, bobChat)).length > 0, 'told', 12 * MINUTE);
    await time.until(async () => (await bob.texts(bobChat)).includes('lost'), 'filled', MINUTE);
    assert.deepEqual(await gapsOf(bob, bobChat), []);
    await time.run(5 * HOUR);
    assert.equal((await bob.texts(bobChat)).filter((text) => text === 'lost').length, 1);
    assert.deepEqual(questions, [[2]]);
  });

  test('is lost when its time is over, and still shown if it comes', async () => {
    const scene = await inConversation();
    const { time, alice, bob, bobChat } = scene;
    await withoutOne(scene);
    await alice.close();
    const questions = questionsOf(bob);
    await time.run(10 * HOUR);
    const [open] = await gapsOf(bob, bobChat);
    assert.deepEqual([open?.count, open?.lost], [1, false]);
    assert.deepEqual(questions, [[2], [2], [2]]);
    await bob.close();
    await time.run(30 * DAY);
    await bob.start();
    await time.until(async () => (await gapsOf(bob, bobChat))[0]?.lost === true, 'given up');
    await time.run(5 * HOUR);
    assert.equal(questions.length, 3, 'and asked for no more');

    await alice.start();
    await time.until(async () => (await bob.texts(bobChat)).includes('lost'), 'Alice is back', HOUR);
    assert.deepEqual(await gapsOf(bob, bobChat), []);
  });

  test('is still told, and not asked for sooner, after a restart', async () => {
    const scene = await inConversation();
    const { time, alice, bob, bobChat } = scene;
    await withoutOne(scene);
    await alice.close();
    const questions = questionsOf(bob);
    await time.run(11 * MINUTE);
    for (let i = 0; i < 3; i++) {
      await bob.close();
      await time.run(MINUTE);
      await bob.start();
      await time.run(MINUTE);
    }
    assert.equal((await gapsOf(bob, bobChat)).length, 1);
    assert.deepEqual(questions, [[2]]);
  });

  test('of somebody who was not answered is told, and asked for after the answer alone', async () => {
    const scene = await aliceAndBob();
    const { time, server, alice, bob } = scene;
    const chat = await during(time, alice.chatWith('bob'));
    await alice.write(chat, 'hello');
    await time.until(async () => (await bob.chats()).length === 1, 'Bob sees the chat');
    server.trace.length = 0;
    await withoutOne({ ...scene, chat });
    const bobChat = await onlyChat(bob);
    await time.run(5 * HOUR);
    assert.equal((await gapsOf(bob, bobChat)).length, 1);
    const toAlice = server.trace.filter(({ to }) => to === toHex(alice.accountId));
    assert.deepEqual(toAlice, [], 'nothing at all');

    const questions = questionsOf(bob);
    await bob.write(bobChat, 'hi');
    await time.until(async () => (await bob.texts(bobChat)).includes('lost'), 'asked and answered');
    assert.deepEqual(questions, [[2]]);
  });
});

describe('who is asked for numbers', () => {
  /** Alice's 'lost' has no receipt, and Bob's client asks at will. */
  async function withUnreceipted() {
    const scene = await inConversation();
    const { time, server, alice, bob, chat } = scene;
    await writeAndLose(scene, bob, chat, 'lost');
    await bob.start();
    await time.run(5000);
    const conv = chat.id;
    let tries = 0;
    const convId = fromBase64url(conv);
    const content = { ctype: CTYPE.RETRY, convId, sentMs: time.now(), seq: 0, senderListVersion: 1 };
    alice.onWrite = (store, value) => {
      if (store === 'outbox' && value.envelope) tries = Math.max(tries, value.tries);
    };
    /** @param {number[]} seqs */
    const ask = async (seqs) => {
      const body = { items: seqs.map((seq) => ({ conv, seq })) };
      await deliverAuthentic(server, alice, bob, [{ ...content, msgId: randomBytes(16), body }]);
      bob.kill(); // his engine did not say that
      await time.run(5000);
      return tries;
    };
    return { ask };
  }

  test('seals each message again once for one question', async () => {
    const { ask } = await withUnreceipted();
    assert.equal(await ask(Array.from({ length: 64 }, () => 2)), 1);
  });

  test('seals nothing that was receipted, or was never written', async () => {
    const { ask } = await withUnreceipted();
    assert.equal(await ask([1, 3, 2 ** 32 - 1]), 0);
  });
});

describe('two browsers of one account', () => {
  test('miss each its own', async () => {
    const scene = await inConversation();
    const { time, alice, bob, bobAccount, chat, bobChat } = scene;
    const tablet = new TestDevice(bobAccount, time);
    await tablet.start();
    await time.run(MINUTE);
    await alice.write(chat, 'to both');
    await time.until(async () => (await tablet.texts(bobChat)).includes('to both'), 'known there');
    await withoutOne(scene);
    await time.until(async () => (await tablet.texts(bobChat)).includes('next'), 'read there');
    const questions = questionsOf(bob);

    await time.until(async () => (await bob.texts(bobChat)).includes('lost'), 'filled', 12 * MINUTE);
    await time.run(HOUR);
    assert.deepEqual(questions, [[3]]);
    for (const device of [bob, tablet]) {
      assert.deepEqual(await gapsOf(device, bobChat), []);
      assert.equal((await device.texts(bobChat)).filter((text) => text === 'lost').length, 1);
      assert.equal(device.notices.filter(({ notice }) => notice === 'gaps').length, device === bob ? 2 : 0);
    }
  });

  test('a new one misses nothing that was written before it came', async () => {
    const scene = await inConversation();
    const { time, alice, bob, bobAccount, chat, bobChat } = scene;
    await withoutOne(scene);
    await time.until(async () => (await stateOf(alice, chat, 'next')) === 'delivered', 'receipted');
    await bob.close();
    await time.run(5 * MINUTE);
    const tablet = new TestDevice(bobAccount, time);
    await tablet.start();
    await time.until(async () => (await tablet.chats()).length === 1, 'the contact is known');
    await tablet.write(bobChat, 'here as well'); // by which Alice learns of it
    await time.until(async () => (await tablet.texts(bobChat)).includes('lost'), 'nobody had receipted it');
    await alice.write(chat, 'and on');
    await time.until(async () => (await tablet.texts(bobChat)).includes('and on'), 'all of them');
    const questions = questionsOf(tablet);
    await time.run(30 * MINUTE);
    assert.equal((await tablet.texts(bobChat)).includes('next'), false, 'Bob’s first browser has it');
    assert.deepEqual(await gapsOf(tablet, bobChat), []);
    assert.deepEqual(questions, []);
  });

  test('a new one misses nothing of before by what was written with a clock that stood ahead', async () => {
    const { time, alice, bobAccount, chat, bobChat } = await inConversation();
    alice.clockMs = 40 * 24 * HOUR;
    await alice.write(chat, 'ahead');
    await time.until(async () => (await stateOf(alice, chat, 'ahead')) === 'delivered', 'receipted');
    alice.clockMs = 0;
    for (const text of ['before', 'just before']) await alice.write(chat, text);
    await time.until(async () => (await stateOf(alice, chat, 'just before')) === 'delivered', 'receipted');
    await time.run(5 * MINUTE);
    const tablet = new TestDevice(bobAccount, time);
    await tablet.start();
    await time.until(async () => (await tablet.chats()).length === 1, 'the contact is known');
    await tablet.write(bobChat, 'here as well');
    await time.until(
      async () => (await tablet.texts(bobChat)).includes('ahead'),
      'its time says that it is new',
    );
    await alice.write(chat, 'and on');
    await time.until(async () => (await tablet.texts(bobChat)).includes('and on'), 'all of them');
    const questions = questionsOf(tablet);
    await time.run(30 * MINUTE);
    assert.equal((await tablet.texts(bobChat)).includes('before'), false, 'that was for the first browser');
    assert.deepEqual(await gapsOf(tablet, bobChat), []);
    assert.deepEqual(questions, []);
  });

  test('one that signs in again misses nothing that went to the other meanwhile', async () => {
    const scene = await inConversation();
    const { time, alice, bob, bobAccount, chat, bobChat } = scene;
    const tablet = new TestDevice(bobAccount, time);
    await tablet.start();
    await time.run(MINUTE);
    bobAccount.remove(bob);
    await alice.write(chat, 'meanwhile');
    await time.until(async () => (await stateOf(alice, chat, 'meanwhile')) === 'delivered', 'read there');
    await time.run(10 * MINUTE);
    bob.signInAgain();
    await bob.start();
    await time.run(MINUTE);
    await alice.write(chat, 'and on');
    await time.until(async () => (await bob.texts(bobChat)).includes('and on'), 'here too');
    await time.run(30 * MINUTE);
    assert.deepEqual(await gapsOf(bob, bobChat), []);
  });
});

describe('a device that repeats for one that is gone', () => {
  /** Alice has a tablet as well, which has written to Bob. */
  async function withTablet() {
    const scene = await inConversation();
    const { time, aliceAccount, bob, bobChat, chat } = scene;
    const tablet = new TestDevice(aliceAccount, time);
    await tablet.start();
    await time.until(async () => (await tablet.chats()).length === 1, 'the contact is known');
    await tablet.write(chat, 'from the tablet');
    await time.until(async () => (await bob.texts(bobChat)).includes('from the tablet'), 'Bob knows it');
    await time.run(MINUTE);
    return { ...scene, tablet };
  }

  test('makes no gap with what is here already', async () => {
    const { time, alice, bob, aliceAccount, tablet, chat, bobChat } = await withTablet();
    await alice.write(chat, 'once');
    await time.until(async () => (await bob.texts(bobChat)).includes('once'), 'Bob has it');
    await bob.close(); // before its receipt went out
    await time.until(async () => (await tablet.texts(chat)).includes('once'), 'copied');
    aliceAccount.remove(alice);
    await tablet.close();
    await tablet.start();
    await time.run(11 * MINUTE);
    const repeated = (await rowsOf(tablet)).find(({ body }) => body.text === 'once');
    assert.equal(repeated.repeatedBy, tablet.deviceId, 'under a number of its own');
    await bob.start();
    await time.run(5000);
    await tablet.write(chat, 'and on');
    await time.until(async () => (await bob.texts(bobChat)).includes('and on'), 'Bob reads on');
    await time.run(30 * MINUTE);
    assert.deepEqual(await bob.texts(bobChat), ['hello', 'hi', 'from the tablet', 'once', 'and on']);
    assert.deepEqual(await gapsOf(bob, bobChat), []);
  });

  test('fills the gap that the other one left', async () => {
    const scene = await withTablet();
    const { time, alice, bob, aliceAccount, tablet, chat, bobChat } = scene;
    await withoutOne(scene);
    await time.until(async () => (await tablet.texts(chat)).includes('next'), 'copied');
    await alice.close();
    await time.until(async () => (await gapsOf(bob, bobChat)).length === 1, 'told', 12 * MINUTE);
    aliceAccount.remove(alice);
    await tablet.close();
    await tablet.start();
    await time.until(async () => (await bob.texts(bobChat)).includes('lost'), 'repeated', 12 * MINUTE);
    assert.deepEqual(await gapsOf(bob, bobChat), []);
  });
});
