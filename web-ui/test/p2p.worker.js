/** The core's end of a data channel: answers every message with `echo:`, and floods it when asked to. */
import { PortChannel } from '../src/core/path/port-channel.js';

const FRAME = new Uint8Array(16_384);
const FULL_BYTES = 1_048_576;

/** @type {RTCDataChannel | PortChannel} */
let channel;

addEventListener('message', ({ data }) => {
  if (data.channel)
    attach(data.channel instanceof MessagePort ? new PortChannel(data.channel) : data.channel);
  else if (data.flood) flood();
  else channel.send(new TextEncoder().encode(data.text));
});

/** @param {RTCDataChannel | PortChannel} handedOver */
function attach(handedOver) {
  channel = handedOver;
  channel.binaryType = 'arraybuffer';
  channel.bufferedAmountLowThreshold = 262_144;
  channel.onopen = () => postMessage('open');
  channel.onclose = () => postMessage('close');
  channel.onbufferedamountlow = () => postMessage('low');
  channel.onmessage = (/** @type {{ data: ArrayBuffer }} */ { data }) => {
    if (data.byteLength === FRAME.length) return;
    const text = new TextDecoder().decode(data);
    postMessage(`got ${text}`);
    if (!text.startsWith('echo:')) channel.send(new TextEncoder().encode(`echo:${text}`));
  };
}

function flood() {
  while (channel.bufferedAmount <= FULL_BYTES) channel.send(FRAME);
  postMessage('full');
}
