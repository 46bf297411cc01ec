import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { toBase64url } from './crypto/bytes.js';
import { CTYPE, conversationId } from './crypto/content.js';
import { randomBytes } from './crypto/random.js';
import { ready } from './crypto/sodium.js';
import { deliverAuthentic, sessionsOf } from './model/forged-envelope.js';
import { TestAccount, TestDevice } from './model/test-device.js';
import { inConversation } from './model/two-people.js';

before(ready);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('an own device that is new', () => {
  test('gets what was written since the last check, though the disk was full as the list came', async () => {
    const { time, alice, bob, bobAccount, chat, bobChat } = await inConversation();
    bob.clockMs = -3 * DAY;
    await time.run(13 * HOUR);
    const tablet = new TestDevice(bobAccount, time);
    await bob.write(bobChat, 'in the past');
    await time.until(async () => (await alice.texts(chat)).includes('in the past'), 'Alice has it');
    let failed = false;
    bob.database.onCommit = (when, stores) => {
      if (failed || when !== 'before' || !stores.has('contacts') || !stores.has('outbox')) return;
      failed = true;
      bob.database.full = true;
      setImmediate(() => {
        bob.database.full = false;
      });
    };
    await time.run(13 * HOUR);
    assert.ok(failed, 'what follows from the list did not come to disk');
    await tablet.start();
    await time.run(13 * HOUR);
    assert.ok((await tablet.texts(bobChat)).includes('in the past'));
  });
});

test('a session by a thief’s list ends when the own list names its id with other keys', async () => {
  const { time, server, alice, bob, aliceAccount, chat } = await inConversation();
  const shown = server.account(alice.accountId);
  const { tokenHash } = shown;
  const first = [...shown.dlcs];
  const forged = new TestAccount('alice', server);
  const { aik, deliveryKey, list } = aliceAccount;
  Object.assign(forged, { aik, deliveryKey, list });
  const thief = new TestDevice(forged, time);
  await thief.start();
  const sessions = async () => (await sessionsOf(alice, thief)).sessions.length;
  await time.until(() => alice.stored('sessions').length === 2, 'the thief has introduced himself');
  await time.run(MINUTE);
  assert.equal(await sessions(), 1);
  await thief.close();

  shown.dlcs = first;
  new TestDevice(aliceAccount, time, { deviceId: thief.deviceId });
  Object.assign(shown, { tokenHash });
  server.sockets.get(alice.lane)?.shut(1006);
  await time.run(MINUTE);
  const sent = {
    kind: 'sent',
    msg_id: toBase64url(randomBytes(16)),
    conv: chat.id,
    peer: toBase64url(bob.accountId),
  };
  const body = { ...sent, sent_ms: 0, seq: 9, ctype: CTYPE.TEXT, body: { text: 'as if Alice had' } };
  const convId = conversationId(alice.accountId, alice.accountId);
  await deliverAuthentic(server, alice, thief, [
    { ctype: CTYPE.SYNC, msgId: randomBytes(16), convId, sentMs: 0, seq: 0, senderListVersion: 1, body },
  ]);
  await time.run(HOUR);
  assert.deepEqual(await alice.texts(chat), ['hello', 'hi']);
});
