/**
 * Keeps a data channel in the window, where the browser does not hand it to a worker, and passes what it says and is
 * told through a port: `core/path/port-channel.js` is the other end.
 *
 * @import { FromBridge, ToBridge } from '../core/protocol.js'
 */

/** Below it the worker is told that there is room (`core/path/channel.js`). */
const LOW_BYTES = 262_144;

/**
 * @param {RTCDataChannel} channel
 * @returns {MessagePort} for the worker
 */
export function bridged(channel) {
  const { port1: port, port2: forWorker } = new MessageChannel();
  let taken = 0;
  const tell = (/** @type {FromBridge} */ message, /** @type {Transferable[]} */ transfer = []) =>
    port.postMessage(message, transfer);
  const tellState = () => tell({ state: channel.readyState });
  const tellBuffered = () => tell({ taken, buffered: channel.bufferedAmount });

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
