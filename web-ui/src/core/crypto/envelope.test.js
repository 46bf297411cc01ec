import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { flipBit } from '../../../test/flip-bit.js';
import { newAccount, newDevice } from '../../../test/people.js';
import { concat, Writer } from './bytes.js';
import {
  decodePrekeyBody,
  encodePrekeyBody,
  envelopeId,
  KIND,
  openEnvelope,
  sealEnvelope,
} from './envelope.js';
import { hkdf } from './hkdf.js';
import { agree, newAgreementKey } from './keys.js';
import { INFO, SEAL } from './labels.js';
import { randomBytes } from './random.js';
import { seal } from './seal.js';
import { ready } from './sodium.js';

before(ready);

function twoDevices() {
  const [a, b] = [newDevice(newAccount()), newDevice(newAccount())];
  const self = { ...b.identity, dhkSecret: b.dhkSecret };
  const body = randomBytes(200);
  const envelope = sealEnvelope({ recipient: b.identity, sender: a.identity, kind: KIND.RATCHET, body });
  return { a, b, self, body, envelope };
}

test('the recipient reads sender, kind and body', () => {
  const { a, self, body, envelope } = twoDevices();
  assert.deepEqual(openEnvelope(self, envelope), {
    senderAccountId: a.identity.accountId,
    senderDeviceId: a.identity.deviceId,
    kind: KIND.RATCHET,
    body,
  });
});

test('an envelope around the shortest ratchet message has 512 bytes', () => {
  const { a, b } = twoDevices();
  const message = new Uint8Array(58 + 72 + 256);
  const sealed = sealEnvelope({
    recipient: b.identity,
    sender: a.identity,
    kind: KIND.RATCHET,
    body: message,
  });
  assert.equal(sealed.length, 512);
});

test('another device, another account and a change in any byte are refused', () => {
  const { a, self, envelope } = twoDevices();
  assert.throws(() => openEnvelope({ ...self, deviceId: (self.deviceId ^ 1) >>> 0 }, envelope), {
    code: 'E_AUTH',
  });
  assert.throws(() => openEnvelope({ ...self, accountId: a.identity.accountId }, envelope), {
    code: 'E_AUTH',
  });
  for (let at = 0; at < envelope.length; at++) {
    assert.throws(() => openEnvelope(self, flipBit(envelope, at)), { name: 'ProtocolError' }, `byte ${at}`);
  }
});

test('what was sealed to this device with an unknown kind, or cut, is E_FORMAT', () => {
  const { b, self } = twoDevices();
  const inner = randomBytes(30);
  for (let kind = 0; kind <= 0xff; kind++) {
    const open = () => openEnvelope(self, sealInner(b.identity, inner.with(20, kind)));
    if (kind === KIND.RATCHET || kind === KIND.PREKEY) assert.equal(open().kind, kind);
    else assert.throws(open, { code: 'E_FORMAT' }, `kind ${kind}`);
  }
  for (let length = 0; length <= 20; length++) {
    const cut = sealInner(b.identity, inner.subarray(0, length));
    assert.throws(() => openEnvelope(self, cut), { code: 'E_FORMAT' }, `${length} bytes`);
  }
});

test('an ephemeral key of low order is E_ZERO on both sides', () => {
  const { a, self, envelope } = twoDevices();
  const zeroed = envelope.slice();
  zeroed.fill(0, 1, 33);
  assert.throws(() => openEnvelope(self, zeroed), { code: 'E_ZERO' });
  const recipient = { ...self, dhk: new Uint8Array(32) };
  const body = new Uint8Array(1);
  assert.throws(() => sealEnvelope({ recipient, sender: a.identity, kind: 1, body }), { code: 'E_ZERO' });
});

test('the id depends on every byte', () => {
  const { envelope } = twoDevices();
  assert.equal(envelopeId(envelope).length, 16);
  assert.notDeepEqual(envelopeId(envelope), envelopeId(flipBit(envelope, 77)));
});

test('a PREKEY body comes back, and is refused with an impossible field', () => {
  const head = { epoch: 5, spkId: 7, opkId: 0, pqKind: /** @type {const} */ (4), pqId: 11 };
  const keys = { ek: randomBytes(32), ct: randomBytes(1088) };
  const body = { ...head, ...keys, deviceList: randomBytes(300), message: randomBytes(50) };
  const encoded = encodePrekeyBody(body);
  assert.deepEqual(decodePrekeyBody(encoded), body);
  for (const [epoch, pqKind] of /** @type {const} */ ([
    [1, 3],
    [0xfffffffe, 4],
  ])) {
    const edge = { ...body, epoch, pqKind, opkId: 0xffffffff };
    assert.deepEqual(decodePrekeyBody(encodePrekeyBody(edge)), edge);
  }
  for (const wrong of [{ epoch: 0 }, { epoch: 0xffffffff }, { spkId: 0 }, { pqId: 0 }, { pqKind: 1 }]) {
    const changed = /** @type {typeof body} */ ({ ...body, ...wrong });
    assert.throws(() => decodePrekeyBody(encodePrekeyBody(changed)), { code: 'E_FORMAT' });
  }
});

test('an envelope of 40960 bytes is sealed and opened, a longer one is neither', () => {
  const { a, b, self } = twoDevices();
  const longest = 40_960 - 33 - 72 - 21;
  const sealed = (/** @type {number} */ length) =>
    sealEnvelope({ recipient: b.identity, sender: a.identity, kind: 1, body: new Uint8Array(length) });
  const envelope = sealed(longest);
  assert.equal(envelope.length, 40_960);
  assert.equal(openEnvelope(self, envelope).body.length, longest);
  assert.throws(() => sealed(longest + 1), { code: 'E_FORMAT' });
  const longer = sealInner(b.identity, new Uint8Array(21 + longest + 1).with(20, 1));
  assert.equal(longer.length, 40_961);
  assert.throws(() => openEnvelope(self, longer), { code: 'E_FORMAT' });
});

/**
 * An envelope around bytes that sealEnvelope would not write.
 * @param {import('./device-list.js').Identity} recipient
 * @param {Uint8Array} inner
 */
function sealInner({ accountId, deviceId, dhk }, inner) {
  const { publicKey, secretKey } = newAgreementKey();
  const key = hkdf(concat(publicKey, dhk), agree(secretKey, dhk), INFO.envelopeKey, 32);
  const place = new Writer().u8(1).bytes(publicKey).bytes(accountId).u32(deviceId).bytes(dhk).finish();
  return concat(Uint8Array.of(1), publicKey, seal(key, SEAL.envelope, place, inner));
}
