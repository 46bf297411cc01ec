import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { before, test } from 'node:test';
import { toHex } from './bytes.js';
import { deliveryToken, deliveryTokenHash } from './delivery-token.js';
import { randomBytes } from './random.js';
import { ready } from './sodium.js';

before(ready);

test('the token is the first half of the HMAC and the mailbox keeps its hash', () => {
  const key = randomBytes(32);
  const token = deliveryToken(key);
  const expected = createHmac('sha256', key).update('MP2P/1/dtoken').digest('hex').slice(0, 32);
  assert.equal(toHex(token), expected);
  assert.equal(toHex(deliveryTokenHash(token)), createHash('sha256').update(token).digest('hex'));
});
