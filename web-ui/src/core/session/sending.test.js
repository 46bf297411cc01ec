import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { acquainted, strangers } from '../../../test/endpoint.js';
import { T0 } from '../../../test/people.js';
import { randomBytes } from '../crypto/random.js';
import { ready } from '../crypto/sodium.js';
import { elide, emptyPeer, encryptFor, ephemeralsLeft, initiateWith, selected } from './session-table.js';

before(ready);

/** @param {import('../../../test/endpoint.js').Endpoint} from @param {import('../../../test/endpoint.js').Endpoint} to */
function setupOf(from, to) {
  return { self: from.device.identity, dhkSecret: from.device.dhkSecret, remote: to.bundle() };
}

test('a bundle of another account or device begins no session with this one', () => {
  const { a, b } = strangers();
  const setup = setupOf(a, b);
  const { accountId, deviceId } = b.address;
  assert.throws(() => initiateWith(emptyPeer(randomBytes(16), deviceId), setup, T0), RangeError);
  assert.throws(() => initiateWith(emptyPeer(accountId, deviceId ^ 1), setup, T0), RangeError);
  assert.equal(initiateWith(emptyPeer(accountId, deviceId), setup, T0).sessions.length, 1);
});

test('the last epoch begins a session, and after it none begins', () => {
  const { a, b } = strangers();
  const last = initiateWith({ ...a.peer, maxEpoch: 0xfffffffd }, setupOf(a, b), T0);
  assert.equal(last.maxEpoch, 0xfffffffe);
  assert.throws(() => initiateWith(last, setupOf(a, b), T0), { code: 'E_STATE' });
});

test('without a live session nothing is sealed', () => {
  const { a } = strangers();
  const outgoing = { content: new Uint8Array(1), ownList: a.list.bytes };
  assert.throws(() => encryptFor(a.peer, outgoing, T0), { code: 'E_NO_SESSION' });
  assert.equal(ephemeralsLeft(a.peer, T0), 0);
});

test('what is stored does not count as ephemeral', () => {
  const { a } = acquainted();
  const { peer } = encryptFor(a.peer, { content: new Uint8Array(1), ownList: a.list.bytes }, T0);
  assert.equal(ephemeralsLeft(peer, T0), 64);
});

test('on a weak session what the responder sends has a fresh key in it and is not marked', () => {
  const { a, b } = strangers();
  a.initiate(b, T0, { oneTime: false });
  const first = b.receive(a.send('one'));
  assert.ok(first.ok && first.weakFs);
  assert.equal(b.send('two').weakFs, false);
  assert.equal(a.send('three').weakFs, true);
});

test('a receipt for a session that is gone, or for a chain without KEM bytes, changes nothing', () => {
  const { a, b } = acquainted();
  const { transmission } = a.send('no KEM key in this chain');
  assert.equal(elide(a.peer, transmission), a.peer);
  assert.equal(elide(a.peer, { ...transmission, sid: randomBytes(32) }), a.peer);
  assert.equal(selected(b.peer, T0)?.ratchet.elide, false);
});
