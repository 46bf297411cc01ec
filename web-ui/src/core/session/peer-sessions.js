import { compare, equal } from '../crypto/bytes.js';

/** The table of sessions with one peer device as a value, MP2P/1 §5.6. Nothing here is changed in place. */

export const MAX_SESSIONS = 4;
const MAX_STORED_SKIPPED = 2000;
const UNCONFIRMED_TTL_MS = 30 * 86_400_000;

/**
 * @typedef {import('../crypto/ratchet.js').RatchetState} RatchetState
 * @typedef {import('../crypto/envelope.js').PrekeyHead} PrekeyHead
 *
 * @typedef {object} SkippedKey one row of the store `skipped`
 * @property {Uint8Array} sid
 * @property {Uint8Array} dhPub
 * @property {number} n
 * @property {Uint8Array} mk
 * @property {number} counter order of insertion, unique for the peer device
 * @property {number} atMs
 *
 * @typedef {object} Session
 * @property {Uint8Array} sid 32 bytes
 * @property {number} epoch
 * @property {'initiator' | 'responder'} role
 * @property {Uint8Array} ek the initiator's ephemeral key
 * @property {boolean} confirmed something was received on it
 * @property {boolean} dead receive-only
 * @property {number} createdMs
 * @property {number | null} idleSinceMs since when it is dead or not selected; a receive starts it anew
 * @property {boolean} weakFs §2, while its first chain lasts
 * @property {PrekeyHead | null} prekey what every message repeats until confirmed
 * @property {number} ephemeralSent in the current sending chain
 * @property {RatchetState} ratchet
 * @property {Map<string, SkippedKey>} skipped in order of insertion
 *
 * @typedef {object} PeerSessions
 * @property {Uint8Array} accountId
 * @property {number} deviceId
 * @property {number} maxEpoch greatest epoch sent or accepted; survives the sessions (§4)
 * @property {number} nextSkipped
 * @property {Session[]} sessions
 */

/**
 * @param {Uint8Array} accountId
 * @param {number} deviceId
 * @returns {PeerSessions}
 */
export function emptyPeer(accountId, deviceId) {
  return { accountId, deviceId, maxEpoch: 0, nextSkipped: 1, sessions: [] };
}

/**
 * The session to send on: of those that are live the one with the greatest (epoch, sid). Both sides find the same
 * one once each has seen the other's, in whatever order they came.
 * @param {PeerSessions} peer
 * @param {number} nowMs
 * @returns {Session | null} null: a bundle is needed first
 */
export function selected(peer, nowMs) {
  /** @type {Session | null} */
  let best = null;
  for (const session of peer.sessions) {
    if (isLive(session, nowMs) && (!best || order(session, best) > 0)) best = session;
  }
  return best;
}

/**
 * @param {PeerSessions} peer
 * @param {Uint8Array} sid16 as messages and RETRY name it
 * @returns {Session | undefined}
 */
export function sessionOf(peer, sid16) {
  return peer.sessions.find(({ sid }) => equal(sid.subarray(0, 16), sid16));
}

/**
 * Receive-only from now on. A later message on it does not revive it.
 * @param {PeerSessions} peer
 * @param {Uint8Array} sid16
 * @param {number} nowMs
 * @returns {PeerSessions}
 */
export function markDead(peer, sid16, nowMs) {
  const session = sessionOf(peer, sid16);
  return session && !session.dead ? settle(replaceSession(peer, { ...session, dead: true }), nowMs) : peer;
}

/**
 * Drops what late messages no longer need.
 * @param {PeerSessions} peer
 * @param {number} nowMs
 * @param {number} retentionMs `T` of §1.3
 * @returns {PeerSessions}
 */
export function expire(peer, nowMs, retentionMs) {
  const settled = settle(peer, nowMs);
  const oldest = nowMs - retentionMs;
  const sessions = settled.sessions
    .filter(({ idleSinceMs }) => idleSinceMs === null || idleSinceMs >= oldest)
    .map((session) => withoutSkippedBefore(session, oldest));
  return sameItems(sessions, settled.sessions) ? settled : { ...settled, sessions };
}

/**
 * @param {PeerSessions} peer
 * @param {Session} session with a new sid
 * @param {number} nowMs
 * @returns {PeerSessions}
 */
export function addSession(peer, session, nowMs) {
  const maxEpoch = Math.max(peer.maxEpoch, session.epoch);
  let { sessions } = settle({ ...peer, maxEpoch, sessions: [...peer.sessions, session] }, nowMs);
  const kept = selected({ ...peer, sessions }, nowMs);
  while (sessions.length > MAX_SESSIONS) {
    const evicted = sessions.filter(({ sid }) => sid !== kept?.sid).reduce(older);
    sessions = sessions.filter((other) => other !== evicted);
  }
  return { ...peer, maxEpoch, sessions };
}

/**
 * @param {PeerSessions} peer
 * @param {Session} session
 * @returns {PeerSessions}
 */
export function replaceSession(peer, session) {
  return {
    ...peer,
    sessions: peer.sessions.map((other) => (equal(other.sid, session.sid) ? session : other)),
  };
}

/**
 * Keeps the keys of messages that were skipped; over MAX_STORED_SKIPPED the oldest go.
 * @param {PeerSessions} peer
 * @param {Session} session
 * @param {import('../crypto/ratchet.js').MessageKey[]} added
 * @param {{ dhPub: Uint8Array, n: number } | null} removed
 * @param {number} nowMs
 * @returns {{ nextSkipped: number, skipped: Map<string, SkippedKey> }}
 */
export function updateSkipped(peer, session, added, removed, nowMs) {
  if (added.length === 0 && !removed) return { nextSkipped: peer.nextSkipped, skipped: session.skipped };
  const skipped = new Map(session.skipped);
  if (removed) skipped.delete(skippedId(removed.dhPub, removed.n));
  let { nextSkipped } = peer;
  for (const key of added) {
    skipped.set(skippedId(key.dhPub, key.n), {
      ...key,
      sid: session.sid,
      counter: nextSkipped++,
      atMs: nowMs,
    });
  }
  for (const id of skipped.keys()) {
    if (skipped.size <= MAX_STORED_SKIPPED) break;
    skipped.delete(id);
  }
  return { nextSkipped, skipped };
}

/**
 * @param {Uint8Array} dhPub
 * @param {number} n
 */
export function skippedId(dhPub, n) {
  return `${n}/${dhPub.join()}`;
}

/**
 * What has to be written to get from one value to the other.
 * @param {PeerSessions} before
 * @param {PeerSessions} after
 * @returns {{ peer: boolean, skippedAdded: SkippedKey[], skippedRemoved: SkippedKey[] }} `peer`: the record changed
 */
export function changesBetween(before, after) {
  if (before === after) return { peer: false, skippedAdded: [], skippedRemoved: [] };
  const old = skippedByCounter(before);
  const now = skippedByCounter(after);
  return {
    peer: true,
    skippedAdded: [...now.values()].filter(({ counter }) => !old.has(counter)),
    skippedRemoved: [...old.values()].filter(({ counter }) => !now.has(counter)),
  };
}

/**
 * Brings the marks of all sessions up to date: what is not selected is idle.
 * @param {PeerSessions} peer
 * @param {number} nowMs
 * @returns {PeerSessions}
 */
export function settle(peer, nowMs) {
  const inUse = selected(peer, nowMs);
  const sessions = peer.sessions.map((session) => {
    const idleSinceMs = session === inUse ? null : (session.idleSinceMs ?? nowMs);
    return idleSinceMs === session.idleSinceMs ? session : { ...session, idleSinceMs };
  });
  return sameItems(sessions, peer.sessions) ? peer : { ...peer, sessions };
}

/**
 * @param {Session} session
 * @param {number} nowMs
 */
function isLive(session, nowMs) {
  return !session.dead && !isOverdue(session, nowMs);
}

/**
 * @param {Session} session
 * @param {number} nowMs
 */
function isOverdue({ confirmed, createdMs }, nowMs) {
  return !confirmed && nowMs - createdMs > UNCONFIRMED_TTL_MS;
}

/**
 * @param {Session} a
 * @param {Session} b
 */
function order(a, b) {
  return a.epoch - b.epoch || compare(a.sid, b.sid);
}

/**
 * @param {Session} a
 * @param {Session} b
 */
function older(a, b) {
  return b.createdMs < a.createdMs ? b : a;
}

/**
 * @param {Session} session
 * @param {number} oldest
 * @returns {Session}
 */
function withoutSkippedBefore(session, oldest) {
  const kept = [...session.skipped].filter(([, { atMs }]) => atMs >= oldest);
  return kept.length === session.skipped.size ? session : { ...session, skipped: new Map(kept) };
}

/** @param {PeerSessions} peer */
function skippedByCounter({ sessions }) {
  return new Map(sessions.flatMap(({ skipped }) => [...skipped.values()].map((key) => [key.counter, key])));
}

/**
 * @param {Session[]} a
 * @param {Session[]} b
 */
function sameItems(a, b) {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
