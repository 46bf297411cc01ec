/**
 * Who has copied a device's keys and disk at one moment, and tries to read with them whatever was ever sent to it or
 * by it. He takes no notice of what an honest device refuses (replays, finished chains, blocked senders), and follows
 * a conversation as long as he can.
 *
 * @typedef {import('./test-device.js').TestDevice} TestDevice
 * @typedef {import('./witness.js').Sealed} Sealed
 * @typedef {import('../crypto/ratchet.js').RatchetState} RatchetState
 * @typedef {import('../session/session-table.js').PeerSessions} PeerSessions
 */
import { concat, equal } from '../crypto/bytes.js';
import { KIND } from '../crypto/envelope.js';
import { ProtocolError } from '../crypto/errors.js';
import { hmac } from '../crypto/hash.js';
import { SEAL } from '../crypto/labels.js';
import { decrypt } from '../crypto/ratchet.js';
import { splitMessage } from '../crypto/ratchet-header.js';
import { open } from '../crypto/seal.js';
import { decodePeer, decodeSkippedKey, emptyPeer, receive } from '../session/session-table.js';

const WALK = 200; // how far along a chain he looks for a key

export class Thief {
  #keys;
  /** @type {PeerSessions[]} */
  #peers;
  /** @type {Map<string, import('../session/session-table.js').OwnPrekey>} */
  #prekeys = new Map();

  /** @param {TestDevice} device */
  constructor(device) {
    this.#keys = device.identity;
    const skipped = device.stored('skipped').map(decodeSkippedKey);
    this.#peers = device.stored('sessions').map((record) => decodePeer(record, skipped));
    for (const row of device.stored('prekeys'))
      if (row.row === 'prekey') this.#prekeys.set(`${row.kind}/${row.keyId}`, row);
  }

  /** Ratchet keys under which the device had sent in a session. @param {Uint8Array} sid16 */
  sendingKeyOf(sid16) {
    return this.#session(sid16)?.ratchet.dhsPublic ?? null;
  }

  /** @param {Uint8Array} sid16 */
  knows(sid16) {
    return this.#session(sid16) !== undefined;
  }

  /**
   * Whether he can read it.
   *
   * @param {Sealed} sealed
   * @param {{ follow?: boolean }} [how] follow: what he learns by it he uses from then on
   */
  opens(sealed, { follow = false } = {}) {
    if (equal(sealed.from.accountId, this.#keys.accountId) && sealed.from.deviceId === this.#keys.deviceId)
      return this.#opensOwn(sealed);
    return this.#opensInSession(sealed, follow) || this.#opensAsFirst(sealed);
  }

  /**
   * @param {Sealed} sealed
   * @param {boolean} follow
   */
  #opensInSession({ message, sid16 }, follow) {
    const peer = this.#peers.find(({ sessions }) =>
      sessions.some(({ sid }) => equal(sid.subarray(0, 16), sid16)),
    );
    const session = this.#session(sid16);
    if (!peer || !session) return false;
    const mkOf = (/** @type {Uint8Array} */ dhPub, /** @type {number} */ n) =>
      [...session.skipped.values()].find((key) => key.n === n && equal(key.dhPub, dhPub))?.mk;
    // as it stands, and as if no chain were finished
    for (const ratchet of [session.ratchet, { ...session.ratchet, old: [] }]) {
      const opened = attempt(() => decrypt(ratchet, message, mkOf, 0));
      if (!opened) continue;
      if (follow) {
        session.ratchet = opened.state;
        for (const key of opened.added)
          session.skipped.set(`${key.n}/${key.dhPub.join()}`, {
            ...key,
            sid: session.sid,
            counter: 0,
            atMs: 0,
          });
      }
      return true;
    }
    return false;
  }

  /** As if its session had never begun. @param {Sealed} sealed */
  #opensAsFirst({ kind, body, from }) {
    if (kind !== KIND.PREKEY) return false;
    const { accountId, aik, deviceId, dsk, dhk, dhkSecret } = this.#keys;
    const answer = receive(
      emptyPeer(from.accountId, from.deviceId),
      { sender: from, kind, body },
      {
        self: { accountId, aik, deviceId, dsk, dhk },
        dhkSecret,
        prekey: (prekeyKind, keyId) => this.#prekeys.get(`${prekeyKind}/${keyId}`),
        replay: { has: () => false, withoutOneTime: () => 0 },
        knownList: null,
        blocked: false,
      },
      0,
    );
    return answer.ok;
  }

  /** What the device sent itself: along the chain he has the key of. @param {Sealed} sealed */
  #opensOwn({ message, sid16 }) {
    const ratchet = this.#session(sid16)?.ratchet;
    if (!ratchet?.cks || !ratchet.dhsPublic) return false;
    const { header, headerBytes, sealed } = splitMessage(message);
    let ck = ratchet.cks;
    for (let step = 0; step < WALK; step++) {
      const mk = hmac(ck, Uint8Array.of(1));
      if (header.n === ratchet.ns + step || step < 3) {
        const opened = attempt(() => open(mk, SEAL.message, concat(ratchet.sid, headerBytes), sealed));
        if (opened) return true;
      }
      ck = hmac(ck, Uint8Array.of(2));
    }
    return false;
  }

  /** @param {Uint8Array} sid16 */
  #session(sid16) {
    for (const { sessions } of this.#peers) {
      const session = sessions.find(({ sid }) => equal(sid.subarray(0, 16), sid16));
      if (session) return session;
    }
    return undefined;
  }
}

/**
 * @template T
 * @param {() => T} work
 * @returns {T | null} null: he cannot
 */
function attempt(work) {
  try {
    return work();
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}
