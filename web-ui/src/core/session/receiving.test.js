import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { acquainted, strangers } from '../../../test/endpoint.js';
import { listOf, newDevice, newPrekey, T0 } from '../../../test/people.js';
import { concat } from '../crypto/bytes.js';
import { decodePrekeyBody, encodePrekeyBody, KIND } from '../crypto/envelope.js';
import { sha256 } from '../crypto/hash.js';
import { PREKEY, verifyBundleDevice } from '../crypto/prekey.js';
import { randomBytes } from '../crypto/random.js';
import { encodeHeader, splitMessage } from '../crypto/ratchet-header.js';
import { ready } from '../crypto/sodium.js';
import { initiateWith, receive } from './session-table.js';

/**
 * @typedef {import('../../../test/endpoint.js').Endpoint} Endpoint
 * @typedef {ReturnType<Endpoint['send']>} Message
 * @typedef {ReturnType<typeof decodePrekeyBody>} Body
 */

before(ready);

const DAY = 86_400_000;

/** @param {Message} message @param {Partial<Body>} change */
function withBody(message, change) {
  return { ...message, body: encodePrekeyBody({ ...decodePrekeyBody(message.body), ...change }) };
}

/** @param {ReturnType<typeof receive>} result */
function refusalOf(result) {
  assert.ok(!result.ok);
  return [result.code, result.action];
}

test('a message in a session begins nothing, uses up no prekey and is no replay', () => {
  const { a, b } = acquainted();
  const result = b.receive(a.send('x'));
  assert.ok(result.ok);
  const { peer, content, ...rest } = result;
  assert.deepEqual(rest, {
    ok: true,
    created: false,
    weakFs: false,
    list: null,
    consumed: [],
    replay: null,
    exhaustedSpk: null,
  });
});

test('a PREKEY that begins a session says which key pair of the initiator is not to begin another', () => {
  const { a, b } = strangers();
  a.initiate(b);
  const message = a.send('x');
  const { spkId, opkId, ek } = decodePrekeyBody(message.body);
  const result = b.receive(message, T0 + 5);
  assert.ok(result.ok);
  assert.deepEqual(result.replay, { spkId, opkId, ekHash: sha256(ek).slice(0, 16), atMs: T0 + 5 });
  assert.deepEqual([result.created, result.weakFs, result.exhaustedSpk], [true, false, null]);
});

test('a ratchet message too short to name a session is E_FORMAT, one that ends with the name is too', () => {
  const { a, b } = acquainted();
  const { body } = a.send('x');
  const cut = (/** @type {number} */ length) =>
    b.receive({ sender: a.address, kind: KIND.RATCHET, body: body.subarray(0, length) });
  for (const [length, sid16] of /** @type {const} */ ([
    [17, null],
    [18, body.slice(2, 18)],
  ])) {
    const result = cut(length);
    assert.deepEqual(refusalOf(result), ['E_FORMAT', 'drop']);
    assert.deepEqual(!result.ok && result.sid16, sid16);
  }
});

test('a PREKEY that reflects the own ephemeral key does not reach the session begun with it', () => {
  const { a, b } = strangers();
  b.initiate(a);
  a.initiate(b);
  const [own] = b.peer.sessions;
  assert.ok(own);
  const message = a.send('x');
  const { header, sealed } = splitMessage(decodePrekeyBody(message.body).message);
  const named = { ...header, sid16: own.sid.subarray(0, 16), dhPub: own.ratchet.dhr ?? randomBytes(32) };
  const reflected = withBody(message, { ek: own.ek, message: concat(encodeHeader(named), sealed) });
  assert.equal(refusalOf(b.receive(reflected))[0], 'E_AUTH');
});

test('a prekey that is gone is missed, also if it is only one of them', () => {
  for (const kind of [PREKEY.SIGNED, PREKEY.ONE_TIME, PREKEY.KEM_ONE_TIME]) {
    const { a, b } = strangers();
    a.initiate(b);
    const message = a.send('x');
    for (const key of b.prekeys.keys()) if (key.startsWith(`${kind}/`)) b.prekeys.delete(key);
    assert.deepEqual(refusalOf(b.receive(message)), ['E_UNKNOWN_PREKEY', 'retry'], `kind ${kind}`);
  }
});

test('a session is weak without either of the one-time keys, and with a prekey of 46 days', () => {
  const weak = (/** @type {{ opk?: boolean, pqo?: boolean, ageMs?: number }} */ { opk, pqo, ageMs = 0 }) => {
    const { a, b } = strangers();
    const add = (/** @type {ReturnType<typeof newPrekey>} */ prekey) => {
      b.prekeys.set(`${prekey.kind}/${prekey.own.keyId}`, prekey.own);
      return prekey.record;
    };
    const offered = {
      deviceId: b.address.deviceId,
      spk: add(newPrekey(b.device, PREKEY.SIGNED, T0 - ageMs)),
      opk: opk ? add(newPrekey(b.device, PREKEY.ONE_TIME)) : null,
      pq: add(newPrekey(b.device, pqo ? PREKEY.KEM_ONE_TIME : PREKEY.KEM_LAST_RESORT)),
    };
    const remote = verifyBundleDevice(b.list, offered, T0);
    const setup = { self: a.device.identity, dhkSecret: a.device.dhkSecret, remote };
    a.peer = initiateWith(a.peer, setup, T0);
    const result = b.receive(a.send('x'));
    assert.ok(result.ok);
    return result.weakFs;
  };
  assert.equal(weak({ opk: true, pqo: true }), false);
  assert.equal(weak({ opk: false, pqo: true }), true);
  assert.equal(weak({ opk: true, pqo: false }), true);
  assert.equal(weak({ opk: true, pqo: true, ageMs: 46 * DAY }), true);
});

test('every message of a weak first chain is weak, one that comes late included', () => {
  const { a, b } = strangers();
  a.initiate(b, T0, { oneTime: false });
  const [one, two, three] = [a.send('one'), a.send('two'), a.send('three')];
  for (const message of [one, three, two]) {
    const result = b.receive(message);
    assert.ok(result.ok && result.weakFs);
  }
});

test('a replay cache that has room asks for no new prekey, and sessions with one-time keys never do', () => {
  const { a, b } = strangers();
  const context = (/** @type {number} */ rows) => ({
    ...b.context,
    replay: { has: () => false, withoutOneTime: () => rows },
  });
  const ask = (/** @type {number} */ rows, /** @type {boolean} */ oneTime) => {
    a.peer = { ...a.peer, sessions: [], maxEpoch: 0 };
    a.initiate(b, T0, { oneTime });
    const result = receive({ ...b.peer, sessions: [] }, a.send('x'), context(rows), T0);
    return result.exhaustedSpk ? (result.ok ? 'last' : result.code) : 'no';
  };
  assert.equal(ask(9998, false), 'no');
  assert.equal(ask(9999, false), 'last');
  assert.equal(ask(10_000, false), 'E_REPLAY');
  assert.equal(ask(9999, true), 'no');
  assert.equal(ask(10_000, true), 'no');
});

test('a carried list that does not name the sender, or is none, is dropped', () => {
  const { a, b } = strangers();
  a.initiate(b);
  const message = a.send('x');
  const without = listOf(a.account, [newDevice(a.account)]);
  assert.deepEqual(refusalOf(b.receive(withBody(message, { deviceList: without.bytes }))), [
    'UNLISTED',
    'drop',
  ]);
  const none = withBody(message, { deviceList: randomBytes(300) });
  assert.deepEqual(refusalOf(b.receive(none)), ['E_FORMAT', 'drop']);
});

test('where a pin alone knows the list, an older one is held, another one of its version is a fork', () => {
  const { a, b } = strangers();
  a.initiate(b);
  const message = a.send('x');
  const { listVersion, hash } = a.list;
  const receiveWith = (/** @type {Partial<import('./session-table.js').Context>} */ known) =>
    receive(b.peer, message, { ...b.context, ...known }, T0);
  const pinned = receiveWith({ pin: { listVersion, listHash: hash } });
  assert.ok(pinned.ok && pinned.list?.relation === 'first');
  const newer = { listVersion: listVersion + 1, listHash: hash };
  assert.deepEqual(refusalOf(receiveWith({ pin: newer })), ['UNPROVEN', 'hold']);
  const forked = { listVersion, listHash: randomBytes(32) };
  assert.deepEqual(refusalOf(receiveWith({ pin: forked })), ['E_DLC', 'hold']);
  const known = receiveWith({ pin: forked, knownList: a.list });
  assert.ok(known.ok && known.list?.relation === 'same');
});
