import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { equal, toBase64url } from './crypto/bytes.js';
import { CTYPE, conversationId } from './crypto/content.js';
import { openEnvelope } from './crypto/envelope.js';
import { randomBytes } from './crypto/random.js';
import { ready } from './crypto/sodium.js';
import { deliverAuthentic } from './model/forged-envelope.js';
import { TestDevice } from './model/test-device.js';
import { inConversation, stateOf } from './model/two-people.js';

before(ready);

const IDS = 200; // §6.1, of one receipt

/**
 * @param {import('./model/test-device.js').TestDevice} from
 * @param {import('./model/test-device.js').TestDevice} to
 * @param {{ delivered: string[], read: string[] }} body
 */
const receipt = (from, to, body) => ({
  ctype: CTYPE.RECEIPT,
  msgId: randomBytes(16),
  convId: conversationId(from.accountId, to.accountId),
  sentMs: 0,
  seq: 0,
  senderListVersion: 1,
  body,
});

describe('a receipt', () => {
  test('for a message of another own device waits for its copy', async () => {
    const { time, server, alice, bob, aliceAccount, chat } = await inConversation();
    const tablet = new TestDevice(aliceAccount, time);
    await tablet.start();
    await time.until(async () => (await tablet.chats()).length === 1, 'the contact is known');
    await time.run(30_000);
    await tablet.close();
    await alice.write(chat, 'seen there first');
    await time.until(async () => (await stateOf(alice, chat, 'seen there first')) === 'delivered', 'receipt');
    await time.run(30_000);
    const device = server.account(alice.accountId).devices.get(tablet.deviceId);
    assert.ok(device);
    const isReceipt = (/** @type {{ envelope: Uint8Array }} */ { envelope }) =>
      equal(openEnvelope(tablet.keys, envelope).senderAccountId, bob.accountId);
    const receipts = device.mailbox.filter(isReceipt);
    assert.equal(receipts.length, 1);
    device.mailbox = [...receipts, ...device.mailbox.filter((item) => !isReceipt(item))];

    await tablet.start();
    const copied = async () => (await stateOf(tablet, chat, 'seen there first')) === 'delivered';
    await time.until(copied, 'the state is known at once');
    assert.deepEqual(tablet.stored('held'), []);
    await bob.close();
  });

  test('of messages that nobody knows costs one row, however many it names', async () => {
    const { time, server, alice, bob } = await inConversation();
    const ids = () => Array.from({ length: IDS / 2 }, () => toBase64url(randomBytes(16)));
    const receipts = Array.from({ length: 6 }, () => receipt(bob, alice, { delivered: ids(), read: ids() }));
    let looks = 0;
    const { database } = alice;
    const { get, list } = database;
    database.get = (store, key) => {
      looks += store === 'held' ? 1 : 0;
      return get.call(database, store, key);
    };
    database.list = (store, names, options) => {
      looks += store === 'held' ? 1 : 0;
      return list.call(database, store, names, options);
    };
    await deliverAuthentic(server, alice, bob, receipts);
    await time.until(() => alice.stored('held')[0]?.waiting.length === 500, 'the newest wait');
    await time.run(1000);
    assert.ok(looks <= receipts.length, `${looks} looks`);
    const named = receipts.flatMap(({ body }) => [...body.delivered, ...body.read]);
    const waiting = alice
      .stored('held')[0]
      .waiting.map((/** @type {{ msgId: Uint8Array }} */ { msgId }) => toBase64url(msgId));
    assert.deepEqual(waiting, named.slice(-500));
  });
});
