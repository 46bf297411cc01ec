import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { flipBit } from '../../../test/flip-bit.js';
import { listOf, newAccount, newDevice, newPrekey, T0 } from '../../../test/people.js';
import { toHex } from './bytes.js';
import { encapsulate, newAgreementKey } from './keys.js';
import { initiate, initiateWithKeysForTests, respond } from './pqxdh.js';
import { PREKEY, verifyBundleDevice } from './prekey.js';
import { ready } from './sodium.js';

before(ready);

function setup({ oneTime = true, pqKind = /** @type {3 | 4} */ (PREKEY.KEM_ONE_TIME) } = {}) {
  const [account, own] = [newAccount(), newAccount()];
  const [b, a] = [newDevice(account), newDevice(own)];
  const spk = newPrekey(b, PREKEY.SIGNED);
  const opk = oneTime ? newPrekey(b, PREKEY.ONE_TIME) : null;
  const pq = newPrekey(b, pqKind);
  const offered = { deviceId: b.identity.deviceId, spk: spk.record, opk: opk?.record, pq: pq.record };
  const remote = verifyBundleDevice(listOf(account, [b]), offered, T0);
  const given = { self: a.identity, dhkSecret: a.dhkSecret, remote, epoch: 1 };
  const initiator = initiate(given);
  const answer = {
    self: b.identity,
    dhkSecret: b.dhkSecret,
    peer: a.identity,
    head: initiator.head,
    spk: spk.own,
    opk: opk?.own ?? null,
    pq: pq.own,
  };
  return { initiator, answer, given };
}

test('both sides agree, with and without one-time keys', () => {
  for (const options of [{}, { oneTime: false }, { oneTime: false, pqKind: PREKEY.KEM_LAST_RESORT }]) {
    const { initiator, answer } = setup(options);
    const responder = respond(answer);
    assert.equal(toHex(responder.sessionId), toHex(initiator.sessionId));
    assert.equal(toHex(responder.secret), toHex(initiator.secret));
    assert.equal(initiator.head.opkId === 0, options.oneTime === false);
  }
});

test('whatever the two sides see differently gives another session and another secret', () => {
  const { initiator, answer } = setup();
  const { head, peer, self } = answer;
  /** @type {Partial<typeof answer>[]} */
  const differences = [
    { head: { ...head, epoch: 2 } },
    { head: { ...head, spkId: (head.spkId ^ 1) >>> 0 } },
    { head: { ...head, opkId: (head.opkId ^ 1) >>> 0 } },
    { head: { ...head, pqId: (head.pqId ^ 1) >>> 0 } },
    { head: { ...head, pqKind: PREKEY.KEM_LAST_RESORT } },
    { head: { ...head, ct: flipBit(head.ct, 9) } },
    { pq: { ...answer.pq, publicKey: flipBit(answer.pq.publicKey, 9) } },
    { opk: null },
    { peer: { ...peer, aik: flipBit(peer.aik, 1) } },
    { peer: { ...peer, dsk: flipBit(peer.dsk, 1) } },
    { peer: { ...peer, accountId: flipBit(peer.accountId, 1) } },
    { peer: { ...peer, deviceId: (peer.deviceId ^ 1) >>> 0 } },
    { self: { ...self, deviceId: (self.deviceId ^ 1) >>> 0 } },
    { self: peer, peer: self },
  ];
  for (const difference of differences) {
    const responder = respond({ ...answer, ...difference });
    assert.notEqual(
      toHex(responder.sessionId),
      toHex(initiator.sessionId),
      JSON.stringify(Object.keys(difference)),
    );
    assert.notEqual(toHex(responder.secret), toHex(initiator.secret));
  }
});

test('a low-order key is E_ZERO in every slot of the responder', () => {
  const low = new Uint8Array(32);
  const { answer } = setup();
  const { head, peer } = answer;
  assert.throws(() => respond({ ...answer, head: { ...head, ek: low } }), { code: 'E_ZERO' });
  assert.throws(() => respond({ ...answer, peer: { ...peer, dhk: low } }), { code: 'E_ZERO' });
});

test('the KEM secret is overwritten once the session secret stands', () => {
  const { given } = setup();
  const { ciphertext: ct, secret: ss } = encapsulate(given.remote.pq.publicKey);
  initiateWithKeysForTests({ ...given, ephemeral: newAgreementKey(), ct, ss });
  assert.deepEqual(ss, new Uint8Array(32));
});
