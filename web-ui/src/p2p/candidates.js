/** @import { IceCandidate } from '../core/protocol.js' */

/** The first ones go quickly, so that a near peer connects at once; the rest when gathering ends. */
const FIRST_AFTER = 60;
/** On a machine without a usable address gathering never ends by itself. */
const LIMIT = 4000;

/**
 * Collects the own candidates of one negotiation into at most two batches: with the description three SIGNAL messages,
 * one fewer than a negotiation may cost (MP2P/1 §1.3 EPHEMERAL_BUDGET).
 */
export class CandidateBatches {
  /** @type {IceCandidate[]} */
  #waiting = [];
  #send;
  #sentFirst = false;
  #ended = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #first;
  #limit;

  /** @param {(candidates: IceCandidate[]) => void} send */
  constructor(send) {
    this.#send = send;
    this.#limit = setTimeout(() => this.end(), LIMIT);
  }

  /** @param {RTCIceCandidate} candidate */
  add({ candidate, sdpMid, sdpMLineIndex }) {
    if (this.#ended || candidate === '') return;
    this.#waiting.push({ candidate, sdpMid, sdpMLineIndex });
    if (!this.#sentFirst) this.#first ??= setTimeout(() => this.#flushFirst(), FIRST_AFTER);
  }

  #flushFirst() {
    this.#sentFirst = true;
    this.#flush();
  }

  #flush() {
    const batch = this.#waiting.splice(0);
    if (batch.length > 0) this.#send(batch);
  }

  /** Gathering is complete, or has had its time. */
  end() {
    if (this.#ended) return;
    this.#stop();
    this.#flush();
  }

  /** The connection is gone: nothing more is sent. */
  drop() {
    this.#stop();
    this.#waiting = [];
  }

  #stop() {
    this.#ended = true;
    clearTimeout(this.#first);
    clearTimeout(this.#limit);
  }
}
