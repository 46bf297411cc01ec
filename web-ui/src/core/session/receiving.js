import { equal } from '../crypto/bytes.js';
import {
  decodeDeviceList,
  deviceOf,
  identityOf,
  relateCarried,
  relatePinned,
} from '../crypto/device-list.js';
import { decodePrekeyBody, KIND } from '../crypto/envelope.js';
import { ProtocolError } from '../crypto/errors.js';
import { sha256 } from '../crypto/hash.js';
import { unpad } from '../crypto/padding.js';
import { respond } from '../crypto/pqxdh.js';
import { isWeak, PREKEY } from '../crypto/prekey.js';
import { decrypt, initResponder } from '../crypto/ratchet.js';
import { addSession, replaceSession, sessionOf, settle, skippedId, updateSkipped } from './peer-sessions.js';
import { Refusal, refused } from './refusal.js';

/** What comes in from a peer device: MP2P/1 §4 (responder steps 1–6), §5.4. */

const MAX_EPOCH_AHEAD = 1000;
/** Rows without one-time key in the replay cache of one signed prekey (§3). */
const MAX_REPLAY_ROWS = 10_000;
const SID16 = Object.freeze({ at: 2, end: 18 });

/**
 * @typedef {import('./peer-sessions.js').PeerSessions} PeerSessions
 * @typedef {import('./peer-sessions.js').Session} Session
 * @typedef {import('./refusal.js').Refused} Refused
 * @typedef {import('../crypto/device-list.js').Identity} Identity
 * @typedef {import('../crypto/device-list.js').DeviceList} DeviceList
 * @typedef {import('../crypto/pqxdh.js').OwnPrekey} OwnPrekey
 * @typedef {ReturnType<typeof decodePrekeyBody>} PrekeyBody
 *
 * @typedef {object} Incoming what `openEnvelope` gave; not authenticated
 * @property {{ accountId: Uint8Array, deviceId: number }} sender
 * @property {1 | 2} kind
 * @property {Uint8Array} body
 *
 * @typedef {object} ReplayRow
 * @property {number} spkId
 * @property {number} opkId
 * @property {Uint8Array} ekHash 16 bytes
 * @property {number} atMs
 *
 * @typedef {object} Context
 * @property {Identity} self
 * @property {Uint8Array} dhkSecret
 * @property {(kind: 1 | 2 | 3 | 4, keyId: number) => OwnPrekey | undefined} prekey without what was consumed already
 * @property {{ has(row: ReplayRow): boolean, withoutOneTime(spkId: number): number }} replay
 * @property {DeviceList | null} knownList newest one held of the sender's account
 * @property {{ listVersion: number, listHash: Uint8Array } | null} [pin] highest seen, whose bytes may not be here (§9.3)
 * @property {boolean} blocked
 *
 * @typedef {object} Received
 * @property {true} ok
 * @property {PeerSessions} peer
 * @property {Uint8Array | null} content null: authentic but badly padded; commit, count, acknowledge (§7.1)
 * @property {boolean} created a session was
 * @property {boolean} weakFs
 * @property {{ list: DeviceList, relation: 'first' | 'same' | 'older' | 'next' | 'jump' } | null} list carried
 * @property {{ kind: 2 | 4, keyId: number }[]} consumed to be erased in the same transaction
 * @property {ReplayRow | null} replay to be written in the same transaction
 * @property {number | null} exhaustedSpk signed prekey whose replay cache is full
 */

/**
 * Opens a body that came in an envelope not seen before.
 * @param {PeerSessions} peer
 * @param {Incoming} incoming
 * @param {Context} context
 * @param {number} nowMs
 * @returns {Received | Refused}
 */
export function receive(peer, { sender, kind, body }, context, nowMs) {
  /** @type {Uint8Array | null} */
  let message = null;
  try {
    if (!equal(sender.accountId, peer.accountId) || sender.deviceId !== peer.deviceId) {
      throw new Refusal('WRONG_PEER');
    }
    if (context.blocked) throw new Refusal('BLOCKED');
    if (kind === KIND.RATCHET) {
      message = body;
      return receiveIn(peer, namedSession(peer, message), message, nowMs);
    }
    const prekey = decodePrekeyBody(body);
    message = prekey.message;
    const known = peer.sessions.find(({ role, ek }) => role === 'responder' && equal(ek, prekey.ek));
    if (known) return receiveIn(peer, known, message, nowMs);
    return receiveNew(peer, prekey, context, nowMs);
  } catch (error) {
    const sid16 = message && sid16Of(message);
    return refused(error, sid16, sid16 !== null && sessionOf(peer, sid16) !== undefined);
  }
}

/**
 * Looked up under this peer device alone, so that a session of another one is never touched in its name.
 * @param {PeerSessions} peer
 * @param {Uint8Array} message
 */
function namedSession(peer, message) {
  const sid16 = sid16Of(message);
  if (!sid16) throw new ProtocolError('E_FORMAT', 'ratchet message too short');
  const session = sessionOf(peer, sid16);
  if (!session) throw new ProtocolError('E_NO_SESSION', 'no session of that name');
  return session;
}

/**
 * @param {PeerSessions} peer
 * @param {Session} session
 * @param {Uint8Array} message
 * @param {number} nowMs
 * @returns {Received}
 */
function receiveIn(peer, session, message, nowMs) {
  const { next, nextSkipped, content } = advance(peer, session, message, nowMs);
  const settled = settle({ ...replaceSession(peer, next), nextSkipped }, nowMs);
  return {
    ok: true,
    peer: settled,
    content,
    created: false,
    weakFs: next.weakFs,
    list: null,
    consumed: [],
    replay: null,
    exhaustedSpk: null,
  };
}

/**
 * Steps 2 to 6: a PREKEY that begins a session.
 * @param {PeerSessions} peer
 * @param {PrekeyBody} prekey
 * @param {Context} context
 * @param {number} nowMs
 * @returns {Received}
 */
function receiveNew(peer, prekey, context, nowMs) {
  const { spkId, opkId, pqKind, pqId, epoch } = prekey;
  if (epoch > peer.maxEpoch + MAX_EPOCH_AHEAD) throw new ProtocolError('E_FORMAT', 'epoch too far ahead');
  const replay = { spkId, opkId, ekHash: sha256(prekey.ek).slice(0, 16), atMs: nowMs };
  if (context.replay.has(replay)) throw new ProtocolError('E_REPLAY', 'PREKEY seen before');
  const rows = opkId === 0 ? context.replay.withoutOneTime(spkId) : 0;
  if (rows >= MAX_REPLAY_ROWS) throw new Refusal('E_REPLAY', { exhaustedSpk: spkId });

  const { list, relation, identity } = checkCarriedList(peer, prekey.deviceList, context);
  const keys = findKeys(prekey, context);
  const { self, dhkSecret } = context;
  const { sessionId, secret } = respond({ self, dhkSecret, peer: identity, head: prekey, ...keys });
  /** @type {Session} */
  const fresh = {
    sid: sessionId,
    epoch,
    role: 'responder',
    ek: prekey.ek,
    confirmed: true,
    dead: false,
    createdMs: nowMs,
    idleSinceMs: null,
    weakFs: isWeak(keys.spk, keys.opk !== null, { kind: pqKind, createdMs: keys.pq.createdMs }, nowMs),
    prekey: null,
    ephemeralSent: 0,
    ratchet: initResponder({ sessionId, secret, spk: keys.spk }, nowMs),
    skipped: new Map(),
  };
  const { next, nextSkipped, content } = advance(peer, fresh, prekey.message, nowMs);
  const session = { ...next, weakFs: fresh.weakFs };
  /** @type {Received['consumed']} */
  const consumed = [];
  if (opkId !== 0) consumed.push({ kind: PREKEY.ONE_TIME, keyId: opkId });
  if (pqKind === PREKEY.KEM_ONE_TIME) consumed.push({ kind: PREKEY.KEM_ONE_TIME, keyId: pqId });
  return {
    ok: true,
    peer: { ...addSession(peer, session, nowMs), nextSkipped },
    content,
    created: true,
    weakFs: session.weakFs,
    list: { list, relation },
    consumed,
    replay,
    exhaustedSpk: rows + 1 >= MAX_REPLAY_ROWS ? spkId : null,
  };
}

/**
 * @param {PeerSessions} peer
 * @param {Session} session
 * @param {Uint8Array} message
 * @param {number} nowMs
 * @returns {{ next: Session, nextSkipped: number, content: Uint8Array | null }}
 */
function advance(peer, session, message, nowMs) {
  const { state, plaintext, added, removed, newChain } = decrypt(
    session.ratchet,
    message,
    (dhPub, n) => session.skipped.get(skippedId(dhPub, n))?.mk,
    nowMs,
  );
  const { nextSkipped, skipped } = updateSkipped(peer, session, added, removed, nowMs);
  const next = {
    ...session,
    ratchet: state,
    skipped,
    confirmed: true,
    prekey: null,
    weakFs: session.weakFs && !newChain,
    // A receive starts the time anew after which a session out of use is erased: `settle` dates it.
    idleSinceMs: null,
  };
  return { next, nextSkipped, content: contentOf(plaintext) };
}

/**
 * Step 3. Nothing has authenticated the sender yet, so a list that proves nothing is dropped without a word; only a
 * list that its account signed and that contradicts the known one is E_DLC.
 * @param {PeerSessions} peer
 * @param {Uint8Array} bytes
 * @param {Pick<Context, 'knownList' | 'pin'>} context
 */
function checkCarriedList(peer, bytes, { knownList, pin }) {
  const list = decodeCarried(bytes);
  if (!equal(list.accountId, peer.accountId)) throw new Refusal('WRONG_PEER');
  const device = deviceOf(list, peer.deviceId);
  if (!device) throw new Refusal('UNLISTED');
  const known = relateCarried(knownList, list, device);
  if (known === 'unlisted') throw new Refusal('UNLISTED');
  const isBehind = pin && pin.listVersion > (knownList?.listVersion ?? 0);
  const relation = isBehind ? relatePinned(pin, list) : known;
  if (relation === 'unproven') throw new Refusal('UNPROVEN');
  return { list, relation, identity: identityOf(list, device) };
}

/** @param {Uint8Array} bytes */
function decodeCarried(bytes) {
  try {
    return decodeDeviceList(bytes);
  } catch (error) {
    if (error instanceof ProtocolError) throw new ProtocolError('E_FORMAT', 'carried list');
    throw error;
  }
}

/**
 * Step 4.
 * @param {PrekeyBody} prekey
 * @param {Context} context
 */
function findKeys({ spkId, opkId, pqKind, pqId }, { prekey }) {
  const spk = prekey(PREKEY.SIGNED, spkId);
  const opk = opkId === 0 ? null : prekey(PREKEY.ONE_TIME, opkId);
  const pq = prekey(pqKind, pqId);
  if (!spk || opk === undefined || !pq) throw new ProtocolError('E_UNKNOWN_PREKEY', 'prekey not held');
  return { spk, opk, pq };
}

/** @param {Uint8Array} plaintext */
function contentOf(plaintext) {
  try {
    return unpad(plaintext);
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}

/** @param {Uint8Array} message */
function sid16Of(message) {
  return message.length >= SID16.end ? message.slice(SID16.at, SID16.end) : null;
}
