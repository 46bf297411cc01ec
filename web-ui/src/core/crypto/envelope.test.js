import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { flipBit } from '../../../test/flip-bit.js';
import { newAccount, newDevice } from '../../../test/people.js';
import { concat } from './bytes.js';
import {
  decodePrekeyBody,
  encodePrekeyBody,
  envelopeId,
  KIND,
  openEnvelope,
  sealEnvelope,
} from './envelope.js';
import { randomBytes } from './random.js';
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

test('another device, another account and every changed or cut byte are refused', () => {
  const { a, self, envelope } = twoDevices();
  assert.throws(() => openEnvelope({ ...self, deviceId: (self.deviceId ^ 1) >>> 0 }, envelope), {
    code: 'E_AUTH',
  });
  assert.throws(() => openEnvelope({ ...self, accountId: a.identity.accountId }, envelope), {
    code: 'E_AUTH',
  });
  for (let at = 0; at < envelope.length; at++) {
    assert.throws(() => openEnvelope(self, flipBit(envelope, at)), { name: 'ProtocolError' }, `byte ${at}`);
    assert.throws(() => openEnvelope(self, envelope.subarray(0, at)), { name: 'ProtocolError' });
  }
  assert.throws(() => openEnvelope(self, concat(envelope, Uint8Array.of(0))), { code: 'E_AUTH' });
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

test('a PREKEY body comes back, and is refused when cut or with an impossible field', () => {
  const head = { epoch: 5, spkId: 7, opkId: 0, pqKind: /** @type {const} */ (4), pqId: 11 };
  const keys = { ek: randomBytes(32), ct: randomBytes(1088) };
  const body = { ...head, ...keys, deviceList: randomBytes(300), message: randomBytes(50) };
  const encoded = encodePrekeyBody(body);
  assert.deepEqual(decodePrekeyBody(encoded), body);
  for (let length = 0; length < encoded.length - 50; length += 13) {
    assert.throws(() => decodePrekeyBody(encoded.subarray(0, length)), { code: 'E_FORMAT' });
  }
  for (const wrong of [{ epoch: 0 }, { epoch: 0xffffffff }, { spkId: 0 }, { pqId: 0 }, { pqKind: 1 }]) {
    const changed = /** @type {typeof body} */ ({ ...body, ...wrong });
    assert.throws(() => decodePrekeyBody(encodePrekeyBody(changed)), { code: 'E_FORMAT' });
  }
});

test('nothing above 40960 bytes leaves', () => {
  const { a, b } = twoDevices();
  const body = new Uint8Array(40_960);
  assert.throws(() => sealEnvelope({ recipient: b.identity, sender: a.identity, kind: 1, body }), {
    code: 'E_FORMAT',
  });
});
