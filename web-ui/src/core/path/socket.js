/**
 * The connection to `/ws` (MP2P/1 §20.1): opens, authenticates again, reconnects by the close code and by how many
 * before came to nothing. What the frames mean is the relay's to know.
 *
 * @typedef {object} SocketEvents
 * @property {() => Promise<void>} onOpening what has to be known before it opens; never rejects
 * @property {(ready: { device: number }) => void} onHello first frame: now watch, and collect from the mailbox
 * @property {(message: any) => void} onText a control message other than hello and reauth
 * @property {(bytes: Uint8Array) => void} onBinary
 * @property {() => void} onClosed frames sent and not answered are lost
 * @property {(state: SocketState) => void} onState
 *
 * @typedef {{ state: 'connecting' | 'online' } | { state: 'waiting', nextTryMs: number, failures: number }} SocketState
 *   `failures`: tries in a row that came to nothing, the last one included
 *
 * @typedef {{ untilMs: number, failures: number, isFetched: boolean, shownMs: number,
 *   cancelTimer: (() => void) | null }} Renewal `untilMs`: when, by `elapsed`, the old token ends; `shownMs`: when the
 *   new one was shown last
 */
const BACKOFF_FIRST_MS = 1000;
const BACKOFF_MAX_MS = 60_000;
const STOOD_MS = 10_000;
const DEFECT_MS = 60_000;
const SLOW_READER_MS = 5000;
const REPLACED_FIRST_MS = 60_000;
const REPLACED_MAX_MS = 1_800_000;
const CONNECT_LIMIT_MS = 20_000;
/** A token that could not be judged, or not be had, is tried again while the old one lasts. */
const RENEW_FIRST_MS = 1000;
const RENEW_MAX_MS = 15_000;
const JUDGED_MS = 10_000; // a good token gets no answer: one that was not refused by then was taken
const RENEW_NOTICE_MS = 60_000; // that a server gives which does not say when
const NOT_NOW = new Set(['urn:mp2p:problem:unavailable', 'urn:mp2p:problem:rate-limited']);
const DEFECTS = new Set([1002, 1007, 1008, 1009]);
const CARRIER = 'bearer-token-carrier';

export class Socket {
  #account;
  #environment;
  #events;
  /** @type {WebSocket | null} */
  #socket = null;
  #helloSeen = false;
  /** When hello came, by `elapsed`. */
  #helloMs = 0;
  #wasOfUse = false;
  /** Bytes handed to the socket of now. */
  #put = 0;
  /**
   * Tries in a row of which no connection came that counts as made. A hello alone does not: a server that is ill, or a
   * gateway before it, says it and closes, to everybody and as often as everybody comes. One counts that stood for a
   * while, or on which an envelope was acknowledged: that one is not sent again, so a server that closes right after it
   * is not met for the same reason twice, and a network that lets little through is not left waiting.
   */
  #failures = 0;
  /** In this row a token was refused, and the next try brought a fresh one. */
  #refused = false;
  #replaced = 0;
  /** The token of the last handshake was refused or is doubtful: the next one uses a fresh token. */
  #tokenDoubtful = false;
  #opening = false;
  #begun = false;
  /** @type {(() => void) | null} */
  #cancelTimer = null;
  /** @type {(() => void) | null} */
  #cancelLimit = null;
  /** The new token that the server has asked for. @type {Renewal | null} */
  #renewal = null;
  /** What the server's clock says, by `elapsed`. */
  #serverAheadMs = 0;
  #networkDown = false;
  #stopped = false;

  /**
   * @param {import('../engine-contract.js').Account} account
   * @param {import('../environment.js').Environment} environment
   * @param {SocketEvents} events
   */
  constructor(account, environment, events) {
    this.#account = account;
    this.#environment = environment;
    this.#events = events;
  }

  get isOpen() {
    return this.#helloSeen;
  }

  /** An envelope that went by this connection was acknowledged. */
  wasOfUse() {
    this.#wasOfUse = true;
  }

  /** Connects from now on; before, nothing that happens opens it. */
  begin() {
    this.#begun = true;
    this.connect();
  }

  /** Opens now, whatever wait is running. */
  connect() {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    if (!this.#begun || this.#socket || this.#opening || this.#stopped || this.#networkDown) return;
    this.#open();
  }

  /** @param {boolean} online as the browser says */
  network(online) {
    this.#networkDown = !online;
    if (online) {
      this.#begunAnew();
      this.connect();
    } else {
      this.#cancelTimer?.();
      this.#cancelTimer = null;
      this.#drop();
    }
  }

  /** @param {object} message */
  sendText(message) {
    if (!this.#helloSeen || !this.#socket) return;
    const text = JSON.stringify(message); // ASCII: names of accounts and tokens are base64url
    this.#socket.send(text);
    this.#put += text.length;
  }

  /**
   * @param {Uint8Array<ArrayBuffer>} bytes
   * @returns {boolean}
   */
  sendBinary(bytes) {
    if (!this.#helloSeen || !this.#socket) return false;
    this.#socket.send(bytes);
    this.#put += bytes.length;
    return true;
  }

  /** @returns {import('../outbox/ack-wait.js').Queue} */
  get queue() {
    return { put: this.#put, left: this.#put - (this.#socket?.bufferedAmount ?? 0) };
  }

  stop() {
    this.#stopped = true;
    this.#cancelTimer?.();
    this.#drop();
  }

  async #open() {
    this.#opening = true;
    this.#events.onState({ state: 'connecting' });
    try {
      await this.#events.onOpening();
      if (this.#stopped || this.#networkDown) return;
      if (this.#tokenDoubtful) await this.#account.refreshTokens();
      const token = await this.#account.token('signaling');
      this.#tokenDoubtful = false;
      if (this.#stopped || this.#networkDown) return;
      this.#listen(this.#environment.openSocket([CARRIER, credentialOf(token)]));
    } catch {
      // the server did not answer, or the account is being settled elsewhere (signed out by the server)
      this.#retryAfter(this.#backoff());
    } finally {
      this.#opening = false;
    }
  }

  /** @param {WebSocket} socket */
  #listen(socket) {
    this.#socket = socket;
    this.#put = 0;
    this.#wasOfUse = false;
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }) => this.#receive(socket, data);
    socket.onclose = ({ code, reason }) => this.#closed(socket, code, reason);
    this.#cancelLimit = this.#environment.after(() => {
      if (socket === this.#socket && !this.#helloSeen) this.#abandon(socket);
    }, CONNECT_LIMIT_MS);
  }

  /**
   * @param {WebSocket} socket
   * @param {unknown} data
   */
  #receive(socket, data) {
    if (socket !== this.#socket) return;
    if (typeof data !== 'string') {
      if (this.#helloSeen) this.#events.onBinary(new Uint8Array(/** @type {ArrayBuffer} */ (data)));
      return;
    }
    const message = parse(data);
    switch (message?.t) {
      case 'hello':
        this.#cancelLimit?.();
        this.#helloSeen = true;
        this.#helloMs = this.#environment.elapsed();
        this.#serverAheadMs = timeIn(message.now_ms) - this.#environment.elapsed();
        this.#events.onState({ state: 'online' });
        this.#events.onHello({ device: message.device });
        return;
      case 'reauth':
        this.#beginRenewal(timeIn(message.by_ms));
        return;
      case 'error':
        if (message.ref === undefined && NOT_NOW.has(message.type)) this.#notJudged();
        this.#events.onText(message);
        return;
      default:
        if (message) this.#events.onText(message);
    }
  }

  /** @param {number} byMs when the token ends, by the server's clock */
  #beginRenewal(byMs) {
    this.#endRenewal();
    const nowMs = this.#environment.elapsed();
    const endsMs = byMs - this.#serverAheadMs;
    const untilMs = Number.isNaN(endsMs) ? nowMs + RENEW_NOTICE_MS : endsMs;
    this.#renewal = { untilMs, failures: 0, isFetched: false, shownMs: -Infinity, cancelTimer: null };
    this.#renew(this.#renewal);
  }

  /** @param {Renewal} renewal */
  async #renew(renewal) {
    try {
      if (!renewal.isFetched) await this.#account.refreshTokens();
      renewal.isFetched = true;
      const token = await this.#account.token('signaling');
      if (renewal !== this.#renewal) return;
      renewal.shownMs = this.#environment.elapsed();
      this.sendText({ t: 'reauth', token });
    } catch {
      this.#renewLater(renewal);
    }
  }

  /** Said of the token that was shown, or of a `watch`, which one is not told. */
  #notJudged() {
    const renewal = this.#renewal;
    if (renewal && this.#environment.elapsed() - renewal.shownMs <= JUDGED_MS) this.#renewLater(renewal);
  }

  /**
   * A good token gets no answer. When the old one has ended the server closes with 4401, which is handled there.
   *
   * @param {Renewal | null} renewal
   */
  #renewLater(renewal) {
    if (!renewal || renewal !== this.#renewal || renewal.cancelTimer) return;
    const grown = Math.min(RENEW_MAX_MS, RENEW_FIRST_MS * 2 ** renewal.failures);
    const wait = grown * (0.5 + this.#environment.chance());
    renewal.failures += 1;
    if (this.#environment.elapsed() + wait >= renewal.untilMs) return;
    renewal.cancelTimer = this.#environment.after(() => {
      renewal.cancelTimer = null;
      this.#renew(renewal);
    }, wait);
  }

  #endRenewal() {
    this.#renewal?.cancelTimer?.();
    this.#renewal = null;
  }

  /**
   * @param {WebSocket} socket
   * @param {number} code
   * @param {string} reason
   */
  #closed(socket, code, reason) {
    if (socket !== this.#socket) return;
    const established = this.#helloSeen;
    if (this.#isMade) this.#begunAnew();
    this.#drop();
    // a refused handshake looks like any failure (1006): the next try brings a fresh token
    this.#tokenDoubtful = !established || code === 4401;
    this.#retryAfter(this.#waitAfter(code, reason));
  }

  /** What failed before says nothing about the next try. */
  #begunAnew() {
    this.#failures = 0;
    this.#refused = false;
  }

  get #isMade() {
    const stoodMs = this.#environment.elapsed() - this.#helloMs;
    return this.#helloSeen && (this.#wasOfUse || stoodMs >= STOOD_MS);
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  #waitAfter(code, reason) {
    if (code !== 4409) this.#replaced = 0;
    if (DEFECTS.has(code)) return this.#asAsked(DEFECT_MS);
    switch (code) {
      case 1012:
        return this.#asAsked(
          this.#environment.chance() * Math.min(300, Math.max(0, Number(reason) || 1)) * 1000,
        );
      case 1013:
        return this.#asAsked(SLOW_READER_MS);
      case 4401:
        if (this.#refused) return this.#backoff();
        // most often it was too old, which the fresh one is not
        this.#refused = true;
        this.#failures += 1;
        return 0;
      case 4409:
        // a newer connection of this device: if this worker had lost its lead it would have been stopped
        this.#replaced += 1;
        return Math.min(REPLACED_MAX_MS, REPLACED_FIRST_MS * 2 ** (this.#replaced - 1));
      default:
        return this.#backoff();
    }
  }

  /**
   * The pause that a code asks for is enough once. Later in the row the back-off is added, the longer of both would not
   * do: a server that stops spreads evenly those who come back, and a random time on top makes no second fuller, where
   * all whose part is shorter than their back-off would come with it.
   *
   * @param {number} asked
   */
  #asAsked(asked) {
    if (this.#failures > 0) return asked + this.#backoff();
    this.#failures = 1;
    return asked;
  }

  #backoff() {
    const grown = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** this.#failures);
    this.#failures += 1;
    return grown * (0.5 + this.#environment.chance());
  }

  /** @param {number} wait */
  #retryAfter(wait) {
    if (this.#stopped || this.#networkDown || this.#cancelTimer) return;
    const nextTryMs = this.#environment.now() + wait;
    this.#events.onState({ state: 'waiting', nextTryMs, failures: this.#failures });
    this.#cancelTimer = this.#environment.after(() => {
      this.#cancelTimer = null;
      this.connect();
    }, wait);
  }

  /** @param {WebSocket} socket that says nothing */
  #abandon(socket) {
    this.#drop();
    socket.close();
    this.#tokenDoubtful = true;
    this.#retryAfter(this.#backoff());
  }

  #drop() {
    this.#cancelLimit?.();
    this.#endRenewal();
    const socket = this.#socket;
    const established = this.#helloSeen;
    this.#socket = null;
    this.#helloSeen = false;
    if (established) this.#events.onClosed();
    if (socket && socket.readyState <= 1) socket.close();
  }
}

/**
 * The access token as a subprotocol: no URL, no cookie. `quarkus-http-upgrade` turns it into a header.
 *
 * @param {string} token
 */
const credentialOf = (token) => encodeURIComponent(`quarkus-http-upgrade#Authorization#Bearer ${token}`);

/**
 * @param {unknown} value
 * @returns {number} NaN for what is no time
 */
const timeIn = (value) => (typeof value === 'number' ? value : Number.NaN);

/**
 * @param {string} text
 * @returns {any} undefined for what is not a JSON object
 */
function parse(text) {
  try {
    const message = JSON.parse(text);
    return typeof message === 'object' && message !== null ? message : undefined;
  } catch {
    return undefined;
  }
}
