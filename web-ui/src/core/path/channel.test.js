import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { envelopeId } from '../crypto/envelope.js';
import { ready } from '../crypto/sodium.js';
import { VirtualTime } from '../model/virtual-time.js';
import { Channel } from './channel.js';

before(ready);

const [ENVELOPE, ACK, PING, PONG] = [1, 3, 4, 5];

/** The browser's end of a data channel, as a test has it. */
class Rtc {
  readyState = 'open';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  binaryType = 'blob';
  isBroken = false;
  /** @type {Uint8Array[]} */
  sent = [];
  /** @type {any} */ onopen = null;
  /** @type {any} */ onclose = null;
  /** @type {any} */ onerror = null;
  /** @type {any} */ onmessage = null;
  /** @type {any} */ onbufferedamountlow = null;

  /** @param {Uint8Array} frame */
  send(frame) {
    if (this.isBroken) throw new Error('OperationError');
    this.sent.push(frame.slice());
  }

  close() {
    this.readyState = 'closed';
  }

  /** @param {number} type @param {Uint8Array} payload */
  receive(type, payload) {
    this.onmessage({ data: Uint8Array.of(type, ...payload).buffer });
  }

  /** Frames of a type that went out. @param {number} type */
  of(type) {
    return this.sent.filter(([first]) => first === type);
  }
}

function scene(rtc = new Rtc()) {
  const time = new VirtualTime();
  const environment = { elapsed: () => time.elapsed(), after: time.after.bind(time) };
  /** @type {[string, any?][]} */
  const told = [];
  /** @type {(() => void)[]} */
  const acknowledge = [];
  const channel = new Channel(/** @type {any} */ (rtc), /** @type {any} */ (environment), {
    onOpen: () => told.push(['open']),
    onClosed: () => told.push(['closed']),
    onEnvelope(envelope, taken) {
      told.push(['envelope', envelope]);
      acknowledge.push(taken);
    },
    onAcknowledged: (item) => told.push(['acknowledged', item.number]),
    onLost: (item) => told.push(['lost', item.number]),
    onTrusted: () => told.push(['trusted']),
    onDrained: () => told.push(['drained']),
  });
  return { time, rtc, channel, told, acknowledge };
}

let numbers = 0;

/** @param {number} [size] */
function anItem(size = 300) {
  const number = ++numbers;
  const envelope = new Uint8Array(size).fill(number % 256);
  return /** @type {any} */ ({ number, envelope, envelopeId: envelopeId(envelope) });
}

test('one that is handed over before it is open says when it opens', () => {
  const rtc = new Rtc();
  rtc.readyState = 'connecting';
  const { channel, told } = scene(rtc);
  assert.equal(channel.isOpen, false);
  assert.equal(channel.send(anItem()), false);
  rtc.readyState = 'open';
  rtc.onopen();
  assert.equal(channel.isOpen, true);
  assert.deepEqual(told, [['open']]);
});

test('an envelope goes in one frame, and its acknowledgement counts once', () => {
  const { rtc, channel, told } = scene();
  const item = anItem();
  assert.equal(channel.send(item), true);
  assert.deepEqual(rtc.sent, [Uint8Array.of(ENVELOPE, ...item.envelope)]);
  rtc.receive(ACK, item.envelopeId);
  rtc.receive(ACK, item.envelopeId);
  rtc.receive(ACK, anItem().envelopeId);
  assert.deepEqual(told.slice(1), [['acknowledged', item.number]]);
});

test('what comes is acknowledged by its id, when it is on disk', () => {
  const { rtc, told, acknowledge } = scene();
  const { envelope, envelopeId: id } = anItem();
  rtc.receive(ENVELOPE, envelope);
  assert.deepEqual(told.at(-1), ['envelope', envelope]);
  assert.deepEqual(rtc.sent, []);
  acknowledge[0]?.();
  assert.deepEqual(rtc.sent, [Uint8Array.of(ACK, ...id)]);
});

test('a suspect one takes nothing, asks, and is trusted at whatever it answers', () => {
  const { rtc, channel, told } = scene();
  channel.suspect();
  channel.suspect();
  assert.equal(channel.isOpen, false);
  assert.equal(channel.isEstablished, true);
  assert.equal(channel.send(anItem()), false);
  assert.equal(rtc.of(PING).length, 1);
  rtc.receive(PONG, /** @type {Uint8Array} */ (rtc.of(PING)[0]).slice(1));
  assert.deepEqual(told.slice(1), [['trusted']]);
  assert.equal(channel.send(anItem()), true);
});

test('a ping is answered with its bytes, and sent every 15 seconds', async () => {
  const { time, rtc } = scene();
  rtc.receive(PING, new Uint8Array(8).fill(7));
  rtc.receive(PING, new Uint8Array(9));
  assert.deepEqual(rtc.sent, [Uint8Array.of(PONG, ...new Uint8Array(8).fill(7))]);
  await time.run(45_000);
  assert.equal(rtc.of(PING).length, 3);
});

test('what it takes to acknowledge is measured, and what has left is what its buffer does not hold', async () => {
  const { time, rtc, channel } = scene();
  const item = anItem();
  assert.equal(channel.limitMs, 1500);
  assert.deepEqual(channel.queue, { put: 0, left: 0 });
  channel.send(item);
  const { put } = channel.queue;
  assert.equal(put, item.envelope.length + 1);
  rtc.bufferedAmount = 100;
  assert.deepEqual(channel.queue, { put, left: put - 100 });
  await time.run(40);
  rtc.receive(ACK, item.envelopeId);
  assert.equal(channel.limitMs, 1000);
});

test('of an envelope that goes a second time it is not known which one is acknowledged, whatever was measured', async () => {
  const { time, rtc, channel } = scene();
  const [measured, again] = [anItem(), anItem()];
  channel.send(measured);
  channel.send(again);
  rtc.receive(ACK, measured.envelopeId);
  assert.equal(channel.limitMs, 1000);
  await time.run(5000);
  channel.send(again);
  await time.run(1900);
  rtc.receive(ACK, again.envelopeId); // of the first time
  assert.equal(channel.limitMs, 1000);
});

test('frames of no form, no bytes and no known type say nothing', () => {
  const { rtc, told } = scene();
  rtc.onmessage({ data: 'text' });
  rtc.onmessage({ data: new ArrayBuffer(0) });
  rtc.onmessage({ data: new ArrayBuffer(70_000) });
  rtc.receive(9, new Uint8Array(3));
  assert.deepEqual(told, [['open']]);
  assert.deepEqual(rtc.sent, []);
});

test('with more than 1 MiB in its buffer it is full, and takes again once no more than 256 KiB are left', () => {
  const { rtc, channel, told } = scene();
  assert.equal(rtc.bufferedAmountLowThreshold, 262_144);
  rtc.bufferedAmount = 1_048_576;
  assert.equal(channel.send(anItem()), true);
  assert.equal(channel.isFull, false);
  rtc.bufferedAmount = 1_048_577;
  assert.equal(channel.send(anItem()), true, 'it is in the buffer');
  assert.equal(channel.isFull, true);
  assert.equal(channel.isOpen, true, 'what is under way goes on');
  rtc.bufferedAmount = 300_000;
  assert.equal(channel.send(anItem()), false);
  rtc.bufferedAmount = 262_144;
  rtc.onbufferedamountlow();
  rtc.onbufferedamountlow();
  assert.deepEqual(told.slice(1), [['drained']], 'told once');
  assert.equal(channel.send(anItem()), true);
});

test('an envelope that could not be written is not kept: it is nobody’s to be lost', () => {
  const { rtc, channel, told } = scene();
  const item = anItem();
  rtc.isBroken = true;
  assert.equal(channel.send(item), false);
  rtc.isBroken = false;
  rtc.receive(ACK, item.envelopeId);
  channel.close();
  assert.deepEqual(told.slice(1), [['closed']]);
});

test('an envelope that nobody acknowledges is released, for the outbox has it', async () => {
  const { time, rtc, channel, told } = scene();
  const [old, young] = [anItem(), anItem()];
  channel.send(old);
  await time.run(40_000);
  channel.send(young);
  rtc.receive(ACK, old.envelopeId);
  channel.close();
  assert.deepEqual(told.slice(1), [['closed'], ['lost', young.number]]);
});

test('what was under way when it closes is lost to the next path, once', () => {
  const { rtc, channel, told } = scene();
  const items = [anItem(), anItem()];
  for (const item of items) channel.send(item);
  rtc.onclose();
  rtc.onerror();
  channel.close();
  assert.deepEqual(told.slice(1), [['closed'], ...items.map(({ number }) => ['lost', number])]);
  assert.equal(channel.send(anItem()), false);
});
