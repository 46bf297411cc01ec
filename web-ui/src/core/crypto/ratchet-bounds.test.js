import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { T0 } from '../../../test/people.js';
import { concat } from './bytes.js';
import { KEM_CIPHERTEXT, KEM_PUBLIC_KEY, newAgreementKey, newKemKey } from './keys.js';
import { pad, unpad } from './padding.js';
import { randomBytes } from './random.js';
import * as ratchet from './ratchet.js';
import { encodeHeader, FLAG_CT, FLAG_EK, splitMessage } from './ratchet-header.js';
import { ready } from './sodium.js';

/** Where the ratchet of MP2P/1 §5 stops: what no honest peer sends, and the edges of its counters. */

before(ready);

const DAY = 86_400_000;
const HEADER = 58;
const one = Uint8Array.of(1);
const NONE_SKIPPED = () => undefined;

/** Two states that have not talked, and what the session begins with. */
function beginnings() {
  const spk = newAgreementKey();
  const agreed = { sessionId: randomBytes(32), secret: randomBytes(32) };
  const own = { publicKey: spk.publicKey, secret: spk.secretKey };
  return {
    agreed: { ...agreed, spkPublic: spk.publicKey },
    alice: ratchet.initInitiator({ ...agreed, spkPublic: spk.publicKey }, T0),
    bob: ratchet.initResponder({ ...agreed, spk: own }, T0),
  };
}

/** Both after a message of alice and an answer, so that alice begins a chain when she sends. */
function acquainted() {
  const { alice, bob } = beginnings();
  return turn(turn({ from: alice, to: bob })).swapped;
}

/**
 * One message that arrives.
 * @param {{ from: ratchet.RatchetState, to: ratchet.RatchetState }} sides
 */
function turn({ from, to }, nowMs = T0) {
  const sent = ratchet.encrypt(from, pad(one), nowMs);
  const received = ratchet.decrypt(to, sent.message, NONE_SKIPPED, nowMs);
  assert.deepEqual(unpad(received.plaintext), one);
  const sides = { from: received.state, to: sent.state };
  return { ...sides, message: sent.message, swapped: { alice: received.state, bob: sent.state } };
}

/**
 * The same message under another header.
 * @param {Uint8Array} message
 * @param {Partial<import('./ratchet-header.js').Header>} change
 */
function withHeader(message, change) {
  const { header, sealed } = splitMessage(message);
  return concat(encodeHeader({ ...header, ...change }), sealed);
}

/**
 * @param {ratchet.RatchetState} state
 * @param {Uint8Array} message
 * @param {string} code
 */
function refuses(state, message, code) {
  assert.throws(() => ratchet.decrypt(state, message, NONE_SKIPPED, T0), { code });
}

test('a message that names another session is E_AUTH, whatever else its header says', () => {
  const { alice, bob } = beginnings();
  const { message } = ratchet.encrypt(alice, pad(one), T0);
  refuses(bob, withHeader(message, { sid16: randomBytes(16), n: 5000 }), 'E_AUTH');
  refuses(bob, withHeader(message, { n: 5000 }), 'E_SKIP');
});

test('who was asked cannot send before something came', () => {
  const { bob } = beginnings();
  assert.throws(() => ratchet.encrypt(bob, pad(one), T0), { code: 'E_STATE' });
});

test('a KEM ciphertext that answers no offer, and none where an offer waits for one, are E_STATE', () => {
  const { alice, bob } = acquainted();
  const unasked = ratchet.encrypt(alice, pad(one), T0).message;
  refuses(bob, withHeader(unasked, { flags: FLAG_CT, ct: randomBytes(KEM_CIPHERTEXT) }), 'E_STATE');

  const fresh = beginnings();
  const first = turn({ from: fresh.alice, to: fresh.bob });
  const answer = ratchet.encrypt(first.from, pad(one), T0).message;
  assert.equal(answer.length, HEADER + KEM_CIPHERTEXT + 72 + 256);
  refuses(first.to, withHeader(answer, { flags: 0, ct: null }), 'E_STATE');
});

test('a KEM offer while an earlier one is still to be answered is E_STATE', () => {
  const { alice, bob } = beginnings();
  const { message } = ratchet.encrypt(alice, pad(one), T0);
  refuses({ ...bob, rek: newKemKey().publicKey }, message, 'E_STATE');
});

test('an offered KEM key that is no encapsulation key is E_FORMAT at once', () => {
  const { agreed, bob } = beginnings();
  const offer = { publicKey: new Uint8Array(KEM_PUBLIC_KEY).fill(0xff), seed: randomBytes(64) };
  const forger = ratchet.initInitiatorWithKeysForTests(agreed, T0, newAgreementKey(), offer);
  refuses(bob, ratchet.encrypt(forger, pad(one), T0).message, 'E_FORMAT');
});

test('the first message either way is refused, and breaks nothing, if it tells of a chain before', () => {
  const { alice, bob } = beginnings();
  const { message } = ratchet.encrypt(alice, pad(one), T0);
  refuses(bob, withHeader(message, { pn: 3 }), 'E_AUTH');
  const first = turn({ from: alice, to: bob });
  const answer = ratchet.encrypt(first.from, pad(one), T0).message;
  refuses(first.to, withHeader(answer, { pn: 3 }), 'E_AUTH');
});

test('a chain that is over is not elided', () => {
  const { alice } = acquainted();
  assert.equal(alice.cks, null);
  assert.ok(alice.dhsPublic);
  assert.equal(ratchet.elide(alice, alice.dhsPublic), alice);
});

test('a late message begins no new chain', () => {
  const { alice, bob } = acquainted();
  const late = ratchet.encrypt(alice, pad(one), T0);
  const seen = ratchet.encrypt(late.state, pad(one), T0);
  const received = ratchet.decrypt(bob, seen.message, NONE_SKIPPED, T0);
  assert.equal(received.newChain, true);
  const [key] = received.added;
  const read = ratchet.decrypt(received.state, late.message, () => key?.mk, T0);
  assert.equal(read.newChain, false);
  assert.equal(read.removed?.n, 0);
});

test('after sixteen own chains without a KEM step the next one offers a key, if no day passes', () => {
  let { alice: from, bob: to } = acquainted();
  /** @type {number[]} */
  const kems = [];
  // Bob answered the first offer, so his own count began anew then; alice counts from when she read the answer.
  for (let chain = 0; chain < 40; chain++) {
    const done = turn({ from, to });
    kems.push(splitMessage(done.message).header.flags);
    ({ from, to } = done);
  }
  const ofAlice = kems.filter((_, chain) => chain % 2 === 0);
  const ofBob = kems.filter((_, chain) => chain % 2 === 1);
  assert.equal(ofAlice.indexOf(FLAG_EK), 16);
  assert.equal(ofBob.indexOf(FLAG_CT), 16);
});

test('after exactly a day without a KEM step a chain offers a key, and a moment before it does not', () => {
  const { alice } = acquainted();
  const flagsAt = (/** @type {number} */ nowMs) =>
    splitMessage(ratchet.encrypt(alice, pad(one), nowMs).message).header.flags;
  assert.equal(flagsAt(T0 + DAY - 1), 0);
  assert.equal(flagsAt(T0 + DAY), FLAG_EK);
});

test('of finished chains the newest 64 are remembered', () => {
  let { alice: from, bob: to } = acquainted();
  /** @type {Uint8Array[]} */
  const chains = [];
  for (let chain = 0; chain < 140; chain++) {
    const done = turn({ from, to });
    if (chain % 2 === 0) chains.push(splitMessage(done.message).header.dhPub);
    ({ from, to } = done);
  }
  assert.deepEqual(to.old, chains.slice(-65, -1)); // the last one is not finished
});
