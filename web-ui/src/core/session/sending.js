import { equal } from '../crypto/bytes.js';
import { encodePrekeyBody, KIND } from '../crypto/envelope.js';
import { ProtocolError } from '../crypto/errors.js';
import { pad } from '../crypto/padding.js';
import { initiate } from '../crypto/pqxdh.js';
import * as ratchet from '../crypto/ratchet.js';
import { addSession, replaceSession, selected, settle } from './peer-sessions.js';

/** What goes out to a peer device, MP2P/1 §4 (initiator), §5.3, §5.6. */

const EPHEMERAL_BUDGET = 64;
const MAX_EPOCH = 0xfffffffe;

/**
 * @typedef {import('./peer-sessions.js').PeerSessions} PeerSessions
 * @typedef {import('./peer-sessions.js').Session} Session
 * @typedef {{ sid: Uint8Array, dhPub: Uint8Array }} Transmission the chain a message went out on
 */

/**
 * A new session with the greatest epoch so far, which therefore becomes the selected one.
 * @param {PeerSessions} peer
 * @param {{ self: import('../crypto/device-list.js').Identity, dhkSecret: Uint8Array,
 *   remote: import('../crypto/prekey.js').BundleDevice }} setup
 * @param {number} nowMs
 * @returns {PeerSessions}
 * @throws {ProtocolError} E_ZERO, E_FORMAT for keys of the bundle that cannot be used
 */
export function initiateWith(peer, { self, dhkSecret, remote }, nowMs) {
  const { identity, spk, weakFs } = remote;
  if (!equal(identity.accountId, peer.accountId) || identity.deviceId !== peer.deviceId) {
    throw new RangeError('bundle of another device');
  }
  const epoch = peer.maxEpoch + 1;
  if (epoch > MAX_EPOCH) throw new ProtocolError('E_STATE', 'epochs are used up');
  const { sessionId, secret, head } = initiate({ self, dhkSecret, remote, epoch });
  /** @type {Session} */
  const session = {
    sid: sessionId,
    epoch,
    role: 'initiator',
    ek: head.ek,
    confirmed: false,
    dead: false,
    createdMs: nowMs,
    idleSinceMs: null,
    weakFs,
    prekey: head,
    ephemeralSent: 0,
    ratchet: ratchet.initInitiator({ sessionId, secret, spkPublic: spk.publicKey }, nowMs),
    skipped: new Map(),
  };
  return addSession(peer, session, nowMs);
}

/**
 * Seals a content on the selected session. The returned sessions are to be on disk before the body leaves.
 * @param {PeerSessions} peer
 * @param {{ content: Uint8Array, ownList: Uint8Array, ephemeral?: boolean }} outgoing `ownList`: current own device
 *   list, carried until the session is confirmed; `ephemeral`: SIGNAL or TYPING
 * @param {number} nowMs
 * @returns {{ peer: PeerSessions, kind: 1 | 2, body: Uint8Array, transmission: Transmission, weakFs: boolean }}
 * @throws {ProtocolError} E_NO_SESSION if none is live; E_STATE if the budget for ephemerals is used up
 */
export function encryptFor(peer, { content, ownList, ephemeral = false }, nowMs) {
  const session = selected(peer, nowMs);
  if (!session) throw new ProtocolError('E_NO_SESSION', 'no live session');
  if (ephemeral && budgetLeft(session) <= 0)
    throw new ProtocolError('E_STATE', 'too many ephemerals in a chain');
  const { state, message } = ratchet.encrypt(session.ratchet, pad(content), nowMs);
  const sentBefore = session.ratchet.cks ? session.ephemeralSent : 0;
  const next = { ...session, ratchet: state, ephemeralSent: sentBefore + (ephemeral ? 1 : 0) };
  const { prekey } = session;
  return {
    peer: settle(replaceSession(peer, next), nowMs),
    kind: prekey ? KIND.PREKEY : KIND.RATCHET,
    body: prekey ? encodePrekeyBody({ ...prekey, deviceList: ownList, message }) : message,
    transmission: { sid: session.sid, dhPub: /** @type {Uint8Array} */ (state.dhsPublic) },
    weakFs: session.weakFs && session.role === 'initiator', // what the responder sends has a fresh key in it
  };
}

/**
 * How many SIGNAL or TYPING may still go out before the peer has answered (EPHEMERAL_BUDGET).
 * @param {PeerSessions} peer
 * @param {number} nowMs
 */
export function ephemeralsLeft(peer, nowMs) {
  const session = selected(peer, nowMs);
  return session ? budgetLeft(session) : 0;
}

/**
 * A `delivered` receipt named a message whose every transmission was on this chain: the KEM bytes need not be
 * repeated in it (§5.3).
 * @param {PeerSessions} peer
 * @param {Transmission} transmission
 * @returns {PeerSessions}
 */
export function elide(peer, { sid, dhPub }) {
  const session = peer.sessions.find((other) => equal(other.sid, sid));
  if (!session) return peer;
  const state = ratchet.elide(session.ratchet, dhPub);
  return state === session.ratchet ? peer : replaceSession(peer, { ...session, ratchet: state });
}

/** @param {Session} session */
function budgetLeft(session) {
  return session.ratchet.cks ? EPHEMERAL_BUDGET - session.ephemeralSent : EPHEMERAL_BUDGET;
}
