import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergePin } from '../account/vault-merge.js';
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
    withPin(again, { ...other, trusted_at: pinOf(again).trusted_at }).forked,
    true,
    'the user has decided otherwise on another device',
  );
  assert.equal(
    withPin(again, { ...other, at: 99 }).forked,
    false,
    'a new name is no decision about the list',
  );
});

/** The browser trusts another list than the one that the tablet holds, which takes the browser's pin then. */
function decidedOnOne() {
  const pin = pinWith(aik);
  const other = { ...pin, dlc_hash: toBase64url(randomBytes(32)) };
  const browser = trusted(withPin(withPin(newContact(accountId, 1), other), pin), 100);
  const tablet = withPin(withPin(newContact(accountId, 1), pin), pinOf(browser));
  assert.equal(tablet.forked, true, 'the user has not decided there');
  return { browser, tablet };
}

test('a device that was told of the decision elsewhere, and keeps its list, does not revoke it', () => {
  const { browser, tablet } = decidedOnOne();
  assert.equal(withPin(browser, pinOf(tablet)).forked, false, 'by SYNC');
  const renamed = { ...tablet, username: 'bobby', changedMs: 105 };
  const vault = mergePin(pinOf(renamed), pinOf(browser));
  assert.equal(vault.username, 'bobby');
  assert.equal(withPin(browser, vault).forked, false, 'by the vault');
  assert.equal(withPin(newContact(accountId, 1), vault).listHash?.join(), browser.listHash?.join());
});

test('a device that takes the trusted list from a pin is not warned by one of before', () => {
  const { browser, tablet } = decidedOnOne();
  const phone = withPin(newContact(accountId, 1), pinOf(browser));
  const before = { ...pinOf(tablet), at: 105 };
  assert.equal(withPin(phone, before).forked, false);
});

test('what the user decides last counts, though a clock stood ahead at the decision before', () => {
  const { tablet } = decidedOnOne();
  const first = trusted(tablet, 1_000_000);
  const second = withPin({ ...first, listHash: randomBytes(32), trustedMs: 200 }, pinOf(first));
  assert.equal(second.forked, true);
  const last = trusted(second, 300);
  assert.equal(withPin(last, pinOf(first)).forked, false);
  assert.equal(withPin(first, pinOf(last)).forked, true);
  assert.equal(mergePin(pinOf(last), pinOf(first)).dlc_hash, pinOf(last).dlc_hash);
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
