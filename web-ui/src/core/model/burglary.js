/**
 * Forward secrecy and healing, tried mechanically on the scene of a model test (MP2P/1 §5.5): a thief of today's state
 * opens nothing that has been read; a thief of an earlier one nothing that was sent after a round trip.
 *
 * @typedef {import('./test-device.js').TestDevice} TestDevice
 * @typedef {import('./witness.js').Sealed} Sealed
 *
 * @typedef {object} Followed a session that a thief has copied
 * @property {Set<string>} before chains of either side that existed at the theft
 * @property {Set<string>} renewed chains the robbed device began since
 * @property {Set<Sealed>} answeredBy envelopes of those that the peer has seen
 * @property {Set<string>} healed chains of the peer begun after that
 */
import assert from 'node:assert/strict';
import { toHex } from '../crypto/bytes.js';
import { envelopeId } from '../crypto/envelope.js';
import { Thief } from './thief.js';

const SAMPLE = 20;

export class Burglary {
  #witness;
  /** Chains by session. @type {Map<string, Set<string>>} */
  #chains = new Map();
  /** @type {{ device: TestDevice, thief: Thief, sessions: Map<string, Followed> }[]} */
  #thefts = [];
  /** Read earlier, tried again now and then. @type {Map<TestDevice, Sealed[]>} */
  #sample = new Map();
  /** How often each was tried, and the thief was able to open what he should be able to. */
  counts = { keptSecret: 0, healed: 0, openedUnread: 0, openedBeforeHealing: 0 };

  /** @param {import('./witness.js').Witness} witness */
  constructor(witness) {
    this.#witness = witness;
    witness.onSealed((sealed, by) => this.#sealed(sealed, by));
    witness.onSeen((sealed, by) => this.#seen(sealed, by));
  }

  /** @param {TestDevice} device whose state is copied now */
  steal(device) {
    this.#thefts = this.#thefts.filter((theft) => theft.device !== device);
    this.#thefts.push({ device, thief: new Thief(device), sessions: new Map() });
  }

  /** Somebody was put back to an earlier state: the healing of the sessions begins anew, and so does what was read. */
  restored(/** @type {TestDevice} */ device) {
    this.#thefts = [];
    this.#witness.takeRead(device);
    this.#sample.delete(device);
  }

  /**
   * A dump of its state opens nothing that it has read.
   *
   * @param {TestDevice} device
   * @param {import('./server-double.js').ServerDouble} server
   */
  checkSecrecy(device, server) {
    const thief = new Thief(device);
    const fresh = this.#witness.takeRead(device);
    const sample = this.#sample.get(device) ?? [];
    for (const sealed of [...fresh, ...sample]) {
      if (sealed.lastResort) continue;
      this.counts.keptSecret += 1;
      assert.equal(thief.opens(sealed), false, 'a stolen state opens what was read before');
    }
    this.#sample.set(device, [...fresh.slice(0, 3), ...sample].slice(0, SAMPLE));
    for (const { envelope } of mailboxOf(server, device).slice(0, 5)) {
      const waiting = this.#witness.envelope(envelopeId(envelope));
      if (waiting && thief.opens(waiting)) this.counts.openedUnread += 1;
    }
  }

  /**
   * @param {Sealed} sealed
   * @param {TestDevice} by
   */
  #sealed(sealed, by) {
    const sid = toHex(sealed.sid16);
    const chain = toHex(sealed.header.dhPub);
    for (const theft of this.#thefts) {
      if (theft.device !== by && theft.device !== sealed.to) continue;
      if (!theft.thief.knows(sealed.sid16)) continue;
      this.#follow(theft, sealed, by, sid, chain);
    }
    this.#chains.set(sid, (this.#chains.get(sid) ?? new Set()).add(chain));
  }

  /**
   * @param {{ device: TestDevice, thief: Thief, sessions: Map<string, Followed> }} theft
   * @param {Sealed} sealed
   * @param {TestDevice} by
   * @param {string} sid
   * @param {string} chain
   */
  #follow({ device, thief, sessions }, sealed, by, sid, chain) {
    /** @type {Followed} */
    const session = sessions.get(sid) ?? {
      before: new Set([
        ...(this.#chains.get(sid) ?? []),
        toHex(thief.sendingKeyOf(sealed.sid16) ?? new Uint8Array()),
      ]),
      renewed: new Set(),
      answeredBy: new Set(),
      healed: new Set(),
    };
    sessions.set(sid, session);
    const isNew = !session.before.has(chain);
    if (by === device && isNew) session.renewed.add(chain);
    const answers = [...session.answeredBy].some((answer) => this.#witness.wasRead(answer));
    if (by !== device && isNew && answers && !this.#chains.get(sid)?.has(chain)) session.healed.add(chain);
    const mustNot = session.renewed.has(chain) || session.healed.has(chain);
    const opened = thief.opens(sealed, { follow: true });
    if (mustNot) {
      this.counts.healed += 1;
      assert.equal(opened, false, 'an old state opens what was sent after a round trip');
    } else if (opened) this.counts.openedBeforeHealing += 1;
  }

  /**
   * @param {Sealed} sealed
   * @param {TestDevice} by
   */
  #seen(sealed, by) {
    for (const { device, sessions } of this.#thefts) {
      const session = sessions.get(toHex(sealed.sid16));
      if (by !== device && session?.renewed.has(toHex(sealed.header.dhPub))) session.answeredBy.add(sealed);
    }
  }
}

/**
 * @param {import('./server-double.js').ServerDouble} server
 * @param {TestDevice} device
 */
const mailboxOf = (server, device) =>
  server.accounts.get(toHex(device.accountId))?.devices.get(device.deviceId)?.mailbox ?? [];
