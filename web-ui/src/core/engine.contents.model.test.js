import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { EVERY_BODY } from '../../test/contents.js';
import { mutate } from '../../test/fuzz/mutate.js';
import { mutateJson } from '../../test/fuzz/mutate-json.js';
import { seedOf } from '../../test/fuzz/seed.js';
import { concat, utf8, Writer } from './crypto/bytes.js';
import { CTYPE, conversationId, encodeContent, isSequenced } from './crypto/content.js';
import { MAX_CONTENT } from './crypto/padding.js';
import { randomBytes } from './crypto/random.js';
import { ready } from './crypto/sodium.js';
import { chanceOf, pick } from './model/chance.js';
import { deliverAuthentic } from './model/forged-envelope.js';
import { TestDevice } from './model/test-device.js';
import { during, inConversation } from './model/two-people.js';

/** What modified clients say, in sessions that are true: the engine takes it or leaves it, and goes on. */

before(ready);

const CONTENTS = 400;

test('whatever an accepted contact says, the engine goes on', async () => {
  const scene = await inConversation();
  await goesOn(scene, scene.alice, conversationId(scene.alice.accountId, scene.bob.accountId));
});

test('whatever another own device says, the engine goes on', async () => {
  const scene = await inConversation();
  const { time, server, bobAccount, bob, bobChat } = scene;
  const tablet = new TestDevice(bobAccount, time);
  await tablet.start();
  await time.run(60_000);
  await bob.write(bobChat, 'to all devices');
  await time.run(60_000);
  assert.equal(server.account(bob.accountId).devices.size, 2);
  await goesOn(scene, tablet, conversationId(bob.accountId, bob.accountId));
});

test('a message of a later version that has no number begins no count', async () => {
  const { time, server, alice, bob, bobAccount } = await inConversation();
  const convId = conversationId(alice.accountId, bob.accountId);
  const phone = new TestDevice(bobAccount, time);
  await phone.start();
  await time.run(60_000);
  const phoneChat = await during(time, phone.chatWith('alice'));
  await phone.write(phoneChat, 'from the phone');
  await time.run(60_000);
  await alice.close();
  const sentMs = time.now();
  const ofLater = new Writer().u8(200).u8(1).fixed(randomBytes(16), 16).fixed(convId, 16);
  const text = { ctype: CTYPE.TEXT, msgId: randomBytes(16), convId, sentMs, seq: 500, senderListVersion: 1 };
  await deliverAuthentic(server, phone, alice, [
    ofLater.u64(sentMs).u32(0).u32(1).finish(),
    { ...text, body: { text: 'five hundred' } },
  ]);
  await time.run(3_600_000);
  const { messages, gaps } = await phone.engine.openChat({ chatId: phoneChat.id });
  assert.ok(messages.some(({ unsupported }) => unsupported));
  assert.equal(messages.at(-1)?.text, 'five hundred');
  assert.deepEqual(gaps, []);
});

/**
 * @param {Awaited<ReturnType<typeof inConversation>>} scene
 * @param {TestDevice} speaker
 * @param {Uint8Array} convId
 */
async function goesOn({ time, server, alice, bob, bobChat }, speaker, convId) {
  const seed = seedOf(process.env);
  const chance = chanceOf(seed);
  await bob.engine.rtcAvailable({ available: true });

  const samples = EVERY_BODY.map(([ctype, body]) => bytesOf(ctype, body, convId));
  const said = Array.from({ length: CONTENTS }, () => {
    const sample = pick(chance, samples);
    const changed = mutateJson(chance, sample.with(17, chance() * 256), 50);
    const bytes = (chance() < 0.8 ? changed : mutate(chance, changed, sample)).slice(0, MAX_CONTENT);
    // a claim to a list that the server does not have ends in a warning, as it should (§2)
    if (bytes.length >= 50) bytes.set(sample.subarray(46, 50), 46);
    return bytes;
  });
  await deliverAuthentic(server, bob, speaker, said);
  await speaker.close();
  await time.run(600_000);
  await bob.start(); // from what all that has left on disk
  await time.run(600_000);

  const faults = bob.notices.filter(({ notice }) => notice === 'fault').map(({ data }) => data);
  assert.deepEqual(faults, [], `FUZZ_SEED=${seed}`);
  const { mailbox } = /** @type {import('./model/server-double.js').Device} */ (
    server.account(bob.accountId).devices.get(bob.deviceId)
  );
  assert.equal(mailbox.length, 0, `FUZZ_SEED=${seed}: all is acknowledged`);
  if (speaker !== alice) return;
  await bob.write(bobChat, 'still here');
  await alice.start();
  await time.until(async () => (await alice.texts(bobChat)).includes('still here'), `FUZZ_SEED=${seed}`);
}

/**
 * @param {number} ctype
 * @param {object} body
 * @param {Uint8Array} convId
 */
function bytesOf(ctype, body, convId) {
  const none = { msgId: randomBytes(16), convId, sentMs: Date.UTC(2026, 0, 5), seq: 0, senderListVersion: 1 };
  const head = encodeContent({ ...none, ctype: CTYPE.NULL, body: {} }).slice(0, 50);
  const seq = isSequenced(ctype, body) ? 1 : 0;
  return concat(head.with(0, ctype).with(45, seq), utf8(JSON.stringify(body)));
}
