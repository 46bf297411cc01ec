/** The scene of most model tests: Alice and Bob, a browser each, one server. */
import assert from 'node:assert/strict';
import { ServerDouble } from './server-double.js';
import { TestAccount, TestDevice } from './test-device.js';
import { VirtualTime } from './virtual-time.js';
import { WebrtcDouble } from './webrtc-double.js';

/** @param {{ webrtc?: boolean }} [options] */
export async function aliceAndBob({ webrtc = false } = {}) {
  const time = new VirtualTime();
  const server = new ServerDouble(time);
  const world = new WebrtcDouble(time);
  const options = webrtc ? { webrtc: world } : {};
  const aliceAccount = new TestAccount('alice', server);
  const bobAccount = new TestAccount('bob', server);
  const alice = new TestDevice(aliceAccount, time, options);
  const bob = new TestDevice(bobAccount, time, options);
  await alice.start();
  await bob.start();
  await time.run(100);
  return { time, server, world, alice, bob, aliceAccount, bobAccount };
}

/**
 * As `aliceAndBob`, and both have accepted: Alice wrote 'hello', Bob answered 'hi', all is receipted.
 *
 * @param {{ webrtc?: boolean }} [options]
 */
export async function inConversation(options) {
  const scene = await aliceAndBob(options);
  const { time, alice, bob } = scene;
  const chat = await during(time, alice.chatWith('bob'));
  await alice.write(chat, 'hello');
  await time.until(async () => (await bob.chats()).length === 1, 'Bob sees the chat');
  const bobChat = await onlyChat(bob);
  await bob.write(bobChat, 'hi');
  await time.until(async () => (await stateOf(alice, chat, 'hello')) === 'delivered', 'Bob receipts');
  await time.until(async () => (await stateOf(bob, bobChat, 'hi')) === 'delivered', 'Alice receipts');
  for (const device of [alice, bob]) await device.engine.markRead({ chatId: chat.id, order: 2 });
  await time.run(5000);
  return { ...scene, chat, bobChat };
}

/** @param {TestDevice} device */
export async function onlyChat(device) {
  const chats = await device.chats();
  assert.equal(chats.length, 1);
  return /** @type {import('../protocol.js').ChatView} */ (chats[0]);
}

/**
 * @param {TestDevice} device
 * @param {{ id: string }} chat
 * @param {string} text
 */
export async function stateOf(device, chat, text) {
  return (await device.thread(chat)).find((message) => message.text === text)?.state;
}

/**
 * A command that needs time to pass.
 *
 * @template T
 * @param {VirtualTime} time
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
export async function during(time, promise) {
  let settled = false;
  const done = () => {
    settled = true;
  };
  promise.then(done, done);
  await time.until(() => settled, 'a command ends');
  return promise;
}
