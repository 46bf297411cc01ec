import { Reader, Writer } from './bytes.js';
import { ProtocolError } from './errors.js';
import { KEM_CIPHERTEXT, KEM_PUBLIC_KEY } from './keys.js';

/** A ratchet state as bytes for the sealed database. */

const VERSION = 1;
const KEM_SEED = 64;

/** @typedef {import('./ratchet.js').RatchetState} RatchetState */

/**
 * The state of MP2P/1 §5.1, for the store `sessions` (§9.7).
 * @param {RatchetState} state
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function encodeState(state) {
  const writer = new Writer().u8(VERSION).fixed(state.sid, 32).fixed(state.rk, 32);
  for (const [key, length] of OPTIONAL) writeOptional(writer, state[key], length);
  writer.u32(state.ns).u32(state.nr).u32(state.pn);
  writer.u8(state.elide ? 1 : 0);
  writer.u32(state.chainsSinceKem).u64(state.kemResetMs);
  writer.u8(state.old.length);
  for (const key of state.old) writer.fixed(key, 32);
  return writer.finish();
}

/**
 * What `encodeState` made (MP2P/1 §9.7).
 * @param {Uint8Array} bytes
 * @returns {RatchetState}
 */
export function decodeState(bytes) {
  const reader = new Reader(bytes);
  if (reader.u8() !== VERSION) throw new ProtocolError('E_FORMAT', 'ratchet record version');
  const keys = { sid: reader.bytes(32), rk: reader.bytes(32) };
  const optional = Object.fromEntries(OPTIONAL.map(([key, length]) => [key, readOptional(reader, length)]));
  const counters = { ns: reader.u32(), nr: reader.u32(), pn: reader.u32(), elide: readFlag(reader) };
  const kem = { chainsSinceKem: reader.u32(), kemResetMs: reader.u64() };
  const old = Array.from({ length: reader.u8() }, () => reader.bytes(32));
  reader.end();
  return {
    ...keys,
    .../** @type {Record<OptionalKey, Uint8Array | null>} */ (optional),
    ...counters,
    ...kem,
    old,
  };
}

/** @typedef {'dhsPublic' | 'dhsSecret' | 'dhr' | 'cks' | 'ckr' | 'sentEk' | 'sentCt' | 'lek' | 'rek'} OptionalKey */

/** @type {readonly (readonly [OptionalKey, number])[]} */
const OPTIONAL = [
  ['dhsPublic', 32],
  ['dhsSecret', 32],
  ['dhr', 32],
  ['cks', 32],
  ['ckr', 32],
  ['sentEk', KEM_PUBLIC_KEY],
  ['sentCt', KEM_CIPHERTEXT],
  ['lek', KEM_SEED],
  ['rek', KEM_PUBLIC_KEY],
];

/**
 * @param {Writer} writer
 * @param {Uint8Array | null} value
 * @param {number} length
 */
function writeOptional(writer, value, length) {
  writer.u8(value ? 1 : 0);
  if (value) writer.fixed(value, length);
}

/**
 * @param {Reader} reader
 * @param {number} length
 */
function readOptional(reader, length) {
  return readFlag(reader) ? reader.bytes(length) : null;
}

/** @param {Reader} reader */
function readFlag(reader) {
  const flag = reader.u8();
  if (flag > 1) throw new ProtocolError('E_FORMAT', 'flag');
  return flag === 1;
}
