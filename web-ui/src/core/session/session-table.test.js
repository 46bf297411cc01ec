import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { acquainted, Endpoint, strangers } from '../../../test/endpoint.js';
import { flipBit } from '../../../test/flip-bit.js';
import { listOf, newAccount, newDevice, T0 } from '../../../test/people.js';
import fc from '../../../test/seeded.js';
import { compare, concat, toHex } from '../crypto/bytes.js';
import { decodePrekeyBody, encodePrekeyBody, KIND } from '../crypto/envelope.js';
import { randomBytes } from '../crypto/random.js';
import { ready } from '../crypto/sodium.js';
import {
  elide,
  encodePeer,
  ephemeralsLeft,
  expire,
  initiateWith,
  markDead,
  selected,
} from './session-table.js';

before(ready);

const DAY = 86_400_000;
const RETENTION = 30 * DAY;

/** @param {Endpoint} endpoint */
const sidOf = (endpoint, nowMs = T0) => toHex(selected(endpoint.peer, nowMs)?.sid ?? new Uint8Array());
/** @param {ReturnType<Endpoint['receive']>} result */
const codeOf = (result) => (result.ok ? 'ok' : result.code);

test('PREKEY is repeated until something comes back, then messages are short', () => {
  const { a, b } = strangers();
  a.initiate(b);
  const first = a.send('one');
  const second = a.send('two');
  assert.deepEqual([first.kind, second.kind], [KIND.PREKEY, KIND.PREKEY]);
  assert.equal(b.read(second), 'two');
  assert.equal(b.read(first), 'one');
  assert.equal(b.peer.sessions.length, 1);
  const answer = b.receive(a.send('three'));
  assert.ok(answer.ok && !answer.created);
  assert.equal(a.peer.sessions[0]?.confirmed, false);
  assert.equal(a.read(b.send('back')), 'back');
  assert.equal(a.peer.sessions[0]?.confirmed, true);
  assert.equal(a.send('four').kind, KIND.RATCHET);
});

test('one-time keys go with the first message that could be read, and not with one that could not', () => {
  const { a, b } = strangers();
  a.initiate(b);
  const message = a.send('one');
  const spoilt = { ...message, body: flipBit(message.body, message.body.length - 5) };
  const before = b.prekeys.size;
  assert.equal(codeOf(b.receive(spoilt)), 'E_AUTH');
  assert.equal(b.prekeys.size, before);
  const result = b.receive(message);
  assert.ok(result.ok && result.created);
  assert.deepEqual(
    result.consumed.map(({ kind }) => kind),
    [2, 4],
  );
  assert.equal(b.prekeys.size, before - 2);
  assert.equal(result.list?.relation, 'first');
});

test('last-resort keys are not consumed and mark the first chain as weak', () => {
  const { a, b } = strangers();
  a.initiate(b, T0, { oneTime: false });
  const message = a.send('one');
  assert.equal(message.weakFs, true);
  const result = b.receive(message);
  assert.ok(result.ok && result.weakFs);
  assert.deepEqual(result.consumed, []);
  const answer = a.receive(b.send('two'));
  assert.ok(answer.ok && !answer.weakFs);
  assert.equal(a.send('three').weakFs, false);
  const next = b.receive(a.send('four'));
  assert.ok(next.ok && !next.weakFs);
});

test('two devices that start at the same time end up on one session, in whatever order messages come', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), (picks) => {
      const { a, b } = strangers();
      a.initiate(b);
      b.initiate(a);
      const way = [
        { to: b, text: 'a1', message: a.send('a1') },
        { to: a, text: 'b1', message: b.send('b1') },
        { to: b, text: 'a2', message: a.send('a2') },
        { to: a, text: 'b2', message: b.send('b2') },
      ];
      for (const pick of picks) {
        const [next] = way.splice(pick % (way.length || 1), 1);
        if (next) assert.equal(next.to.read(next.message), next.text);
      }
      assert.equal(sidOf(a), sidOf(b));
      for (let i = 0; i < 3; i++) {
        assert.equal(b.read(a.send('later')), 'later');
        assert.equal(a.read(b.send('and back')), 'and back');
      }
      assert.equal(a.peer.sessions.length, 2);
    }),
    { numRuns: 15 },
  );
});

test('in any order, with duplicates and losses, each message is read once and a second copy is STALE', () => {
  const step = fc.record({
    fromA: fc.boolean(),
    act: fc.constantFrom('send', 'send', 'deliver', 'deliver', 'deliver', 'repeat', 'lose'),
    pick: fc.nat(),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 70 }), (steps) => {
      const { a, b } = acquainted();
      /** @type {{ to: Endpoint, text: string, message: ReturnType<Endpoint['send']> }[]} */
      const way = [];
      /** @type {typeof way} */
      const read = [];
      let lost = 0;
      for (const [number, { fromA, act, pick }] of steps.entries()) {
        const [from, to] = fromA ? [a, b] : [b, a];
        const done = read[pick % (read.length || 1)];
        if (act === 'send') way.push({ to, text: `${number}`, message: from.send(`${number}`) });
        else if (act === 'repeat' && done) assert.equal(codeOf(done.to.receive(done.message)), 'STALE');
        else if (act === 'lose') lost += way.splice(pick % (way.length || 1), 1).length;
        else
          for (const next of way.splice(pick % (way.length || 1), 1)) {
            assert.equal(next.to.read(next.message), next.text);
            read.push(next);
          }
      }
      for (const next of way.toReversed()) assert.equal(next.to.read(next.message), next.text);
      for (const { to, message } of [...read, ...way]) assert.equal(codeOf(to.receive(message)), 'STALE');
      const kept = [a, b].flatMap(({ peer }) => peer.sessions.map(({ skipped }) => skipped.size));
      assert.ok(kept.reduce((sum, size) => sum + size) <= lost);
    }),
    { numRuns: 15 },
  );
});

test('of two sessions of one epoch the greater id is selected', () => {
  const { a, b } = strangers();
  a.initiate(b);
  b.initiate(a);
  const [ofA, ofB] = [a.peer.sessions[0]?.sid, b.peer.sessions[0]?.sid];
  b.read(a.send('x'));
  a.read(b.send('y'));
  assert.ok(ofA && ofB);
  assert.equal(sidOf(a), toHex(compare(ofA, ofB) > 0 ? ofA : ofB));
});

test('a reset wins by its greater epoch, and the dead session still receives', () => {
  const { a, b } = acquainted();
  const old = selected(a.peer, T0)?.sid ?? new Uint8Array();
  const late = a.send('sent before the reset');
  b.peer = markDead(b.peer, old.subarray(0, 16), T0);
  assert.equal(selected(b.peer, T0), null);
  b.initiate(a);
  assert.equal(a.read(b.send('again')), 'again');
  assert.equal(sidOf(a), sidOf(b));
  assert.notEqual(sidOf(a), toHex(old));
  assert.equal(selected(a.peer, T0)?.epoch, 2);
  assert.equal(b.read(late), 'sent before the reset');
  assert.equal(b.peer.sessions.find(({ sid }) => toHex(sid) === toHex(old))?.dead, true);
});

test('the greatest epoch is remembered when all sessions are gone', () => {
  const { a, b } = acquainted();
  const later = T0 + 100 * DAY;
  b.peer = markDead(b.peer, (selected(b.peer, T0)?.sid ?? new Uint8Array()).subarray(0, 16), T0);
  b.peer = expire(b.peer, later, RETENTION);
  assert.deepEqual(b.peer.sessions, []);
  b.initiate(a, later);
  assert.equal(selected(b.peer, later)?.epoch, 2);
});

test('a rolled-back sender is STALE at the receiver with strong evidence, and a new session heals', () => {
  const { a, b } = acquainted();
  b.read(a.send('begins the chain'));
  const snapshot = a.snapshot();
  b.read(a.send('before'));
  a.rollBack(snapshot);
  const stale = b.receive(a.send('after'));
  assert.ok(!stale.ok);
  assert.deepEqual(
    [stale.code, stale.action, stale.evidence, stale.mayHeal],
    ['STALE', 'retry', 'strong', false],
  );
  b.peer = markDead(b.peer, stale.sid16 ?? new Uint8Array(), T0);
  b.initiate(a);
  assert.equal(a.read(b.send('retry')), 'retry');
  assert.equal(b.read(a.send('after')), 'after');
});

test('a sender rolled back to before a chain is E_STATE at the receiver, with strong evidence', () => {
  const { a, b } = acquainted();
  const snapshot = a.snapshot();
  b.read(a.send('before'));
  a.rollBack(snapshot);
  const result = b.receive(a.send('after'));
  assert.ok(!result.ok);
  assert.deepEqual(
    [result.code, result.action, result.evidence, result.mayHeal],
    ['E_STATE', 'retry', 'strong', true],
  );
});

test('a replayed PREKEY is E_REPLAY once its session is erased, and STALE while it is held', () => {
  const { a, b } = strangers();
  a.initiate(b, T0, { oneTime: false });
  const message = a.send('one');
  b.read(message);
  assert.equal(codeOf(b.receive(message)), 'STALE');
  b.peer = { ...b.peer, sessions: [] };
  const replayed = b.receive(message);
  assert.deepEqual([codeOf(replayed), !replayed.ok && replayed.action], ['E_REPLAY', 'drop']);
});

test('a PREKEY whose keys are gone is weak evidence', () => {
  const { a, b } = strangers();
  a.initiate(b);
  const message = a.send('one');
  b.prekeys.clear();
  const result = b.receive(message);
  assert.ok(!result.ok);
  assert.deepEqual(
    [result.code, result.action, result.evidence, result.mayHeal],
    ['E_UNKNOWN_PREKEY', 'retry', 'weak', false],
  );
});

test('a message for a session not held is weak evidence and may heal', () => {
  const { a, b } = acquainted();
  b.peer = { ...b.peer, sessions: [] };
  const result = b.receive(a.send('x'));
  assert.ok(!result.ok);
  assert.deepEqual(
    [result.code, result.action, result.evidence, result.mayHeal],
    ['E_NO_SESSION', 'retry', 'weak', true],
  );
});

test('a spoilt message on a held session is strong evidence and changes nothing', () => {
  const { a, b } = acquainted();
  const message = a.send('x');
  const before = encodePeer(b.peer);
  const result = b.receive({ ...message, body: flipBit(message.body, message.body.length - 1) });
  assert.ok(!result.ok);
  assert.deepEqual([result.code, result.action, result.evidence], ['E_AUTH', 'retry', 'strong']);
  assert.deepEqual(encodePeer(b.peer), before);
  assert.equal(b.read(message), 'x');
});

test('any changed byte of a PREKEY is refused and leaves everything as it was', () => {
  const { a, b } = strangers();
  a.initiate(b);
  const message = a.send('one');
  const before = encodePeer(b.peer);
  for (let at = 0; at < message.body.length; at += 7) {
    const result = b.receive({ ...message, body: flipBit(message.body, at) });
    assert.ok(!result.ok, `byte ${at}`);
    assert.notEqual(result.action, 'hold', 'what is not authenticated raises no warning');
  }
  assert.deepEqual(encodePeer(b.peer), before);
  assert.equal(b.read(message), 'one');
});

test('another sender than the one of the sessions is dropped before anything is opened', () => {
  const { a, b } = acquainted();
  const message = a.send('x');
  const result = b.receive({ ...message, sender: { ...message.sender, deviceId: 7 } });
  assert.deepEqual([codeOf(result), !result.ok && result.action], ['WRONG_PEER', 'drop']);
  b.blocked = true;
  assert.equal(codeOf(b.receive(message)), 'BLOCKED');
});

test('a session with one device cannot be used in the name of another', () => {
  const { a, b } = acquainted();
  const { a: c } = strangers();
  const ofC = { ...b.peer, ...c.address, sessions: [] };
  const eve = Object.assign(Object.create(Object.getPrototypeOf(b)), b, { peer: ofC });
  assert.equal(codeOf(eve.receive({ ...a.send('x'), sender: c.address })), 'E_NO_SESSION');
});

test('a list of another account in a PREKEY is dropped, one that contradicts the known list is held', () => {
  const { a, b } = strangers();
  a.initiate(b);
  const message = a.send('one');
  const body = decodePrekeyBody(message.body);
  const other = newAccount();
  const foreign = listOf(other, [newDevice(other)]);
  const wrong = { ...message, body: encodePrekeyBody({ ...body, deviceList: foreign.bytes }) };
  assert.equal(codeOf(b.receive(wrong)), 'WRONG_PEER');

  b.knownList = listOf(a.account, [a.device, newDevice(a.account)]);
  const forked = b.receive(message);
  assert.ok(!forked.ok);
  assert.deepEqual([forked.code, forked.action], ['E_DLC', 'hold']);
});

test('an older carried list is fine while the sender still stands, and dropped when it was removed', () => {
  const { a, b } = strangers();
  a.initiate(b);
  const message = a.send('one');
  const newer = listOf(a.account, [a.device, newDevice(a.account)], a.list);
  b.knownList = newer;
  const result = b.receive(message);
  assert.ok(result.ok && result.list?.relation === 'older');

  const removed = strangers();
  removed.a.initiate(removed.b);
  const late = removed.a.send('one');
  removed.b.knownList = listOf(removed.a.account, [newDevice(removed.a.account)], removed.a.list);
  const dropped = removed.b.receive(late);
  assert.deepEqual([codeOf(dropped), !dropped.ok && dropped.action], ['UNLISTED', 'drop']);
});

test('the next list is taken over and a jump is told', () => {
  const { a, b } = strangers();
  const first = a.list;
  const second = listOf(a.account, [a.device], first);
  a.list = listOf(a.account, [a.device], second);
  a.initiate(b);
  b.knownList = second;
  const next = b.receive(a.send('one'));
  assert.ok(next.ok && next.list?.relation === 'next');
  const other = strangers();
  other.a.list = listOf(
    other.a.account,
    [other.a.device],
    listOf(other.a.account, [other.a.device], other.a.list),
  );
  other.b.knownList = listOf(other.a.account, [other.a.device]);
  other.a.initiate(other.b);
  const jump = other.b.receive(other.a.send('one'));
  assert.ok(jump.ok && jump.list?.relation === 'jump');
});

test('epochs of zero, of the end and too far ahead are E_FORMAT', () => {
  const { a, b } = strangers();
  a.initiate(b);
  const message = a.send('one');
  const body = decodePrekeyBody(message.body);
  for (const epoch of [0, 0xffffffff, 1002]) {
    assert.equal(codeOf(b.receive({ ...message, body: encodePrekeyBody({ ...body, epoch }) })), 'E_FORMAT');
  }
  b.peer = { ...b.peer, maxEpoch: 1 };
  assert.equal(codeOf(b.receive({ ...message, body: encodePrekeyBody({ ...body, epoch: 1001 }) })), 'E_AUTH');
});

test('a low-order key is E_ZERO in every slot of the setup', () => {
  const low = new Uint8Array(32);
  const { a, b } = strangers();
  const setup = { self: a.device.identity, dhkSecret: a.device.dhkSecret };
  const remote = b.bundle();
  const { opk } = remote;
  assert.ok(opk);
  const zero = { code: 'E_ZERO' };
  assert.throws(
    () =>
      initiateWith(a.peer, { ...setup, remote: { ...remote, spk: { ...remote.spk, publicKey: low } } }, T0),
    zero,
  );
  assert.throws(
    () => initiateWith(a.peer, { ...setup, remote: { ...remote, opk: { ...opk, publicKey: low } } }, T0),
    zero,
  );
  assert.throws(
    () =>
      initiateWith(
        a.peer,
        { ...setup, remote: { ...remote, identity: { ...remote.identity, dhk: low } } },
        T0,
      ),
    zero,
  );
  a.initiate(b);
  const message = a.send('one');
  const body = encodePrekeyBody({ ...decodePrekeyBody(message.body), ek: low });
  const result = b.receive({ ...message, body });
  assert.deepEqual([codeOf(result), !result.ok && result.action], ['E_ZERO', 'drop']);
});

test('an unconfirmed session is not used after 30 days, but still receives, and the answer makes it live', () => {
  const { a, b } = strangers();
  a.initiate(b);
  b.read(a.send('one'));
  const later = T0 + 31 * DAY;
  assert.equal(selected(a.peer, later), null);
  a.peer = expire(a.peer, later, 90 * DAY);
  assert.equal(selected(a.peer, later), null);
  assert.equal(a.read(b.send('late', later), later), 'late');
  assert.equal(toHex(selected(a.peer, later)?.sid ?? new Uint8Array()), sidOf(b), 'as the peer has it');
});

test('a clock that stood ahead for a while leaves an unconfirmed session as it was', () => {
  const { a, b } = strangers();
  a.initiate(b);
  a.peer = expire(a.peer, T0 + 60 * DAY, 90 * DAY);
  assert.equal(toHex(selected(a.peer, T0 + DAY)?.sid ?? new Uint8Array()), sidOf(a));
});

test('sessions out of use are erased after T, which a receive starts anew; the selected one stays', () => {
  const { a, b } = acquainted();
  const old = sidOf(a);
  b.initiate(a);
  const late = a.send('on the old one');
  a.read(b.send('new session'));
  b.read(a.send('confirmed'));
  assert.equal(b.read(late, T0 + 20 * DAY), 'on the old one');
  b.peer = expire(b.peer, T0 + 40 * DAY, RETENTION);
  assert.ok(b.peer.sessions.some(({ sid }) => toHex(sid) === old));
  b.peer = expire(b.peer, T0 + 60 * DAY, RETENTION);
  assert.equal(b.peer.sessions.length, 1);
  assert.notEqual(sidOf(b, T0 + 60 * DAY), old);
});

test('more than four sessions push out the oldest that is not selected', () => {
  const { a, b } = acquainted();
  const sids = [sidOf(a)];
  for (let i = 1; i <= 4; i++) {
    a.initiate(b, T0 + i);
    sids.push(sidOf(a, T0 + i));
  }
  assert.equal(a.peer.sessions.length, 4);
  assert.deepEqual(a.peer.sessions.map(({ sid }) => toHex(sid)).sort(), sids.slice(1).sort());
});

test('the selected session stays, though it is the oldest of more than four', () => {
  const { a, b } = acquainted();
  a.initiate(b);
  const inUse = sidOf(a);
  for (let i = 1; i <= 5; i++) {
    b.peer = { ...b.peer, maxEpoch: 0, sessions: [] }; // rolled back: its epochs begin anew
    b.initiate(a, T0 + i);
    a.read(b.send('hello again', T0 + i), T0 + i);
  }
  assert.equal(a.peer.sessions.length, 4);
  assert.equal(sidOf(a, T0 + 5), inUse);
});

test('skipped keys of a session are bounded and expire', () => {
  const { a, b } = acquainted();
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 900; i++) a.send('lost');
    b.read(a.send('seen'));
  }
  assert.equal(b.peer.sessions[0]?.skipped.size, 2000);
  const counters = [...(b.peer.sessions[0]?.skipped.values() ?? [])].map(({ counter }) => counter);
  assert.equal(Math.min(...counters), 701);
  b.peer = expire(b.peer, T0 + 31 * DAY, RETENTION);
  assert.equal(b.peer.sessions[0]?.skipped.size, 0);
  assert.equal(b.read(a.send('on', T0 + 31 * DAY), T0 + 31 * DAY), 'on');
});

test('late messages are read from their skipped keys, once', () => {
  const { a, b } = acquainted();
  const messages = ['0', '1', '2', '3'].map((text) => a.send(text));
  for (const i of [3, 0, 2, 1]) assert.equal(b.read(/** @type {any} */ (messages[i])), String(i));
  assert.equal(b.peer.sessions[0]?.skipped.size, 0);
  assert.equal(codeOf(b.receive(/** @type {any} */ (messages[1]))), 'STALE');
});

test('64 ephemerals go out in a chain, and again once the peer has answered', () => {
  const { a, b } = acquainted();
  assert.equal(ephemeralsLeft(a.peer, T0), 64);
  for (let i = 0; i < 64; i++) a.send('typing', T0, true);
  assert.equal(ephemeralsLeft(a.peer, T0), 0);
  assert.throws(() => a.send('typing', T0, true), { code: 'E_STATE' });
  b.read(a.send('kept'));
  a.read(b.send('answer'));
  assert.equal(ephemeralsLeft(a.peer, T0), 64);
  a.send('typing', T0, true);
  assert.equal(ephemeralsLeft(a.peer, T0), 63);
});

test('after a receipt for its chain a message is shorter by the KEM bytes', () => {
  const { a, b } = strangers();
  a.initiate(b);
  b.read(a.send('one'));
  const answer = b.send('two');
  a.read(answer);
  const full = b.send('three');
  b.peer = elide(b.peer, answer.transmission);
  const short = b.send('four');
  assert.equal(full.body.length - short.body.length, 1088);
  assert.equal(a.read(short), 'four');
  assert.equal(a.read(full), 'three');
});

test('a replay cache that is full refuses further sessions on that signed prekey and asks for a new one', () => {
  const { a, b } = strangers();
  b.replayRows = Array.from({ length: 9_999 }, () => ({
    spkId: b.spk.own.keyId,
    opkId: 0,
    ekHash: randomBytes(16),
    atMs: T0,
  }));
  a.initiate(b, T0, { oneTime: false });
  const last = b.receive(a.send('one'));
  assert.ok(last.ok);
  assert.equal(last.exhaustedSpk, b.spk.own.keyId);
  a.initiate(b, T0, { oneTime: false });
  const refused = b.receive(a.send('two'));
  assert.ok(!refused.ok && refused.action === 'drop');
  assert.equal(refused.exhaustedSpk, b.spk.own.keyId);
  a.initiate(b);
  assert.equal(b.read(a.send('three')), 'three');
});

test('an authentic message with broken padding counts as received without content', async () => {
  const { a, b } = acquainted();
  const { encrypt } = await import('../crypto/ratchet.js');
  const session = selected(a.peer, T0);
  assert.ok(session);
  const { message } = encrypt(session.ratchet, new Uint8Array(256), T0);
  const result = b.receive({ sender: a.address, kind: KIND.RATCHET, body: message });
  assert.ok(result.ok && result.content === null);
  assert.equal(codeOf(b.receive({ sender: a.address, kind: KIND.RATCHET, body: message })), 'STALE');
});

test('bodies that are cut or random are E_FORMAT or unknown, never a crash', () => {
  const { a, b } = acquainted();
  const { a: stranger, b: other } = strangers();
  stranger.initiate(other);
  for (const [to, message] of /** @type {[Endpoint, ReturnType<Endpoint['send']>][]} */ ([
    [b, a.send('x')],
    [other, stranger.send('x')],
  ])) {
    const before = encodePeer(to.peer);
    for (let length = 0; length < message.body.length; length += 11) {
      assert.equal(to.receive({ ...message, body: message.body.subarray(0, length) }).ok, false);
    }
    fc.assert(
      fc.property(fc.nat(), fc.nat(40), fc.uint8Array({ maxLength: 40 }), (from, length, put) => {
        const at = from % (message.body.length + 1);
        fc.pre(toHex(message.body.subarray(at, at + length)) !== toHex(put));
        const body = concat(message.body.subarray(0, at), put, message.body.subarray(at + length));
        fc.pre(toHex(body) !== toHex(message.body));
        assert.equal(to.receive({ ...message, body }).ok, false);
      }),
    );
    assert.deepEqual(encodePeer(to.peer), before);
    assert.equal(to.read(message), 'x');
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.constantFrom(1, 2), (body, kind) => {
      assert.equal(b.receive({ sender: a.address, kind: /** @type {1 | 2} */ (kind), body }).ok, false);
    }),
  );
});
