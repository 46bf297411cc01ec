import assert from 'node:assert/strict';
import { decryptFile, encryptFile } from '../src/core/crypto/attachment.js';
import { concat, Reader, toBase64url, Writer } from '../src/core/crypto/bytes.js';
import { ProtocolError } from '../src/core/crypto/errors.js';
import { sha256 } from '../src/core/crypto/hash.js';
import { SEAL } from '../src/core/crypto/labels.js';
import {
  unwrapLocalKey,
  unwrapLocalKeyByUnlockKey,
  wrapLocalKey,
  wrapLocalKeyByUnlockKey,
} from '../src/core/crypto/local-key.js';
import { pinShape } from '../src/core/crypto/pin.js';
import { randomBytes } from '../src/core/crypto/random.js';
import { decodeState, encodeState } from '../src/core/crypto/ratchet-record.js';
import { open, seal } from '../src/core/crypto/seal.js';
import { createVault, openVault, openVaultByRootKey, vaultGenerations } from '../src/core/crypto/vault.js';
import { decodeValue, encodeValue } from '../src/core/db/codec.js';
import {
  decodePeer,
  decodeSkippedKey,
  encodePeer,
  encodeSkippedKey,
} from '../src/core/session/session-table.js';
import { PIN } from './contents.js';
import { acquainted, strangers } from './endpoint.js';

/** @typedef {import('./decoders.js').Decoder} Decoder */

/**
 * What reads the vault, files and the rows of the local database.
 *
 * @returns {Record<string, Decoder>}
 */
export function decodersAtRest() {
  return {
    'ratchet record': ratchetRecord(),
    ...vaults(),
    ...vaultItems(),
    ...localKeys(),
    file: file(),
    'session record': sessionRecord(),
    'skipped key record': skippedKeyRecord(),
    'value of a row': valueOfRow(),
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
 * As whoever knows the root key makes it: any frame around its items, and any text in the frame.
 *
 * @returns {Record<string, Decoder>}
 */
function vaultItems() {
  const { accountId, bytes, vrk } = newVault();
  const [wraps, vhead, sealed] = [bytes.subarray(0, 242), bytes.subarray(242, 247), bytes.subarray(247)];
  const place = concat(accountId, sha256(wraps), vhead);
  const frame = open(vrk, SEAL.vault, place, sealed);
  const text = new Reader(frame.subarray(2)).lp16(); // of a u32 whose upper half is 0
  const openFramed = (/** @type {Uint8Array} */ framed) =>
    openVaultByRootKey({ accountId, vrk }, concat(wraps, vhead, seal(vrk, SEAL.vault, place, framed)));
  return {
    'items of a vault, framed': {
      bytes: frame,
      decode: openFramed,
      fields: { 'first byte of the length': { at: 0, known: [0] } },
    },
    'items of a vault': {
      bytes: text,
      decode(given) {
        const framed = new Uint8Array(Math.ceil((4 + given.length) / 4096) * 4096);
        framed.set(new Writer().u32(given.length).bytes(given).finish());
        return openFramed(framed);
      },
      json: 0,
      fields: { 'first character': { at: 0, known: [0x7b] } },
    },
  };
}

function newVault() {
  const accountId = randomBytes(16);
  const [vaultKek, recoveryKey] = [randomBytes(32), randomBytes(32)];
  const kdf = { mKib: 65_536, t: 3, serverSalt: randomBytes(16) };
  const key = toBase64url(randomBytes(32));
  const items = {
    aik_seed: key,
    delivery_key: key,
    backup_keys: [],
    unlock_keys: [{ gen: 1, key, added_ms: 1 }],
    left: [7],
    pins: [pinShape(PIN)],
    settings: { theme: 'dark' },
  };
  const by = { accountId, vaultKek, kdf };
  return { ...by, ...createVault({ ...by, items, recoveryKey }) };
}

/** @returns {Record<string, Decoder>} */
function vaults() {
  const { accountId, vaultKek, kdf, bytes } = newVault();
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

/** @returns {Record<string, Decoder>} */
function localKeys() {
  const where = { accountId: randomBytes(16), deviceId: 7 };
  const byPassword = { ...where, localKek: randomBytes(32), serverSalt: randomBytes(16) };
  const byUnlockKey = { ...where, unlockKey: randomBytes(32), gen: 1 };
  const ldk = randomBytes(32);
  /** @type {Pick<Decoder, 'codes' | 'fields'>} */
  const sealed = { codes: ['E_FORMAT', 'E_AUTH'], fields: {} };
  return {
    'database key under the password': {
      bytes: wrapLocalKey({ ...byPassword, ldk }),
      decode: (wrapped) => unwrapLocalKey({ ...byPassword, wrapped }),
      ...sealed,
    },
    'database key under an unlock key': {
      bytes: wrapLocalKeyByUnlockKey({ ...byUnlockKey, ldk }),
      decode: (wrapped) => unwrapLocalKeyByUnlockKey({ ...byUnlockKey, wrapped }),
      ...sealed,
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

/** @returns {Decoder} */
function valueOfRow() {
  const value = {
    text: 'a',
    lone: '\ud800',
    bytes: randomBytes(3),
    list: [null, true, false, 1, -1.5, 2n ** 63n],
  };
  return {
    bytes: encodeValue(value),
    decode(bytes) {
      try {
        return decodeValue(bytes);
      } catch (error) {
        // its own way to refuse, which database.js turns into a broken storage
        if (error instanceof RangeError) throw new ProtocolError('E_FORMAT', error.message);
        throw error;
      }
    },
    fields: { tag: { at: 0, known: [9] } },
  };
}
