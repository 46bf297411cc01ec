import { concat, fromBase64url, utf8, Writer } from '../src/core/crypto/bytes.js';
import { CTYPE, decodeContent, encodeContent, isSequenced } from '../src/core/crypto/content.js';
import { decodeDeviceList } from '../src/core/crypto/device-list.js';
import { decodePrekeyBody, KIND, openEnvelope, sealEnvelope } from '../src/core/crypto/envelope.js';
import { hkdf } from '../src/core/crypto/hkdf.js';
import { parseJson } from '../src/core/crypto/json-shape.js';
import { agree, newAgreementKey } from '../src/core/crypto/keys.js';
import { INFO, SEAL } from '../src/core/crypto/labels.js';
import { pad, unpad } from '../src/core/crypto/padding.js';
import { pinShape } from '../src/core/crypto/pin.js';
import { decodePrekey, PREKEY } from '../src/core/crypto/prekey.js';
import { randomBytes } from '../src/core/crypto/random.js';
import { splitMessage } from '../src/core/crypto/ratchet-header.js';
import { seal } from '../src/core/crypto/seal.js';
import { decodeRefs, decodeRelayFrame, encodeRefs, encodeRelayFrame } from '../src/core/path/relay-frame.js';
import { EVERY_BODY, ID, PIN } from './contents.js';
import { decodersAtRest } from './decoders-at-rest.js';
import { strangers } from './endpoint.js';
import { listOf, newAccount, newDevice, newPrekey } from './people.js';

/** Everything that reads bytes from outside or from disk, with bytes that it reads. */

/**
 * @typedef {object} Decoder
 * @property {Uint8Array} bytes what it reads
 * @property {(bytes: Uint8Array) => unknown} decode
 * @property {import('../src/core/crypto/errors.js').ProtocolErrorCode[]} [codes] that it may refuse with
 * @property {number} [free] where bytes of any number begin, up to the end
 * @property {number} [json] where JSON begins, up to the end
 * @property {Record<string, { at: number, known: number[] }>} fields bytes of which few values are known
 */

/**
 * With new keys at each call.
 *
 * @returns {Record<string, Decoder>}
 */
export function decoders() {
  return {
    envelope: envelope(),
    'body of a PREKEY': prekeyBody(),
    'ratchet message': ratchetMessage(),
    ...contents(),
    'content of an unknown ctype': {
      bytes: content(99, 'whatever', 0),
      decode: decodeContent,
      free: 50,
      fields: { version: { at: 1, known: [1] } },
    },
    'device list': deviceList(),
    'prekey record': {
      bytes: newPrekey(newDevice(newAccount()), PREKEY.SIGNED).record,
      decode: decodePrekey,
      fields: { kind: { at: 0, known: [1, 2] } },
    },
    'KEM prekey record': {
      bytes: newPrekey(newDevice(newAccount()), PREKEY.KEM_ONE_TIME).record,
      decode: decodePrekey,
      fields: { kind: { at: 0, known: [3, 4] } },
    },
    ...decodersAtRest(),
    'relay frame': {
      bytes: encodeRelayFrame({
        type: 1,
        account: randomBytes(16),
        device: 1,
        ref: 2,
        payload: randomBytes(9),
      }),
      decode: decodeRelayFrame,
      free: 25,
      fields: {},
    },
    'further refs of a TAKEN': {
      bytes: encodeRefs([1, 2, 0xffffffff]),
      decode: decodeRefs,
      free: 0,
      fields: {},
    },
    pin: {
      bytes: utf8(JSON.stringify(PIN)),
      decode: (bytes) => pinShape(parseJson(bytes)),
      json: 0,
      fields: {},
    },
    'inside of an envelope': insideOfEnvelope(),
    padding: { bytes: pad(utf8('hello')), decode: unpad, fields: { mark: { at: 5, known: [0x80] } } },
  };
}

/** @returns {Decoder} */
function envelope() {
  const [a, b] = [newDevice(newAccount()), newDevice(newAccount())];
  const self = { ...b.identity, dhkSecret: b.dhkSecret };
  const body = randomBytes(40);
  return {
    bytes: sealEnvelope({ recipient: b.identity, sender: a.identity, kind: KIND.RATCHET, body }),
    decode: (bytes) => openEnvelope(self, bytes),
    codes: ['E_FORMAT', 'E_AUTH', 'E_ZERO'],
    fields: { version: { at: 0, known: [1] } },
  };
}

/**
 * As anybody makes it who knows the recipient.
 *
 * @returns {Decoder}
 */
function insideOfEnvelope() {
  const device = newDevice(newAccount());
  const self = { ...device.identity, dhkSecret: device.dhkSecret };
  const inner = new Writer()
    .fixed(randomBytes(16), 16)
    .u32(7)
    .u8(KIND.RATCHET)
    .bytes(randomBytes(9))
    .finish();
  return {
    bytes: inner,
    decode: (bytes) => openEnvelope(self, sealInner(self, bytes)),
    free: 21,
    fields: { kind: { at: 20, known: [KIND.RATCHET, KIND.PREKEY] } },
  };
}

/** @returns {Decoder} */
function prekeyBody() {
  const { a, b } = strangers();
  a.initiate(b);
  const { body } = a.send('hello');
  return {
    bytes: body,
    decode: decodePrekeyBody,
    free: body.length - decodePrekeyBody(body).message.length,
    fields: { 'kind of KEM prekey': { at: 12, known: [3, 4] } },
  };
}

/** @returns {Decoder} */
function ratchetMessage() {
  const { a, b } = strangers();
  a.initiate(b);
  return {
    bytes: decodePrekeyBody(a.send('hello').body).message,
    decode: splitMessage,
    free: 58 + 1184,
    fields: { version: { at: 0, known: [1] }, flag: { at: 1, known: [0, 1, 2, 5, 6] } },
  };
}

/**
 * One of each ctype and variant.
 *
 * @returns {Record<string, Decoder>}
 */
function contents() {
  return Object.fromEntries(
    EVERY_BODY.map(([ctype, body], i) => {
      const [ctypeName = ''] = Object.entries(CTYPE).find(([, value]) => value === ctype) ?? [];
      const bytes = content(ctype, JSON.stringify(body), isSequenced(ctype, body) ? 1 : 0);
      const fields = { version: { at: 1, known: [1] } };
      return [`content ${i + 1}, ${ctypeName}`, { bytes, decode: decodeContent, json: 50, fields }];
    }),
  );
}

/**
 * @param {number} ctype
 * @param {string} body
 * @param {number} seq
 */
function content(ctype, body, seq) {
  const none = { msgId: fromBase64url(ID), convId: randomBytes(16), sentMs: 1, seq: 0, senderListVersion: 1 };
  const head = encodeContent({ ...none, ctype: CTYPE.NULL, body: {} }).slice(0, 50);
  return concat(head.with(0, ctype).with(45, seq), utf8(body));
}

/** @returns {Decoder} */
function deviceList() {
  const account = newAccount();
  return {
    bytes: listOf(account, [newDevice(account)]).bytes,
    decode: decodeDeviceList,
    codes: ['E_DLC'],
    fields: {
      type: { at: 0, known: [1] },
      version: { at: 1, known: [1] },
      'number of devices': { at: 94, known: [1] },
      'device flag': { at: 171, known: [1] },
    },
  };
}

/**
 * @param {{ accountId: Uint8Array, deviceId: number, dhk: Uint8Array }} self
 * @param {Uint8Array} inner
 */
function sealInner({ accountId, deviceId, dhk }, inner) {
  const ephemeral = newAgreementKey();
  const shared = agree(ephemeral.secretKey, dhk);
  const key = hkdf(concat(ephemeral.publicKey, dhk), shared, INFO.envelopeKey, 32);
  const head = concat(Uint8Array.of(1), ephemeral.publicKey);
  const ad = new Writer().bytes(head).fixed(accountId, 16).u32(deviceId).fixed(dhk, 32).finish();
  return concat(head, seal(key, SEAL.envelope, ad, inner));
}
