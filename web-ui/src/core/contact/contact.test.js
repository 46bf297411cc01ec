import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountIdOf } from '../crypto/account-id.js';
import { toBase64url } from '../crypto/bytes.js';
import { newSigningKey } from '../crypto/keys.js';
import { randomBytes } from '../crypto/random.js';
import { ready } from '../crypto/sodium.js';
import { newContact, pinOf, withPin } from './contact.js';
import { trusted } from './identity-evidence.js';

await ready();

const aik = newSigningKey().publicKey;
const accountId = accountIdOf(aik);

/** @param {Uint8Array} key @returns {import('../engine-contract.js').Pin} */
const pinWith = (key) => ({
  account_id: toBase64url(accountId),
  aik: toBase64url(key),
  username: 'bob',
  state: 'accepted',
  they_accepted: true,
  verified: true,
  list_version: 3,
  dlc_hash: toBase64url(randomBytes(32)),
  delivery_key: toBase64url(randomBytes(32)),
  at: 2,
});

test('a pin is merged', () => {
  const { listVersion, state, verified, aik: known } = withPin(newContact(accountId, 1), pinWith(aik));
  assert.deepEqual([listVersion, state, verified, known], [3, 'accepted', true, aik]);
});

test('nothing is taken of a pin with another identity key, whether one is known or not', () => {
  for (const contact of [newContact(accountId, 1), { ...newContact(accountId, 1), aik }])
    assert.equal(withPin(contact, pinWith(newSigningKey().publicKey)), contact);
});

test('a pin that knows the same version by another hash proves a fork, until the user trusts again', () => {
  const pin = pinWith(aik);
  const known = withPin(newContact(accountId, 1), pin);
  assert.equal(withPin(known, pin).identityWarning, false);
  const other = { ...pin, dlc_hash: toBase64url(randomBytes(32)) };
  const warned = withPin(known, other);
  assert.deepEqual([warned.identityWarning, warned.forked], [true, true]);
  assert.deepEqual(warned.listHash, known.listHash);

  const again = trusted(warned, 0); // by a clock that is behind
  assert.equal(withPin(again, other).forked, false, 'a pin of before');
  assert.equal(
    withPin(again, { ...other, at: pinOf(again).at }).forked,
    true,
    'another device goes on by it',
  );
});

test('an account that was accepted elsewhere before it came here as a stranger is accepted', () => {
  const pin = pinWith(aik);
  const stranger = { ...newContact(accountId, 5), aik };
  const { state, username, deliveryKey, changedMs } = withPin(stranger, pin);
  assert.deepEqual([state, username, changedMs], ['accepted', 'bob', 2]);
  assert.equal(toBase64url(deliveryKey ?? new Uint8Array()), pin.delivery_key);

  const introduced = { ...stranger, username: 'bobby', deliveryKey: randomBytes(32) };
  const accepted = withPin(introduced, pin);
  assert.deepEqual([accepted.username, accepted.deliveryKey], ['bobby', introduced.deliveryKey]);
  assert.equal(accepted.pinDue, true, 'the vault learns of them');
  assert.equal(withPin(stranger, { ...pin, state: 'blocked' }).state, 'blocked');
  const later = { ...pin, at: 4, state: /** @type {const} */ ('blocked') };
  assert.equal(withPin(accepted, later).state, 'blocked', 'and before it came here as well');
  const decided = { ...stranger, state: /** @type {const} */ ('blocked') };
  assert.equal(withPin(decided, pin).state, 'blocked', 'the later decision');
});
