/** @type {boolean | null} */
let answer = null;

/**
 * Whether this browser hands a data channel to a worker: tried once, on one that leads nowhere. One that does not says so
 * by throwing, and keeps the channel.
 */
export function transfersChannels() {
  answer ??= isTransferred();
  return answer;
}

function isTransferred() {
  const peer = new RTCPeerConnection();
  const { port1, port2 } = new MessageChannel();
  try {
    const channel = /** @type {Transferable} */ (/** @type {unknown} */ (peer.createDataChannel('')));
    port1.postMessage(channel, [channel]);
    return true;
  } catch {
    return false;
  } finally {
    port1.close();
    port2.close();
    peer.close();
  }
}
