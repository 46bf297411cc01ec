import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { everyBitOf, flipBit } from '../../../test/flip-bit.js';
import { T0 } from '../../../test/people.js';
import fc from '../../../test/seeded.js';
import { concat, toHex } from './bytes.js';
import { newAgreementKey } from './keys.js';
import { pad, unpad } from './padding.js';
import { randomBytes } from './random.js';
import * as ratchet from './ratchet.js';
import { splitMessage } from './ratchet-header.js';
import { decodeState, encodeState } from './ratchet-record.js';
import { ready } from './sodium.js';

before(ready);

/** One side with its skipped keys, which the session table keeps in the product. */
class Side {
  /** @param {ratchet.RatchetState} state */
  constructor(state) {
    this.state = state;
    /** @type {Map<string, Uint8Array>} */
    this.skipped = new Map();
  }

  /** @param {Uint8Array} content */
  send(content, nowMs = T0) {
    const { state, message } = ratchet.encrypt(this.state, pad(content), nowMs);
    this.state = state;
    return message;
  }

  /** @param {Uint8Array} message */
  receive(message, nowMs = T0) {
    const lookUp = (/** @type {Uint8Array} */ dhPub, /** @type {number} */ n) =>
      this.skipped.get(`${toHex(dhPub)}/${n}`);
    const result = ratchet.decrypt(this.state, message, lookUp, nowMs);
    this.state = result.state;
    for (const { dhPub, n, mk } of result.added) this.skipped.set(`${toHex(dhPub)}/${n}`, mk);
    if (result.removed) this.skipped.delete(`${toHex(result.removed.dhPub)}/${result.removed.n}`);
    return unpad(result.plaintext);
  }

  /** Everything this side knows, as text. */
  snapshot() {
    const skipped = [...this.skipped].map(([key, mk]) => `${key}=${toHex(mk)}`);
    return [toHex(encodeState(this.state)), ...skipped].join();
  }
}

function pair(nowMs = T0) {
  const spk = newAgreementKey();
  const [sessionId, secret] = [randomBytes(32), randomBytes(32)];
  return {
    alice: new Side(ratchet.initInitiator({ sessionId, secret, spkPublic: spk.publicKey }, nowMs)),
    bob: new Side(
      ratchet.initResponder(
        { sessionId, secret, spk: { publicKey: spk.publicKey, secret: spk.secretKey } },
        nowMs,
      ),
    ),
  };
}

const one = Uint8Array.of(1);
/** @param {Uint8Array} message */
const flagsOf = (message) => message[1];

test('the first chain offers a KEM key, the answer carries the ciphertext, the next one neither', () => {
  const { alice, bob } = pair();
  const m1 = alice.send(one);
  assert.equal(flagsOf(m1), 1);
  bob.receive(m1);
  const m2 = bob.send(one);
  assert.equal(flagsOf(m2), 2);
  alice.receive(m2);
  const m3 = alice.send(one);
  assert.equal(flagsOf(m3), 0);
  assert.deepEqual(bob.receive(m3), one);
});

test('after 16 own chains, and after a day, a new KEM key is offered', () => {
  const { alice, bob } = pair();
  const offers = [];
  for (let round = 0; round < 40; round++) {
    const m = alice.send(one);
    offers.push(flagsOf(m));
    bob.receive(m);
    const answer = bob.send(one);
    alice.receive(answer);
  }
  assert.ok(offers.slice(1).includes(1), 'alice or bob renews');
  const later = T0 + 86_400_001;
  const quiet = pair();
  quiet.bob.receive(quiet.alice.send(one));
  quiet.alice.receive(quiet.bob.send(one));
  assert.equal(flagsOf(quiet.alice.send(one, later)), 1);
});

test('a chain elides its KEM bytes once the peer has it, and the next chain begins full', () => {
  const { alice, bob } = pair();
  const m1 = alice.send(one);
  alice.state = ratchet.elide(alice.state, /** @type {Uint8Array} */ (alice.state.dhsPublic));
  const m2 = alice.send(one);
  assert.equal(flagsOf(m2), 5);
  assert.equal(m1.length - m2.length, 1184);
  assert.throws(() => bob.receive(m2), { code: 'E_NEED_FULL' });
  bob.receive(m1);
  assert.deepEqual(bob.receive(m2), one);
  const first = alice.state.dhsPublic;
  alice.receive(bob.send(one));
  assert.equal(flagsOf(alice.send(one)), 0);
  assert.equal(ratchet.elide(alice.state, /** @type {Uint8Array} */ (first)), alice.state);
});

test('a duplicate is E_DUP in the same chain, in a finished chain and when it is elided', () => {
  const { alice, bob } = pair();
  const m1 = alice.send(one);
  alice.state = ratchet.elide(alice.state, /** @type {Uint8Array} */ (alice.state.dhsPublic));
  const m2 = alice.send(one);
  bob.receive(m1);
  bob.receive(m2);
  assert.throws(() => bob.receive(m1), { code: 'E_DUP' });
  alice.receive(bob.send(one));
  bob.receive(alice.send(one));
  assert.throws(() => bob.receive(m1), { code: 'E_DUP' });
  assert.throws(() => bob.receive(m2), { code: 'E_DUP' });
});

test('a gap of 1000 is bridged and one of 1001 is E_SKIP, in the new and in the old chain', () => {
  const { alice, bob } = pair();
  const messages = Array.from({ length: 1002 }, () => alice.send(one));
  assert.throws(() => bob.receive(/** @type {Uint8Array} */ (messages[1001])), { code: 'E_SKIP' });
  assert.deepEqual(bob.receive(/** @type {Uint8Array} */ (messages[1000])), one);
  assert.equal(bob.skipped.size, 1000);

  const other = pair();
  other.bob.receive(other.alice.send(one));
  for (let i = 0; i < 1001; i++) other.alice.send(one);
  other.alice.receive(other.bob.send(one));
  assert.throws(() => other.bob.receive(other.alice.send(one)), { code: 'E_SKIP' });
});

test("a message under the initiator's own first target is E_STATE", () => {
  const { alice } = pair();
  const forged = alice.send(one);
  const { dhr } = alice.state;
  const message = concat(forged.subarray(0, 26), /** @type {Uint8Array} */ (dhr), forged.subarray(58));
  assert.throws(() => alice.receive(message), { code: 'E_STATE' });
});

test('a private ratchet key is gone once it has served to receive, and serves no second chain', () => {
  const { alice, bob } = pair();
  const before = alice.state;
  bob.receive(alice.send(one));
  assert.equal(bob.state.dhsSecret, null);
  alice.receive(bob.send(one));
  assert.equal(alice.state.dhsSecret, null);
  const snapshot = alice.state;
  bob.receive(alice.send(one));
  alice.state = snapshot;
  assert.throws(() => bob.receive(alice.send(one)), { code: 'E_STATE' });
  assert.notEqual(before.dhsSecret, null);
});

test('a ratchet key of low order is E_ZERO', () => {
  const { alice, bob } = pair();
  const message = alice.send(one);
  message.fill(0, 26, 58);
  assert.throws(() => bob.receive(message), { code: 'E_ZERO' });
});

test('a message with any bit changed, cut or longer leaves the state byte-identical', () => {
  const { alice, bob } = pair();
  bob.receive(alice.send(one));
  alice.send(one);
  alice.receive(bob.send(one));
  const message = alice.send(one);
  const before = bob.snapshot();
  const refused = { name: 'ProtocolError' };
  for (let at = 0; at < message.length; at++) {
    for (const changed of everyBitOf(message.subarray(at, at + 1))) {
      const flipped = concat(message.subarray(0, at), changed, message.subarray(at + 1));
      assert.throws(() => bob.receive(flipped), refused, `byte ${at}`);
    }
    assert.throws(() => bob.receive(message.subarray(0, at)), refused);
    assert.equal(bob.snapshot(), before, `byte ${at}`);
  }
  for (let byte = 0; byte <= 0xff; byte++) {
    assert.throws(() => bob.receive(concat(message, Uint8Array.of(byte))), refused);
  }
  assert.equal(bob.snapshot(), before);
  assert.deepEqual(bob.receive(message), one);
});

test('a state comes back from its record', () => {
  const { alice, bob } = pair();
  bob.receive(alice.send(one));
  for (const { state } of [alice, bob, pair().bob]) assert.deepEqual(decodeState(encodeState(state)), state);
});

test('every message that arrives is read exactly once, whatever the order, duplicates, losses and KEM steps', () => {
  const step = fc.record({
    who: fc.boolean(),
    act: fc.constantFrom(
      'send',
      'send',
      'deliver',
      'deliver',
      'duplicate',
      'delay',
      'lose',
      'corrupt',
      'elide',
    ),
    pick: fc.nat(),
    hours: fc.nat(9),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 150 }), fc.nat(), (steps, order) => {
      const { alice, bob } = pair();
      /** @type {{ from: Side, to: Side, id: number, message: Uint8Array, state: 'way' | 'late' | 'lost' | 'read', dhPub: Uint8Array }[]} */
      const sent = [];
      let nowMs = T0;
      const send = (/** @type {boolean} */ fromAlice) => {
        const [from, to] = fromAlice ? [alice, bob] : [bob, alice];
        if (!from.state.cks && !from.state.dhr) return;
        const id = sent.length;
        const message = from.send(Uint8Array.of(id >> 8, id & 0xff), nowMs);
        sent.push({
          from,
          to,
          id,
          message,
          state: 'way',
          dhPub: /** @type {Uint8Array} */ (from.state.dhsPublic),
        });
      };
      const deliver = (/** @type {(typeof sent)[number]} */ item) => {
        const content = item.to.receive(item.message, nowMs);
        assert.deepEqual(content, Uint8Array.of(item.id >> 8, item.id & 0xff));
        item.state = 'read';
      };
      send(true);
      for (const { who, act, pick, hours } of steps) {
        nowMs += hours * 3_600_000;
        const way = sent.filter((item) => item.state === 'way');
        const read = sent.filter((item) => item.state === 'read');
        const next = way[pick % (way.length || 1)];
        const done = read[pick % (read.length || 1)];
        // A KEM offer can be lost with its whole chain; the first message of a chain is then delivered late.
        if (act === 'send') send(who);
        else if (act === 'deliver' && next) deliver(next);
        else if (act === 'duplicate' && done)
          assert.throws(() => done.to.receive(done.message, nowMs), { code: 'E_DUP' });
        else if (act === 'delay' && next) next.state = 'late';
        else if (act === 'lose' && next) next.state = 'lost';
        else if (act === 'elide' && done) done.from.state = ratchet.elide(done.from.state, done.dhPub);
        else if (act === 'corrupt' && next) {
          const before = next.to.snapshot();
          assert.throws(() => next.to.receive(flipBit(next.message, pick), nowMs), { name: 'ProtocolError' });
          assert.equal(next.to.snapshot(), before);
        }
      }
      const late = sent.filter(({ state }) => state === 'way' || state === 'late');
      while (late.length > 0) for (const item of late.splice(order % late.length, 1)) deliver(item);
      const lost = new Set(sent.filter(({ state }) => state === 'lost').map(keyOf));
      for (const item of sent) {
        if (item.state === 'read')
          assert.throws(() => item.to.receive(item.message, nowMs), { code: 'E_DUP' });
      }
      // What is kept is for messages that are still missing, and for nothing else.
      for (const kept of [...alice.skipped.keys(), ...bob.skipped.keys()]) assert.ok(lost.has(kept));
      assert.deepEqual(bob.receive(alice.send(one, nowMs), nowMs), one);
      assert.deepEqual(alice.receive(bob.send(one, nowMs), nowMs), one);
    }),
    { numRuns: 40 },
  );
});

/** Under which name the receiver keeps the key of a message. @param {{ message: Uint8Array }} sent */
function keyOf({ message }) {
  const { dhPub, n } = splitMessage(message).header;
  return `${toHex(dhPub)}/${n}`;
}
