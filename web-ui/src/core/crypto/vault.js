import { concat, equal, isZero, Reader, utf8, Writer } from './bytes.js';
import { ProtocolError } from './errors.js';
import { sha256 } from './hash.js';
import { anyObject, byteString, integer, list, object, optional, parseJson } from './json-shape.js';
import { SEAL } from './labels.js';
import { assertKdfParameters } from './password.js';
import { pinShape } from './pin.js';
import { randomBytes } from './random.js';
import { open, SEAL_OVERHEAD, seal } from './seal.js';

/**
 * The vault of MP2P/1 §9.3:
 * `whead | lp16(W1) | lp16(W2 or empty) | vhead | Seal(VRK, items)`. W1 holds the vault root key under the
 * password, W2 under the recovery code, where there is one.
 */

const VERSION = 1;
const WHEAD = 30;
const VHEAD = 5;
const WRAPPED_KEY = SEAL_OVERHEAD + 32;
const FRAME = 4096;
/** Pins in a list in the items, and settings of some depth. */
const MAX_DEPTH = 8;
const U32 = 0xffffffff;

const generationKey = { gen: integer(1, U32), key: byteString(32) };

/** Byte strings stay base64url, as in the JSON. */
const itemsShape = object({
  aik_seed: byteString(32),
  delivery_key: byteString(32),
  backup_keys: list(object(generationKey), 10_000),
  unlock_keys: list(object({ ...generationKey, added_ms: integer() }), 10_000),
  log_key: optional(byteString(32)),
  left: list(integer(1, U32), 100_000),
  pins: list(pinShape, 100_000),
  settings: anyObject,
});

/**
 * @typedef {ReturnType<typeof itemsShape>} VaultItems
 * @typedef {import('./password.js').KdfParameters} KdfParameters
 *
 * @typedef {object} OpenVault
 * @property {Uint8Array} vrk
 * @property {number} vrkGen
 * @property {number} vaultVersion
 * @property {KdfParameters} kdf
 * @property {VaultItems} items
 *
 * @typedef {object} Parts
 * @property {Uint8Array} whead
 * @property {Uint8Array} w1
 * @property {Uint8Array} w2 empty without recovery code
 * @property {Uint8Array} vhead
 * @property {Uint8Array} sealed
 * @property {number} vrkGen
 * @property {KdfParameters} kdf
 * @property {number} vaultVersion
 */

/**
 * A vault with a new root key (MP2P/1 §9.3): at registration, and at each change of password or recovery code.
 * @param {{ accountId: Uint8Array, vaultKek: Uint8Array, kdf: Omit<KdfParameters, 'p'>, items: VaultItems,
 *   vrkGen?: number, vaultVersion?: number, recoveryKey?: Uint8Array }} vault
 * @returns {{ bytes: Uint8Array, vrk: Uint8Array }}
 */
export function createVault({ accountId, vaultKek, kdf, items, vrkGen = 1, vaultVersion = 1, recoveryKey }) {
  assertKdfParameters(kdf);
  const vrk = randomBytes(32);
  const whead = new Writer()
    .u8(VERSION)
    .u32(vrkGen)
    .u32(kdf.mKib)
    .u32(kdf.t)
    .u8(1)
    .fixed(kdf.serverSalt, 16)
    .finish();
  const w1 = seal(vaultKek, SEAL.vaultRootKey, concat(accountId, whead), vrk);
  const w2 = recoveryKey
    ? seal(recoveryKey, SEAL.vaultRootKeyByRecovery, recoveryPlace(accountId, vrkGen), vrk)
    : new Uint8Array(0);
  return { bytes: assemble({ whead, w1, w2 }, accountId, vrk, vaultVersion, items), vrk };
}

/**
 * Opens with the password (MP2P/1 §9.3).
 * @param {{ accountId: Uint8Array, vaultKek: Uint8Array, kdf: Omit<KdfParameters, 'p'> }} by `kdf`: what the
 *   key was derived with
 * @param {Uint8Array} bytes
 * @returns {OpenVault}
 * @throws {ProtocolError} E_KDF if the vault names other parameters, E_AUTH, E_FORMAT
 */
export function openVault({ accountId, vaultKek, kdf }, bytes) {
  const parts = parse(bytes);
  const same =
    parts.kdf.mKib === kdf.mKib && parts.kdf.t === kdf.t && equal(parts.kdf.serverSalt, kdf.serverSalt);
  if (!same) throw new ProtocolError('E_KDF', 'the vault names other parameters');
  const vrk = open(vaultKek, SEAL.vaultRootKey, concat(accountId, parts.whead), parts.w1);
  return openItems(parts, accountId, vrk);
}

/**
 * Opens with the key of the recovery code (MP2P/1 §9.3).
 * @param {{ accountId: Uint8Array, recoveryKey: Uint8Array }} by
 * @param {Uint8Array} bytes
 * @returns {OpenVault}
 */
export function openVaultByRecoveryKey({ accountId, recoveryKey }, bytes) {
  const parts = parse(bytes);
  const place = recoveryPlace(accountId, parts.vrkGen);
  return openItems(parts, accountId, open(recoveryKey, SEAL.vaultRootKeyByRecovery, place, parts.w2));
}

/**
 * Opens on a device that keeps the root key (MP2P/1 §9.3).
 * @param {{ accountId: Uint8Array, vrk: Uint8Array }} by
 * @param {Uint8Array} bytes
 * @returns {OpenVault}
 * @throws {ProtocolError} E_AUTH also after a password change, see `vaultGenerations`
 */
export function openVaultByRootKey({ accountId, vrk }, bytes) {
  return openItems(parse(bytes), accountId, vrk);
}

/**
 * Which root key and version a vault has, without opening it; not authenticated (MP2P/1 §9.3).
 * @param {Uint8Array} bytes
 */
export function vaultGenerations(bytes) {
  const { vrkGen, vaultVersion } = parse(bytes);
  return { vrkGen, vaultVersion };
}

/**
 * The next version with other items; what wraps the root key is copied as it is (MP2P/1 §9.3).
 * @param {{ accountId: Uint8Array, vrk: Uint8Array, items: VaultItems }} change
 * @param {Uint8Array} bytes the vault of the version before
 */
export function reseal({ accountId, vrk, items }, bytes) {
  const parts = parse(bytes);
  return assemble(parts, accountId, vrk, parts.vaultVersion + 1, items);
}

/**
 * @param {Uint8Array} bytes
 * @returns {Parts}
 */
function parse(bytes) {
  const reader = new Reader(bytes);
  const whead = reader.bytes(WHEAD);
  const w1 = reader.lp16();
  const w2 = reader.lp16();
  const vhead = reader.bytes(VHEAD);
  const sealed = reader.rest();
  if (w1.length !== WRAPPED_KEY || (w2.length !== 0 && w2.length !== WRAPPED_KEY)) {
    throw new ProtocolError('E_FORMAT', 'wrapped root key');
  }
  const head = new Reader(whead);
  if (head.u8() !== VERSION) throw new ProtocolError('E_FORMAT', 'vault version');
  const vrkGen = head.u32();
  const kdf = { mKib: head.u32(), t: head.u32(), p: head.u8(), serverSalt: head.bytes(16) };
  const versions = new Reader(vhead);
  if (versions.u8() !== VERSION) throw new ProtocolError('E_FORMAT', 'vault version');
  assertKdfParameters(kdf);
  return { whead, w1, w2, vhead, sealed, vrkGen, kdf, vaultVersion: versions.u32() };
}

/**
 * @param {Parts} parts
 * @param {Uint8Array} accountId
 * @param {Uint8Array} vrk
 * @returns {OpenVault}
 */
function openItems(parts, accountId, vrk) {
  const framed = open(vrk, SEAL.vault, itemsPlace(accountId, parts, parts.vhead), parts.sealed);
  const { vrkGen, vaultVersion, kdf } = parts;
  return { vrk, vrkGen, vaultVersion, kdf, items: decodeItems(framed) };
}

/**
 * @param {{ whead: Uint8Array, w1: Uint8Array, w2: Uint8Array }} wraps
 * @param {Uint8Array} accountId
 * @param {Uint8Array} vrk
 * @param {number} vaultVersion
 * @param {VaultItems} items
 */
function assemble(wraps, accountId, vrk, vaultVersion, items) {
  const vhead = new Writer().u8(VERSION).u32(vaultVersion).finish();
  const sealed = seal(vrk, SEAL.vault, itemsPlace(accountId, wraps, vhead), encodeItems(items));
  return concat(wrapBytes(wraps), vhead, sealed);
}

/** @param {{ whead: Uint8Array, w1: Uint8Array, w2: Uint8Array }} wraps */
function wrapBytes({ whead, w1, w2 }) {
  return new Writer().bytes(whead).lp16(w1).lp16(w2).finish();
}

/**
 * @param {Uint8Array} accountId
 * @param {{ whead: Uint8Array, w1: Uint8Array, w2: Uint8Array }} wraps
 * @param {Uint8Array} vhead
 */
function itemsPlace(accountId, wraps, vhead) {
  return concat(accountId, sha256(wrapBytes(wraps)), vhead);
}

/**
 * @param {Uint8Array} accountId
 * @param {number} vrkGen
 */
function recoveryPlace(accountId, vrkGen) {
  return new Writer().fixed(accountId, 16).u8(VERSION).u32(vrkGen).finish();
}

/** @param {VaultItems} items */
function encodeItems(items) {
  const json = utf8(JSON.stringify(itemsShape(items)));
  const framed = new Uint8Array(Math.ceil((4 + json.length) / FRAME) * FRAME);
  framed.set(new Writer().u32(json.length).bytes(json).finish());
  return framed;
}

/** @param {Uint8Array} framed */
function decodeItems(framed) {
  const reader = new Reader(framed);
  const json = reader.bytes(reader.u32());
  if (framed.length % FRAME !== 0 || !isZero(reader.rest())) {
    throw new ProtocolError('E_FORMAT', 'vault frame');
  }
  return itemsShape(parseJson(json, MAX_DEPTH));
}
