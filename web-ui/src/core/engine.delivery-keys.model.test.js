import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { toBase64url } from './crypto/bytes.js';
import { CTYPE, conversationId } from './crypto/content.js';
import { deliveryToken, deliveryTokenHash } from './crypto/delivery-token.js';
import { randomBytes } from './crypto/random.js';
import { ready } from './crypto/sodium.js';
import { deliverAuthentic } from './model/forged-envelope.js';
import { inConversation, stateOf } from './model/two-people.js';

before(ready);

test('a new delivery key that comes while the old one is being refused is kept and used', async () => {
  const { time, server, alice, bob, chat } = await inConversation();
  await bob.close();
  const deliveryKey = randomBytes(32);
  server.account(bob.accountId).tokenHash = deliveryTokenHash(deliveryToken(deliveryKey));
  server.deliveryMs = 1000;
  server.trace.length = 0;
  await alice.write(chat, 'by the old key');
  await time.run(100);
  await deliverAuthentic(server, alice, bob, [
    {
      ...{ ctype: CTYPE.PROFILE, msgId: randomBytes(16), seq: 0, sentMs: 0, senderListVersion: 1 },
      convId: conversationId(alice.accountId, bob.accountId),
      body: { username: 'bob', delivery_key: toBase64url(deliveryKey) },
    },
  ]);
  await time.until(async () => (await stateOf(alice, chat, 'by the old key')) === 'sent', 'sent');
  const contact = alice.stored('contacts').find(({ accountId }) => accountId);
  assert.deepEqual(contact.deliveryKey, deliveryKey);

  await time.run(10_000);
  server.trace.length = 0;
  await alice.write(chat, 'by the new one');
  await time.until(async () => (await stateOf(alice, chat, 'by the new one')) === 'sent', 'sent');
  assert.deepEqual(new Set(server.trace.map(({ via }) => via)), new Set(['deliver']));
});
