import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acquainted, strangers } from '../../test/endpoint.js';
import { listOf, newAccount, newDevice, newPrekey } from '../../test/people.js';
import { valueOrRefusal } from '../../test/refusals.js';
import fc from '../../test/seeded.js';
import { decryptFile, encryptFile } from './crypto/attachment.js';
import { concat, toBase64url, utf8 } from './crypto/bytes.js';
import { CTYPE, decodeContent, encodeContent } from './crypto/content.js';
import { decodeDeviceList } from './crypto/device-list.js';
import { decodePrekeyBody, KIND, openEnvelope, sealEnvelope } from './crypto/envelope.js';
import { sha256 } from './crypto/hash.js';
import { decodePrekey, PREKEY } from './crypto/prekey.js';
import { randomBytes } from './crypto/random.js';
import { splitMessage } from './crypto/ratchet-header.js';
import { decodeState, encodeState } from './crypto/ratchet-record.js';
import { ready } from './crypto/sodium.js';
import { createVault, openVault, vaultGenerations } from './crypto/vault.js';
import { decodeRelayFrame, encodeRelayFrame } from './path/relay-frame.js';
import { decodePeer, decodeSkippedKey, encodePeer, encodeSkippedKey } from './session/session-table.js';

await ready();

/**
 * @typedef {object} Decoder
 * @property {Uint8Array} bytes what it reads
 * @property {(bytes: Uint8Array) => unknown} decode
 * @property {import('./crypto/errors.js').ProtocolErrorCode[]} [codes] that it may refuse with
 * @property {number} [free] where bytes of any number begin, up to the end
 * @property {Record<string, { at: number, known: number[] }>} fields bytes of which few values are known
 */

/** @type {Record<string, Decoder>} */
const DECODERS = {
  envelope: envelope(),
  'body of a PREKEY': prekeyBody(),
  'ratchet message': ratchetMessage(),
  'ratchet record': ratchetRecord(),
  content: {
    bytes: content(CTYPE.TEXT, '{"text":"hello","exp":60}', 1),
    decode: decodeContent,
    fields: { version: { at: 1, known: [1] } },
  },
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
  ...vaults(),
  file: file(),
  'session record': sessionRecord(),
  'skipped key record': skippedKeyRecord(),
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
};

for (const [name, decoder] of Object.entries(DECODERS)) {
  const { bytes, decode, codes = ['E_FORMAT'], free, fields } = decoder;
  const refuses = (/** @type {Uint8Array} */ changed, /** @type {string} */ why) =>
    assert.equal(
      valueOrRefusal(() => ({ value: decode(changed) }), ...codes),
      null,
      why,
    );

  test(`${name}: whatever is cut off is missed`, () => {
    decode(bytes);
    for (let length = 0; length < (free ?? bytes.length); length++) {
      refuses(bytes.subarray(0, length), `${length} bytes`);
    }
  });

  if (free === undefined)
    test(`${name}: nothing may stand behind`, () => {
      for (let byte = 0; byte <= 0xff; byte++) refuses(concat(bytes, Uint8Array.of(byte)), `${byte}`);
      fc.assert(
        fc.property(fc.uint8Array({ minLength: 2, maxLength: 2000 }), (surplus) => {
          refuses(concat(bytes, surplus), 'longer');
        }),
        { numRuns: 20 },
      );
    });

  for (const [field, { at, known }] of Object.entries(fields)) {
    test(`${name}: an unknown ${field} is refused`, () => {
      for (let value = 0; value <= 0xff; value++) {
        if (!known.includes(value)) refuses(bytes.with(at, value), `${value}`);
      }
    });
  }

  test(`${name}: whatever is changed, it is read or refused, and nothing else happens`, () => {
    const edit = fc.record({
      at: fc.nat(),
      removed: fc.oneof(fc.nat(4), fc.nat(bytes.length)),
      put: fc.uint8Array({ maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const changed = Array.from(bytes);
        for (const { at, removed, put } of edits) changed.splice(at % (changed.length + 1), removed, ...put);
        valueOrRefusal(() => decode(Uint8Array.from(changed)), ...codes);
      }),
      { numRuns: 60 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (noise) => {
        valueOrRefusal(() => decode(noise), ...codes);
      }),
      { numRuns: 60 },
    );
  });
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

/** @returns {Decoder} */
function ratchetRecord() {
  const { a } = acquainted();
  a.send('one');
  const state = a.peer.sessions[0]?.ratchet;
  assert.ok(state);
  const bytes = encodeState(state);
  const elided = encodeState({ ...state, elide: !state.elide });
  return {
    bytes,
    decode: decodeState,
    fields: {
      version: { at: 0, known: [1] },
      'mark of an optional key': { at: 65, known: [0, 1] },
      'mark of elision': { at: bytes.findIndex((byte, at) => byte !== elided[at]), known: [0, 1] },
    },
  };
}

/**
 * @param {number} ctype
 * @param {string} body
 * @param {number} seq
 */
function content(ctype, body, seq) {
  const none = { msgId: randomBytes(16), convId: randomBytes(16), sentMs: 1, seq: 0, senderListVersion: 1 };
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

/** @returns {Record<string, Decoder>} */
function vaults() {
  const accountId = randomBytes(16);
  const [vaultKek, recoveryKey] = [randomBytes(32), randomBytes(32)];
  const kdf = { mKib: 65_536, t: 3, serverSalt: randomBytes(16) };
  const key = toBase64url(randomBytes(32));
  const items = {
    aik_seed: key,
    delivery_key: key,
    backup_keys: [],
    unlock_keys: [],
    left: [],
    pins: [],
    settings: {},
  };
  const { bytes } = createVault({ accountId, vaultKek, kdf, items, recoveryKey });
  const fields = {
    version: { at: 0, known: [1] },
    'number of KDF lanes': { at: 13, known: [1] },
    'version of the items': { at: 242, known: [1] },
  };
  return {
    vault: {
      bytes,
      decode: (given) => openVault({ accountId, vaultKek, kdf }, given),
      codes: ['E_FORMAT', 'E_AUTH', 'E_KDF'],
      fields,
    },
    'head of a vault': {
      bytes,
      decode: vaultGenerations,
      codes: ['E_FORMAT', 'E_KDF'],
      free: 247,
      fields,
    },
  };
}

/** @returns {Decoder} */
function file() {
  const { key, blob } = encryptFile(randomBytes(10));
  return {
    bytes: blob,
    // With the hash of what came: so far gets who made the file.
    decode: (bytes) => decryptFile({ ...key, hash: sha256(bytes) }, bytes),
    codes: ['E_FORMAT', 'E_AUTH'],
    fields: {
      version: { at: 0, known: [1] },
      'size of chunks': { at: 2, known: [1] },
    },
  };
}

/** @returns {Decoder} */
function sessionRecord() {
  const { a, b } = strangers();
  a.initiate(b);
  return {
    bytes: encodePeer(a.peer),
    decode: (bytes) => decodePeer(bytes, []),
    fields: {
      version: { at: 0, known: [1] },
      flag: { at: 34, known: Array.from({ length: 64 }, (_, flags) => flags) },
      'kind of KEM prekey': { at: 123, known: [3, 4] },
    },
  };
}

/** @returns {Decoder} */
function skippedKeyRecord() {
  const { a, b } = acquainted();
  a.send('lost');
  b.read(a.send('seen'));
  const [key] = b.peer.sessions[0]?.skipped.values() ?? [];
  assert.ok(key);
  return {
    bytes: encodeSkippedKey(key),
    decode: decodeSkippedKey,
    fields: { version: { at: 0, known: [1] } },
  };
}
