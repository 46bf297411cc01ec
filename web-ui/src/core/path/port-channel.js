/**
 * The worker's end of a data channel that stays in the window (`p2p/bridge.js`), as much of an RTCDataChannel as
 * `channel.js` uses. What is not on its way yet counts as buffered.
 *
 * @typedef {import('../protocol.js').FromBridge} FromBridge
 */
export class PortChannel {
  /**
   * @param {RTCDataChannel | MessagePort} handed by the window
   * @returns {RTCDataChannel | PortChannel} to close a port alone would leave the channel open in the window
   */
  static of(handed) {
    return handed instanceof MessagePort ? new PortChannel(handed) : handed;
  }

  /** @type {RTCDataChannelState} */
  readyState = 'connecting';
  /** Frames arrive as buffers, whatever is written here. */
  binaryType = 'arraybuffer';
  /** The window has this limit as well. */
  bufferedAmountLowThreshold = 0;
  /** @type {(() => void) | null} */
  onopen = null;
  /** @type {(() => void) | null} */
  onclose = null;
  /** @type {(() => void) | null} */
  onerror = null;
  /** @type {((event: { data: ArrayBuffer }) => void) | null} */
  onmessage = null;
  /** @type {(() => void) | null} */
  onbufferedamountlow = null;
  #port;
  #posted = 0;
  /** As the window said last: bytes it took from here, and bytes the channel has not sent yet. */
  #taken = 0;
  #buffered = 0;

  /** @param {MessagePort} port */
  constructor(port) {
    this.#port = port;
    port.onmessage = ({ data }) => this.#receive(data);
  }

  get bufferedAmount() {
    return this.#buffered + this.#posted - this.#taken;
  }

  /** @param {Uint8Array} frame */
  send(frame) {
    if (this.readyState !== 'open') throw new Error('the channel is not open');
    const copy = frame.slice().buffer;
    this.#posted += copy.byteLength;
    this.#port.postMessage({ frame: copy }, [copy]);
  }

  close() {
    if (this.readyState === 'closed') return;
    this.#port.postMessage({});
    this.#end();
  }

  /** @param {FromBridge} message */
  #receive(message) {
    if (this.readyState === 'closed') return;
    if ('frame' in message) this.onmessage?.({ data: message.frame });
    else if ('taken' in message) this.#follow(message);
    else if (message.state === 'closed') {
      this.#end();
      this.onclose?.();
    } else {
      const opens = this.readyState !== 'open' && message.state === 'open';
      this.readyState = message.state;
      if (opens) this.onopen?.();
    }
  }

  /** @param {{ taken: number, buffered: number }} told */
  #follow({ taken, buffered }) {
    const before = this.bufferedAmount;
    this.#taken = taken;
    this.#buffered = buffered;
    const isLow = this.bufferedAmount <= this.bufferedAmountLowThreshold;
    if (before > this.bufferedAmountLowThreshold && isLow) this.onbufferedamountlow?.();
  }

  #end() {
    this.readyState = 'closed';
    this.#port.close();
  }
}
