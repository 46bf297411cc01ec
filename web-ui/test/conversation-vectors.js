import { equal, fromHex, toHex } from '../src/core/crypto/bytes.js';
import { CTYPE, conversationId, encodeContent } from '../src/core/crypto/content.js';
import { decodeDeviceList, identityOf } from '../src/core/crypto/device-list.js';
import { envelopeId, KIND, sealEnvelope } from '../src/core/crypto/envelope.js';
import {
  agreementKeyOf,
  decapsulate,
  encapsulateWithCoinsForTests,
  kemKeyOf,
} from '../src/core/crypto/keys.js';
import { pad } from '../src/core/crypto/padding.js';
import { initiateWithKeysForTests, respond } from '../src/core/crypto/pqxdh.js';
import { decodePrekey, PREKEY } from '../src/core/crypto/prekey.js';
import * as ratchet from '../src/core/crypto/ratchet.js';
import { splitMessage } from '../src/core/crypto/ratchet-header.js';
import { fixedBytes, withFixedRandomness } from './fixed-randomness.js';

/**
 * A session without one-time keys and what alice and bob say in it, as mp2p-1-more.json shows it: a KEM step in each
 * direction, a message that comes late, one that leaves its KEM bytes out.
 */

const T0 = 1_700_000_000_000;
const DAY = 86_400_000;

/** Who says what, and when it arrives: the second message of alice after the answer to the third. */
const SCRIPT = /** @type {const} */ ([
  { from: 'alice', text: 'one', nowMs: T0 },
  { from: 'alice', text: 'two, late', nowMs: T0, arrivesAfter: 3 },
  { from: 'alice', text: 'three', nowMs: T0 },
  { from: 'bob', text: 'the KEM key is answered', nowMs: T0 },
  { from: 'alice', text: 'a chain without KEM', nowMs: T0 },
  { from: 'bob', text: 'a day later a KEM key of bob', nowMs: T0 + DAY },
  { from: 'alice', text: 'answered', nowMs: T0 + DAY },
  { from: 'alice', text: 'and left out', nowMs: T0 + DAY, elided: true },
  { from: 'bob', text: 'a last chain', nowMs: T0 + DAY },
]);

/**
 * @param {any} base the parsed mp2p-1.json
 * @param {{ kind: number, record: string, secret: string }[]} prekeys of bob
 */
export function conversation(base, prekeys) {
  const { setup, states } = begin(base, prekeys);
  const { messages, chains, arrivals } = talk(base, states);
  return { pqxdh: setup, ratchet: { chains, messages, arrivals }, envelope: envelopeOf(base, messages[7]) };
}

/** @param {any} base @param {{ kind: number, record: string, secret: string }[]} prekeys */
function begin({ alice, bob }, prekeys) {
  const own = (/** @type {number} */ kind) => {
    const found = prekeys.find((prekey) => prekey.kind === kind);
    if (!found) throw new Error(`no prekey of kind ${kind}`);
    return { ...decodePrekey(fromHex(found.record)), secret: fromHex(found.secret) };
  };
  const [spk, pq] = [own(PREKEY.SIGNED), own(PREKEY.KEM_LAST_RESORT)];
  const ekSk = fixedBytes('pqxdh ek', 32);
  const coins = fixedBytes('pqxdh coins', 32);
  const { ciphertext: ct, secret: ss } = encapsulateWithCoinsForTests(pq.publicKey, coins);
  const [a, b] = [onlyDevice(alice), onlyDevice(bob)];
  const agreed = initiateWithKeysForTests({
    self: a,
    dhkSecret: fromHex(alice.dhkSk),
    remote: { identity: b, spk, opk: null, pq },
    epoch: 2,
    ephemeral: agreementKeyOf(ekSk),
    ct,
    ss: ss.slice(),
  });
  const answer = { self: b, dhkSecret: fromHex(bob.dhkSk), peer: a, head: agreed.head, spk, opk: null, pq };
  if (!equal(respond(answer).secret, agreed.secret)) throw new Error('the two sides do not agree');
  const setup = {
    epoch: 2,
    spkId: spk.keyId,
    opkId: 0,
    pqKind: pq.kind,
    pqId: pq.keyId,
    ekSk: toHex(ekSk),
    ek: toHex(agreed.head.ek),
    coins: toHex(coins),
    ct: toHex(ct),
    ss: toHex(ss),
    sessionId: toHex(agreed.sessionId),
    sk: toHex(agreed.secret),
  };
  const dhs = agreementKeyOf(fixedBytes('first dhs', 32));
  const offer = kemKeyOf(fixedBytes('first offer', 64));
  const states = {
    alice: ratchet.initInitiatorWithKeysForTests({ ...agreed, spkPublic: spk.publicKey }, T0, dhs, offer),
    bob: ratchet.initResponder({ ...agreed, spk }, T0),
  };
  return { setup, states };
}

/**
 * @param {any} base
 * @param {{ alice: ratchet.RatchetState, bob: ratchet.RatchetState }} states
 */
function talk(base, states) {
  /** @type {any[]} */
  const chains = [];
  /** @type {any[]} */
  const messages = [];
  /** @type {number[]} */
  const arrivals = [];
  /** @type {Map<string, Uint8Array>} */
  const skipped = new Map();
  const keyOf = (/** @type {Uint8Array} */ dhPub, /** @type {number} */ n) => `${toHex(dhPub)}/${n}`;
  const arrive = (/** @type {number} */ i) => {
    const { from, nowMs, bytes } = messages[i] ?? missing();
    const to = from === 'alice' ? 'bob' : 'alice';
    const lookUp = (/** @type {Uint8Array} */ dhPub, /** @type {number} */ n) => skipped.get(keyOf(dhPub, n));
    const { state, added } = ratchet.decrypt(states[to], fromHex(bytes), lookUp, nowMs);
    for (const { dhPub, n, mk } of added) skipped.set(keyOf(dhPub, n), mk);
    states[to] = state;
    arrivals.push(i);
  };
  for (const [i, step] of SCRIPT.entries()) {
    const { from, text, nowMs } = step;
    const before = states[from];
    const state = 'elided' in step ? ratchet.elide(before, before.dhsPublic ?? missing()) : before;
    const content = contentOf(base, text, i);
    const { result, drawn } = withFixedRandomness(`message ${i}`, () =>
      ratchet.encrypt(state, pad(content), nowMs),
    );
    states[from] = result.state;
    if (i === 0 || before.cks === null)
      chains.push(chainOf(from, result.state, drawn, states[from === 'alice' ? 'bob' : 'alice']));
    const { flags, pn, n } = splitMessage(result.message).header;
    messages.push({
      from,
      nowMs,
      chain: chains.length - 1,
      flags,
      pn,
      n,
      text,
      content: toHex(content),
      r: toHex(drawn.at(-1) ?? missing()),
      bytes: toHex(result.message),
    });
    if (!('arrivesAfter' in step)) arrive(i);
    for (const [late, { arrivesAfter }] of lateSteps()) if (arrivesAfter === i) arrive(late);
  }
  return { messages, chains, arrivals };
}

/** @returns {[number, { arrivesAfter: number }][]} */
function lateSteps() {
  return SCRIPT.flatMap((step, i) => ('arrivesAfter' in step ? [[i, step]] : []));
}

/**
 * What a chain began with.
 * @param {string} by
 * @param {ratchet.RatchetState} state of the sender, after its first message
 * @param {Uint8Array[]} drawn
 * @param {ratchet.RatchetState} peer
 */
function chainOf(by, state, drawn, peer) {
  const { dhsSecret, dhsPublic, sentEk, sentCt, lek, rk } = state;
  return {
    by,
    dhsSk: toHex(dhsSecret ?? missing()),
    dhs: toHex(dhsPublic ?? missing()),
    ...(sentEk && { ekSeed: toHex(lek ?? missing()), ek: toHex(sentEk) }),
    ...(sentCt && {
      coins: toHex(drawn[1] ?? missing()),
      ct: toHex(sentCt),
      ss: toHex(decapsulate(peer.lek ?? missing(), sentCt)),
    }),
    rk: toHex(rk),
  };
}

/** @param {any} base @param {string} text @param {number} i */
function contentOf({ alice, bob }, text, i) {
  return encodeContent({
    ctype: CTYPE.TEXT,
    msgId: fixedBytes(`said ${i}`, 16),
    convId: conversationId(fromHex(alice.acct), fromHex(bob.acct)),
    sentMs: T0,
    seq: i + 1,
    senderListVersion: 1,
    body: { text },
  });
}

/** @param {any} base @param {{ bytes: string } | undefined} message of alice, in a confirmed session */
function envelopeOf({ alice, bob }, message) {
  const { result, drawn } = withFixedRandomness('envelope', () =>
    sealEnvelope({
      recipient: onlyDevice(bob),
      sender: onlyDevice(alice),
      kind: KIND.RATCHET,
      body: fromHex((message ?? missing()).bytes),
    }),
  );
  const [ephSk, r] = drawn.map(toHex);
  return { message: 7, ephSk, r, bytes: toHex(result), len: result.length, id: toHex(envelopeId(result)) };
}

/**
 * The identity of a person's first device.
 * @param {any} person of mp2p-1.json
 */
export function onlyDevice(person) {
  const list = decodeDeviceList(fromHex(person.dlc));
  return identityOf(list, list.devices[0] ?? missing());
}

/** @returns {never} */
function missing() {
  throw new Error('the script does not fit the ratchet');
}
