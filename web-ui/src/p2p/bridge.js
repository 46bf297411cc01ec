/**
 * Keeps a data channel in the window, where the browser does not hand it to a worker, and passes what it says and is
 * told through a port: `core/path/port-channel.js` is the other end.
 *
 * @import { FromBridge, ToBridge } from '../core/protocol.js'
 */

/** Below it the worker is told that there is room (`core/path/channel.js`). */
const LOW_BYTES = 262_144;
/** How often what the channel still holds is looked at: no event says that it gets less, but the one above. */
const LOOK_MS = 50;

/**
 * @param {RTCDataChannel} channel
 * @returns {MessagePort} for the worker
 */
export function bridged(channel) {
  const { port1: port, port2: forWorker } = new MessageChannel();
  let taken = 0;
  /** As the worker was told last. */
  let buffered = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const tell = (/** @type {FromBridge} */ message, /** @type {Transferable[]} */ transfer = []) =>
    port.postMessage(message, transfer);
  const tellState = () => tell({ state: channel.readyState });
  const tellBuffered = () => {
    buffered = channel.bufferedAmount;
    tell({ taken, buffered });
    lookLater();
  };
  const lookLater = () => {
    clearTimeout(timer);
    // one that has closed keeps its amount for good
    if (buffered > 0 && channel.readyState === 'open') timer = setTimeout(look, LOOK_MS);
  };
  const look = () => (channel.bufferedAmount === buffered ? lookLater() : tellBuffered());

  channel.binaryType = 'arraybuffer';
  channel.bufferedAmountLowThreshold = LOW_BYTES;
  channel.onopen = tellState;
  channel.onclose = tellState;
  channel.onerror = () => channel.close();
  channel.onmessage = ({ data }) => {
    if (data instanceof ArrayBuffer) tell({ frame: data }, [data]);
  };
  channel.onbufferedamountlow = tellBuffered;
  port.onmessage = ({ data }) => {
    const { frame } = /** @type {ToBridge} */ (data);
    if (!frame) return channel.close();
    taken += frame.byteLength;
    try {
      channel.send(frame);
    } catch {
      channel.close(); // closed under us, or its buffer is full beyond all bounds: the worker takes the next path
    }
    tellBuffered();
  };
  tellState();
  return forWorker;
}
