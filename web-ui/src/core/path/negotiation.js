/**
 * This side's half of one negotiation: turns what the window's RTCPeerConnection produces into SIGNAL contents, at
 * most two: the description with the first candidates, then the rest. So both sides together send at most the
 * four that MP2P/1 §1.3 allows.
 *
 * @typedef {import('../protocol.js').IceCandidate} IceCandidate
 */
const FIRST_CANDIDATES_MS = 150; // near peers connect by these; far ones do not notice the wait
const GATHERING_MS = 4000; // ICE gathering may never end
const CANDIDATES = 256;

export class Negotiation {
  #call;
  #n;
  #environment;
  #send;
  /** @type {{ kind: 'offer' | 'answer', sdp: string } | null} */
  #description = null;
  /** @type {IceCandidate[]} */
  #candidates = [];
  #descriptionSent = false;
  #ended = false;
  /** @type {(() => void)[]} */
  #timers = [];

  /**
   * @param {string} call base64url
   * @param {number} n of the offer
   * @param {import('../environment.js').Environment} environment
   * @param {(body: { [key: string]: any }) => void} send
   */
  constructor(call, n, environment, send) {
    this.#call = call;
    this.#n = n;
    this.#environment = environment;
    this.#send = send;
  }

  /**
   * @param {'offer' | 'answer'} kind
   * @param {string} sdp
   */
  describe(kind, sdp) {
    if (this.#description || this.#ended) return;
    this.#description = { kind, sdp };
    if (this.#candidates.length > 0) this.#sendDescription();
    else this.#timers.push(this.#environment.after(() => this.#sendDescription(), FIRST_CANDIDATES_MS));
    this.#timers.push(this.#environment.after(() => this.#sendRest(), GATHERING_MS));
  }

  /** @param {IceCandidate[]} candidates */
  add(candidates) {
    if (this.#ended) return;
    this.#candidates.push(...candidates);
    if (!this.#description) return;
    if (this.#descriptionSent) this.#sendRest();
    else this.#sendDescription();
  }

  end() {
    this.#ended = true;
    for (const cancel of this.#timers) cancel();
  }

  #sendDescription() {
    if (this.#descriptionSent || this.#ended || !this.#description) return;
    this.#descriptionSent = true;
    const cand = this.#candidates.splice(0, CANDIDATES);
    const { kind, sdp } = this.#description;
    this.#send({ call: this.#call, n: this.#n, kind, sdp, ...(cand.length > 0 && { cand }) });
  }

  #sendRest() {
    if (this.#ended || !this.#descriptionSent || this.#candidates.length === 0) return;
    const cand = this.#candidates.splice(0, CANDIDATES);
    this.end(); // one batch alone: the window has gathered for as long as it may
    this.#send({ call: this.#call, n: this.#n, kind: 'ice', cand });
  }
}
