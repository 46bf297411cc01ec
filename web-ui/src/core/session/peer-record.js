import { Reader, Writer } from '../crypto/bytes.js';
import { ProtocolError } from '../crypto/errors.js';
import { KEM_CIPHERTEXT } from '../crypto/keys.js';
import { decodeState, encodeState } from '../crypto/ratchet-record.js';
import { skippedId } from './peer-sessions.js';

/** The sessions of a peer device as bytes: one record, and one row per skipped key (MP2P/1 §11.1 item 11). */

const VERSION = 1;
const FLAG = Object.freeze({ RESPONDER: 1, CONFIRMED: 2, DEAD: 4, WEAK: 8, IDLE: 16, PREKEY: 32 });
const KNOWN_FLAGS = 63;

/**
 * @typedef {import('./peer-sessions.js').PeerSessions} PeerSessions
 * @typedef {import('./peer-sessions.js').Session} Session
 * @typedef {import('./peer-sessions.js').SkippedKey} SkippedKey
 */

/**
 * @param {PeerSessions} peer
 * @returns {Uint8Array<ArrayBuffer>} without the skipped keys
 */
export function encodePeer({ accountId, deviceId, maxEpoch, nextSkipped, sessions }) {
  const writer = new Writer()
    .u8(VERSION)
    .fixed(accountId, 16)
    .u32(deviceId)
    .u32(maxEpoch)
    .u64(nextSkipped)
    .u8(sessions.length);
  for (const session of sessions) writeSession(writer, session);
  return writer.finish();
}

/**
 * @param {Uint8Array} bytes
 * @param {SkippedKey[]} skipped rows of this peer device in any order
 * @returns {PeerSessions}
 */
export function decodePeer(bytes, skipped) {
  const reader = new Reader(bytes);
  if (reader.u8() !== VERSION) throw new ProtocolError('E_FORMAT', 'session record version');
  const head = {
    accountId: reader.bytes(16),
    deviceId: reader.u32(),
    maxEpoch: reader.u32(),
    nextSkipped: reader.u64(),
  };
  const sessions = Array.from({ length: reader.u8() }, () => readSession(reader));
  reader.end();
  const bySid = new Map(sessions.map((session) => [session.sid.join(), session.skipped]));
  for (const key of skipped.toSorted((a, b) => a.counter - b.counter)) {
    bySid.get(key.sid.join())?.set(skippedId(key.dhPub, key.n), key);
  }
  return { ...head, sessions };
}

/** @param {SkippedKey} key */
export function encodeSkippedKey({ sid, dhPub, n, mk, counter, atMs }) {
  return new Writer()
    .u8(VERSION)
    .fixed(sid, 32)
    .fixed(dhPub, 32)
    .u32(n)
    .fixed(mk, 32)
    .u64(counter)
    .u64(atMs)
    .finish();
}

/**
 * @param {Uint8Array} bytes
 * @returns {SkippedKey}
 */
export function decodeSkippedKey(bytes) {
  const reader = new Reader(bytes);
  if (reader.u8() !== VERSION) throw new ProtocolError('E_FORMAT', 'skipped key version');
  const key = {
    sid: reader.bytes(32),
    dhPub: reader.bytes(32),
    n: reader.u32(),
    mk: reader.bytes(32),
    counter: reader.u64(),
    atMs: reader.u64(),
  };
  reader.end();
  return key;
}

/**
 * @param {Writer} writer
 * @param {Session} session
 */
function writeSession(writer, session) {
  const { idleSinceMs, prekey } = session;
  const flags =
    (session.role === 'responder' ? FLAG.RESPONDER : 0) |
    (session.confirmed ? FLAG.CONFIRMED : 0) |
    (session.dead ? FLAG.DEAD : 0) |
    (session.weakFs ? FLAG.WEAK : 0) |
    (idleSinceMs === null ? 0 : FLAG.IDLE) |
    (prekey ? FLAG.PREKEY : 0);
  writer
    .u8(flags)
    .fixed(session.sid, 32)
    .u32(session.epoch)
    .fixed(session.ek, 32)
    .u64(session.createdMs)
    .u32(session.ephemeralSent);
  if (idleSinceMs !== null) writer.u64(idleSinceMs);
  if (prekey) {
    writer
      .u32(prekey.spkId)
      .u32(prekey.opkId)
      .u8(prekey.pqKind)
      .u32(prekey.pqId)
      .fixed(prekey.ct, KEM_CIPHERTEXT);
  }
  writer.lp16(encodeState(session.ratchet));
}

/**
 * @param {Reader} reader
 * @returns {Session}
 */
function readSession(reader) {
  const flags = reader.u8();
  if (flags & ~KNOWN_FLAGS) throw new ProtocolError('E_FORMAT', 'session flag');
  const sid = reader.bytes(32);
  const epoch = reader.u32();
  const ek = reader.bytes(32);
  const createdMs = reader.u64();
  const ephemeralSent = reader.u32();
  const idleSinceMs = flags & FLAG.IDLE ? reader.u64() : null;
  const prekey = flags & FLAG.PREKEY ? readPrekeyHead(reader, epoch, ek) : null;
  return {
    sid,
    epoch,
    role: flags & FLAG.RESPONDER ? 'responder' : 'initiator',
    ek,
    confirmed: (flags & FLAG.CONFIRMED) !== 0,
    dead: (flags & FLAG.DEAD) !== 0,
    createdMs,
    idleSinceMs,
    weakFs: (flags & FLAG.WEAK) !== 0,
    prekey,
    ephemeralSent,
    ratchet: decodeState(reader.lp16()),
    skipped: new Map(),
  };
}

/**
 * @param {Reader} reader
 * @param {number} epoch
 * @param {Uint8Array} ek
 * @returns {import('../crypto/envelope.js').PrekeyHead}
 */
function readPrekeyHead(reader, epoch, ek) {
  const [spkId, opkId, pqKind] = [reader.u32(), reader.u32(), reader.u8()];
  if (pqKind !== 3 && pqKind !== 4) throw new ProtocolError('E_FORMAT', 'KEM prekey kind');
  return { epoch, spkId, opkId, pqKind, pqId: reader.u32(), ek, ct: reader.bytes(KEM_CIPHERTEXT) };
}
