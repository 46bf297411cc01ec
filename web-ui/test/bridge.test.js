import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Channel } from '../src/core/path/channel.js';
import { PortChannel } from '../src/core/path/port-channel.js';
import { bridged } from '../src/p2p/bridge.js';

/** The data channel of the window, which a test plays. */
class Rtc {
  readyState = 'connecting';
  binaryType = 'blob';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  /** @type {Uint8Array[]} */
  sent = [];
  /** @type {any} */ onopen;
  /** @type {any} */ onclose;
  /** @type {any} */ onerror;
  /** @type {any} */ onmessage;
  /** @type {any} */ onbufferedamountlow;

  /** @param {ArrayBuffer} frame */
  send(frame) {
    this.sent.push(new Uint8Array(frame));
    this.bufferedAmount += frame.byteLength;
  }

  close() {
    this.readyState = 'closed';
    this.onclose();
  }
}

/** What a port brings comes by itself, and nobody says so. @param {() => boolean} condition */
async function until(condition) {
  const end = performance.now() + 30_000;
  while (!condition()) {
    assert.ok(performance.now() < end, 'it comes');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** @param {import('node:test').TestContext} context */
function scene(context) {
  const rtc = new Rtc();
  const port = bridged(/** @type {any} */ (rtc));
  const channel = new PortChannel(port);
  context.after(() => channel.close());
  /** Waits until the worker's end says so. @param {'onopen' | 'onclose' | 'onmessage' | 'onbufferedamountlow'} name */
  const heard = (name) =>
    new Promise((resolve) => {
      Object.assign(channel, { [name]: resolve });
    });
  const open = async () => {
    const opened = heard('onopen');
    rtc.readyState = 'open';
    rtc.onopen();
    await opened;
  };
  return { rtc, port, channel, heard, open };
}

test('the worker hears that the channel opens, and frames go both ways', async (context) => {
  const { rtc, channel, heard, open } = scene(context);
  assert.equal(channel.readyState, 'connecting');
  assert.throws(() => channel.send(Uint8Array.of(1)), /not open/);
  await open();
  assert.equal(channel.readyState, 'open');
  assert.equal(rtc.binaryType, 'arraybuffer');

  const frame = Uint8Array.of(0, 1, 2, 3).subarray(1);
  channel.send(frame);
  assert.deepEqual(frame, Uint8Array.of(1, 2, 3), 'the sender keeps its bytes');
  await until(() => rtc.sent.length === 1);
  assert.deepEqual(rtc.sent, [Uint8Array.of(1, 2, 3)]);
  const message = heard('onmessage');
  rtc.onmessage({ data: Uint8Array.of(9).buffer });
  rtc.onmessage({ data: 'text is no frame' });
  assert.deepEqual(new Uint8Array((await message).data), Uint8Array.of(9));
});

test('what the window has not sent yet counts as buffered, and its running empty is told', async (context) => {
  const { rtc, channel, heard, open } = scene(context);
  channel.bufferedAmountLowThreshold = 100;
  await open();
  for (let i = 0; i < 3; i++) channel.send(new Uint8Array(1000));
  assert.equal(channel.bufferedAmount, 3000, 'before the window has said anything');
  const message = heard('onmessage');
  await until(() => rtc.sent.length === 3);
  rtc.onmessage({ data: Uint8Array.of(9).buffer });
  await message;
  assert.equal(channel.bufferedAmount, 3000, 'the channel holds them');
  const low = heard('onbufferedamountlow');
  rtc.bufferedAmount = 100;
  rtc.onbufferedamountlow();
  await low;
  assert.equal(channel.bufferedAmount, 100);
});

test('what has gone out counts no more, without anything running empty', async (context) => {
  const { rtc, channel, heard, open } = scene(context);
  await open();
  rtc.send = (frame) => void rtc.sent.push(new Uint8Array(frame));
  for (let i = 0; i < 3; i++) channel.send(new Uint8Array(1000));
  await until(() => rtc.sent.length === 3);
  const message = heard('onmessage');
  rtc.onmessage({ data: Uint8Array.of(9).buffer });
  await message;
  assert.equal(channel.bufferedAmount, 0);
});

test('that a frame has left is told, though no further one is sent', async (context) => {
  const { rtc, channel, open } = scene(context);
  await open();
  channel.send(new Uint8Array(300));
  await until(() => rtc.bufferedAmount === 300);
  for (const left of [100, 0]) {
    rtc.bufferedAmount = left;
    await until(() => channel.bufferedAmount === left);
  }
});

test('nobody looks at a buffer that is empty, or that a closed channel has kept', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { rtc, channel, open } = scene(context);
  let [buffered, looks] = [0, 0];
  Object.defineProperty(rtc, 'bufferedAmount', {
    get() {
      looks += 1;
      return buffered;
    },
    set(/** @type {number} */ bytes) {
      buffered = bytes;
    },
  });
  await open();
  for (const end of [() => (rtc.bufferedAmount = 0), () => (rtc.readyState = 'closed')]) {
    const before = rtc.sent.length;
    channel.send(new Uint8Array(300));
    await until(() => rtc.sent.length > before);
    looks = 0;
    context.mock.timers.tick(1000);
    assert.ok(looks > 0);
    end();
    context.mock.timers.tick(100);
    looks = 0;
    context.mock.timers.tick(10_000);
    assert.equal(looks, 0);
  }
});

test('what acknowledgements take is measured through it, and what has left is known', async (context) => {
  const { rtc, channel: port } = scene(context);
  let nowMs = 0;
  const environment = { elapsed: () => nowMs, after: () => () => {} };
  let acknowledged = 0;
  const ignore = () => {};
  const channel = new Channel(port, /** @type {any} */ (environment), {
    ...{
      onOpen: ignore,
      onClosed: ignore,
      onEnvelope: ignore,
      onLost: ignore,
      onTrusted: ignore,
      onDrained: ignore,
    },
    onAcknowledged: () => void acknowledged++,
  });
  rtc.readyState = 'open';
  rtc.onopen();
  await until(() => channel.isOpen);
  for (let n = 1; n <= 40; n++) {
    const envelopeId = new Uint8Array(32).fill(n);
    assert.ok(channel.send(/** @type {any} */ ({ envelope: new Uint8Array(300), envelopeId })));
    await until(() => rtc.sent.length === n);
    rtc.bufferedAmount = 0;
    await until(() => channel.queue.left === channel.queue.put);
    nowMs += n === 1 ? 1400 : 20;
    rtc.onmessage({ data: Uint8Array.of(3, ...envelopeId).buffer });
    await until(() => acknowledged === n);
  }
  assert.equal(channel.limitMs, 1000, 'not what the first one took');
});

test('closing is heard on either side', async (context) => {
  const there = scene(context);
  await there.open();
  const closed = there.heard('onclose');
  there.rtc.close();
  await closed;
  assert.equal(there.channel.readyState, 'closed');

  const here = scene(context);
  await here.open();
  here.channel.close();
  await until(() => here.rtc.readyState === 'closed');
});

test('a channel that refuses a frame is closed', async (context) => {
  const { rtc, channel, heard, open } = scene(context);
  await open();
  rtc.send = () => {
    throw new Error('OperationError');
  };
  const closed = heard('onclose');
  channel.send(new Uint8Array(3));
  await closed;
});
