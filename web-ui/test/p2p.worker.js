/** The core's end of a data channel: answers every message with `echo:`. */

/** @type {RTCDataChannel} */
let channel;

addEventListener('message', ({ data }) => {
  if (data.channel) attach(data.channel);
  else channel.send(data.text);
});

/** @param {RTCDataChannel} handedOver */
function attach(handedOver) {
  channel = handedOver;
  channel.onopen = () => postMessage('open');
  channel.onclose = () => postMessage('close');
  channel.onmessage = ({ data }) => {
    postMessage(`got ${data}`);
    if (!String(data).startsWith('echo:')) channel.send(`echo:${data}`);
  };
}
