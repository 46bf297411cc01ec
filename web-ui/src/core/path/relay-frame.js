/**
 * Binary frames of `/ws` (MP2P/1 §20.1): `u8 type | account 16 | u32 device | u32 ref | payload`.
 *
 * @typedef {{ type: number, account: Uint8Array, device: number, ref: number, payload: Uint8Array }} RelayFrame
 */
import { Reader, Writer } from '../crypto/bytes.js';

export const FRAME = Object.freeze({ RELAY: 1, TAKEN: 2, NOT_HERE: 3 });
export const MAX_REFS = 255;

/** @param {RelayFrame} frame */
export function encodeRelayFrame({ type, account, device, ref, payload }) {
  return new Writer().u8(type).fixed(account, 16).u32(device).u32(ref).bytes(payload).finish();
}

/**
 * @param {Uint8Array} bytes
 * @returns {RelayFrame}
 * @throws {import('../crypto/errors.js').ProtocolError} E_FORMAT
 */
export function decodeRelayFrame(bytes) {
  const reader = new Reader(bytes);
  return {
    type: reader.u8(),
    account: reader.bytes(16),
    device: reader.u32(),
    ref: reader.u32(),
    payload: reader.rest(),
  };
}

/** @param {number[]} refs further refs of a TAKEN */
export function encodeRefs(refs) {
  const writer = new Writer();
  for (const ref of refs) writer.u32(ref);
  return writer.finish();
}

/**
 * @param {Uint8Array} payload
 * @returns {number[]}
 */
export function decodeRefs(payload) {
  const reader = new Reader(payload);
  const refs = [];
  while (reader.remaining > 0) refs.push(reader.u32());
  return refs;
}
