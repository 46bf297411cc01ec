/**
 * Binary frames of `/ws` (MP2P/1 §20.1): `u8 type | account 16 | u32 device | u32 ref | payload`.
 *
 * @typedef {{ type: number, account: Uint8Array, device: number, ref: number, payload: Uint8Array }} RelayFrame
 */
import { Reader, Writer } from '../crypto/bytes.js';
import { ProtocolError } from '../crypto/errors.js';

export const FRAME = Object.freeze({ RELAY: 1, TAKEN: 2, NOT_HERE: 3 });
export const MAX_REFS = 255;

/** @param {RelayFrame} frame */
export function encodeRelayFrame({ type, account, device, ref, payload }) {
  return new Writer().u8(type).fixed(account, 16).u32(device).u32(ref).bytes(payload).finish();
}

/**
 * @param {Uint8Array} bytes
 * @returns {RelayFrame}
 * @throws {ProtocolError} E_FORMAT
 */
export function decodeRelayFrame(bytes) {
  const reader = new Reader(bytes);
  const frame = {
    type: reader.u8(),
    account: reader.bytes(16),
    device: reader.u32(),
    ref: reader.u32(),
    payload: reader.rest(),
  };
  if (frame.type === FRAME.NOT_HERE && frame.payload.length > 0)
    throw new ProtocolError('E_FORMAT', 'NOT_HERE has no payload');
  return frame;
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
 * @throws {ProtocolError} E_FORMAT
 */
export function decodeRefs(payload) {
  if (payload.length > 4 * MAX_REFS) throw new ProtocolError('E_FORMAT', 'more refs than a TAKEN has');
  const reader = new Reader(payload);
  const refs = [];
  while (reader.remaining > 0) refs.push(reader.u32());
  return refs;
}
