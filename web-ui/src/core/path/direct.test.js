import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { equal } from '../crypto/bytes.js';
import { ready } from '../crypto/sodium.js';
import { VirtualTime } from '../model/virtual-time.js';
import { Direct } from './direct.js';

before(ready);

const [SMALL, LARGE] = [new Uint8Array(16).fill(1), new Uint8Array(16).fill(2)];
const DEVICE = 7;

/** An open channel of the browser. */
const rtc = () => ({
  readyState: 'open',
  bufferedAmount: 0,
  sent: /** @type {Uint8Array[]} */ ([]),
  ...rtcEnds,
});
const rtcEnds = {
  /** @type {any} */ onmessage: null,
  /** @type {any} */ onclose: null,
  /** @this {any} @param {Uint8Array} frame */
  send(frame) {
    this.sent.push(frame);
  },
  close() {},
};

/** @param {Uint8Array} account of this side; the other one is Bob's */
function scene(account) {
  const bob = equal(account, SMALL) ? LARGE : SMALL;
  const time = new VirtualTime();
  /** @type {any[]} */
  const window = [];
  /** @type {any[]} */
  const signals = [];
  const here = { bob: true, session: /** @type {boolean | null} */ (true), ice: Promise.resolve() };
  const ice = { urls: 'turn:one' };
  const settings = {
    relayOnly: false,
    mailboxOnly: false,
    relayOnlyWithBob: false,
    relayOnlyWith: (/** @type {Uint8Array} */ account) =>
      settings.relayOnly || (settings.relayOnlyWithBob && equal(account, bob)),
    followers: /** @type {((bindsAnew: (account: Uint8Array) => boolean) => void)[]} */ ([]),
    onChange: (/** @type {(bindsAnew: (account: Uint8Array) => boolean) => void} */ follower) =>
      void settings.followers.push(follower),
    /** @param {{ relayOnly?: boolean, mailboxOnly?: boolean, relayOnlyWithBob?: boolean }} change */
    set(change) {
      const before = [settings.mailboxOnly, settings.relayOnlyWith(bob)].join();
      Object.assign(settings, change);
      const bindsAnew = before !== [settings.mailboxOnly, settings.relayOnlyWith(bob)].join();
      for (const follower of settings.followers) follower((account) => bindsAnew && equal(account, bob));
    },
  };
  const contact = { accountId: bob, state: 'accepted', theyAccepted: true, list: new Uint8Array(1) };
  /** @type {((now: any, before: any) => void)[]} */
  const listeners = [];
  const direct = new Direct(
    /** @type {any} */ ({
      account: { accountId: account, deviceId: DEVICE },
      contacts: {
        onChange: (/** @type {any} */ listener) => void listeners.push(listener),
        all: () => [{ accountId: bob }],
        get: () => contact,
      },
      relay: { isHere: () => here.bob, devicesHere: () => (here.bob ? [DEVICE] : []) },
      settings,
      async ice() {
        await here.ice;
        return [ice];
      },
      canSignal: async () => here.session,
      environment: { now: () => time.now(), elapsed: () => time.elapsed(), after: time.after.bind(time) },
      notify: (/** @type {string} */ notice, /** @type {any} */ data) => window.push({ notice, ...data }),
    }),
    {
      onSignal: (_account, _device, body) => signals.push(body),
      onEnvelope() {},
      onAcknowledged() {},
      onLost() {},
      onChanged() {},
      onDrained() {},
    },
  );
  const told = (/** @type {string} */ notice) => window.filter((one) => one.notice === notice);
  return {
    ...{ time, direct, window, signals, here, bob, told, settings, ice },
    /** Another device list of Bob's counts now. */
    newList() {
      for (const listener of listeners) listener({ ...contact, list: new Uint8Array(2) }, contact);
    },
    /** @param {any} body */
    signal: (body, isNew = true) => direct.receive(bob, DEVICE, body, isNew),
    /** The offer of this side is answered and its channel opens. */
    async open() {
      direct.setAvailable(true);
      await time.run(10);
      const [{ call }] = told('rtcOpen');
      direct.receive(bob, DEVICE, { call, n: 0, kind: 'answer', sdp: 'answer' }, false);
      const channel = rtc();
      direct.attach(call, /** @type {any} */ (channel));
      await time.run(20_000);
      return { call, channel };
    },
  };
}

test('the side of the smaller device offers, the other one waits', async () => {
  for (const [account, offers] of /** @type {const} */ ([
    [SMALL, 1],
    [LARGE, 0],
  ])) {
    const { time, direct, told } = scene(account);
    direct.setAvailable(true);
    await time.run(10);
    assert.equal(told('rtcOpen').length, offers);
  }
});

test('a device with which there is no session is offered nothing before it has begun, and then at once', async () => {
  const { time, direct, told, here, bob } = scene(SMALL);
  here.session = false;
  direct.setAvailable(true);
  await time.run(60_000);
  assert.deepEqual(told('rtcOpen'), []);
  here.session = true;
  direct.sessionBegan(bob, DEVICE);
  direct.sessionBegan(bob, DEVICE);
  await time.run(0);
  assert.equal(told('rtcOpen').length, 1);
});

test('where it cannot be read whether there is a session, that is tried again later', async () => {
  const { time, direct, told, here } = scene(SMALL);
  here.session = null;
  direct.setAvailable(true);
  await time.run(10);
  here.session = true;
  await time.run(29_000);
  assert.deepEqual(told('rtcOpen'), []);
  await time.run(1000);
  assert.equal(told('rtcOpen').length, 1);
});

test('a setting that changes nothing with a contact brings no further offer to it', async () => {
  const { time, direct, told, settings } = scene(SMALL);
  direct.setAvailable(true);
  await time.run(10_100); // nobody answered
  const before = told('rtcOpen').length;
  settings.set({}); // of somebody else
  await time.run(10);
  assert.equal(told('rtcOpen').length, before);
  settings.set({ relayOnlyWithBob: true });
  settings.set({ relayOnlyWithBob: false });
  await time.run(10);
  assert.equal(told('rtcOpen').length, before + 1);
});

test('a session that begins while it is asked for one is not missed', async () => {
  const { time, direct, told, here, bob } = scene(SMALL);
  here.session = false;
  direct.setAvailable(true); // asks, and the answer is no
  here.session = true;
  direct.sessionBegan(bob, DEVICE);
  await time.run(0);
  assert.equal(told('rtcOpen').length, 1);
});

test('a session that begins before the list has its device is used when it has', async () => {
  const { time, direct, told, here, newList } = scene(SMALL);
  here.session = false;
  direct.setAvailable(true);
  await time.run(10);
  here.session = true;
  newList();
  await time.run(0);
  assert.equal(told('rtcOpen').length, 1);
});

test('a session gives no reason to offer what waits for a later try, or what the other side offers', async () => {
  const waiting = scene(SMALL);
  waiting.direct.setAvailable(true);
  await waiting.time.run(10_000); // nobody answered
  waiting.direct.sessionBegan(waiting.bob, DEVICE);
  const other = scene(LARGE);
  other.direct.setAvailable(true);
  other.direct.sessionBegan(other.bob, DEVICE);
  for (const { time } of [waiting, other]) await time.run(10);
  assert.deepEqual([waiting.told('rtcOpen').length, other.told('rtcOpen').length], [1, 0]);
});

test('an offer of the wrong side makes no connection and is not answered', async () => {
  const { time, direct, signal, told, signals, here } = scene(SMALL);
  here.bob = false; // so that this side has nothing of its own under way
  direct.setAvailable(true);
  signal({ call: 'theirs', n: 0, kind: 'offer', sdp: 'offer' });
  await time.run(60_000);
  assert.deepEqual(told('rtcOpen'), []);
  assert.deepEqual(signals, []);
});

test('an offer that crosses the own one changes nothing: the own call goes on', async () => {
  const { time, direct, signal, told } = scene(SMALL);
  direct.setAvailable(true);
  await time.run(10);
  const [{ call }] = told('rtcOpen');
  signal({ call: 'theirs', n: 0, kind: 'offer', sdp: 'offer' });
  signal({ call, n: 1, kind: 'offer', sdp: 'even under the own name' });
  signal({ call, n: 0, kind: 'answer', sdp: 'answer' });
  await time.run(10);
  assert.deepEqual(
    told('rtcOpen').map((one) => one.call),
    [call],
  );
  assert.deepEqual(
    told('rtcAnswer').map(({ sdp }) => sdp),
    ['answer'],
  );
  assert.deepEqual(told('rtcClose'), []);
});

test('an answer of the wrong side is not one', async () => {
  const { time, direct, signal, told } = scene(LARGE);
  direct.setAvailable(true);
  signal({ call: 'theirs', n: 0, kind: 'offer', sdp: 'offer' });
  signal({ call: 'theirs', n: 0, kind: 'answer', sdp: 'answer' });
  await time.run(10);
  assert.equal(told('rtcOpen').length, 1);
  assert.deepEqual(told('rtcAnswer'), []);
});

test('a new offer of the offerer ends the open call, one that was seen before does not', async () => {
  const { time, direct, signal, told } = scene(LARGE);
  direct.setAvailable(true);
  signal({ call: 'first', n: 0, kind: 'offer', sdp: 'offer' });
  signal({ call: 'replayed', n: 0, kind: 'offer', sdp: 'offer' }, false);
  await time.run(10);
  assert.deepEqual(told('rtcClose'), []);
  signal({ call: 'second', n: 0, kind: 'offer', sdp: 'offer' });
  await time.run(10);
  assert.deepEqual(
    told('rtcClose').map(({ call }) => call),
    ['first'],
  );
  assert.deepEqual(
    told('rtcOpen').map(({ call }) => call),
    ['first', 'second'],
  );
});

test('when the network changes an open call proves itself and looks for its way again', async () => {
  const { time, direct, told, open, bob } = scene(SMALL);
  const { call, channel } = await open();
  assert.equal(direct.isOpen(bob, DEVICE), true);
  direct.networkChanged();
  assert.equal(direct.isOpen(bob, DEVICE), false, 'until it answers');
  await time.run(10);
  assert.deepEqual(
    told('rtcOpen').map((one) => one.call),
    [call, call],
  );
  channel.onmessage({ data: Uint8Array.of(5, ...new Uint8Array(8)).buffer });
  assert.equal(direct.isOpen(bob, DEVICE), true);
  assert.deepEqual(told('rtcClose'), []);
});

test('a restart waits for the other device to be there, for nobody else could carry it', async () => {
  const { time, direct, told, open, here, bob } = scene(SMALL);
  await open();
  here.bob = false; // the socket fell with the network
  direct.networkChanged();
  await time.run(2000);
  assert.equal(told('rtcOpen').length, 1);
  here.bob = true;
  direct.deviceCame(bob, DEVICE);
  direct.deviceCame(bob, DEVICE);
  await time.run(10);
  assert.equal(told('rtcOpen').length, 2, 'once');
});

test('what was being set up over the old network is begun anew', async () => {
  const { time, direct, told } = scene(SMALL);
  direct.setAvailable(true);
  await time.run(10);
  direct.networkChanged();
  await time.run(10);
  const [first, second] = told('rtcOpen');
  assert.deepEqual(
    told('rtcClose').map(({ call }) => call),
    [first.call],
  );
  assert.notEqual(first.call, second.call);
});

test('a restart that nobody answers leaves a channel that works', async () => {
  const { time, direct, told, open, bob } = scene(SMALL);
  const { channel } = await open();
  direct.networkChanged();
  channel.onmessage({ data: Uint8Array.of(5, ...new Uint8Array(8)).buffer });
  await time.run(60_000);
  assert.equal(direct.isOpen(bob, DEVICE), true);
  assert.deepEqual(told('rtcClose'), []);
});

test('a restart that nobody answers ends a channel that is silent', async () => {
  const { time, direct, told, signals, open } = scene(SMALL);
  const { call } = await open();
  direct.networkChanged();
  await time.run(10_000);
  assert.deepEqual(
    told('rtcClose').map((one) => one.call),
    [call],
  );
  assert.deepEqual(signals.at(-1), { call, n: 1, kind: 'bye' });
});

test('a call through TURN looks for a direct way after 30 s, more and more seldom, until it has one', async () => {
  const { time, direct, told, open } = scene(SMALL);
  const { call } = await open();
  direct.setRoute(call, true);
  const from = time.elapsed();
  /** @type {number[]} */
  const at = [];
  while (time.elapsed() - from < 500_000) {
    await time.run(1000);
    if (told('rtcOpen').length > at.length + 1) at.push(Math.floor((time.elapsed() - from) / 1000));
  }
  assert.deepEqual(at, [30, 90, 210, 450]);
  direct.setRoute(call, false);
  const before = told('rtcOpen').length;
  await time.run(7_200_000);
  assert.equal(told('rtcOpen').length, before);
});

test('what the window says of a negotiation that a restart has overtaken goes nowhere', async () => {
  const { time, direct, signals, open } = scene(SMALL);
  const { call } = await open();
  signals.length = 0;
  direct.networkChanged();
  direct.describe(call, 0, 'offer', 'of before');
  direct.addLocal(call, 0, [{ candidate: 'of before', sdpMid: '0', sdpMLineIndex: 0 }]);
  direct.describe(call, 1, 'offer', 'of now');
  await time.run(1000);
  assert.deepEqual(signals, [{ call, n: 1, kind: 'offer', sdp: 'of now' }]);
});

test('a way that breaks is looked for once, while the restart is not answered', async () => {
  const { time, direct, told, signal, open } = scene(SMALL);
  const { call } = await open();
  for (let i = 0; i < 3; i++) direct.changeState(call, 'disconnected');
  await time.run(5000);
  direct.changeState(call, 'disconnected');
  await time.run(10);
  assert.equal(told('rtcOpen').length, 2);
  signal({ call, n: 1, kind: 'answer', sdp: 'answer' });
  direct.changeState(call, 'disconnected');
  await time.run(10);
  assert.deepEqual(
    told('rtcOpen').map(({ n }) => n),
    [0, 1, 2],
  );
});

test('a channel that stays in the window is closed there when its call has ended or has one already', async () => {
  const { direct, open } = scene(SMALL);
  const { call } = await open();
  for (const id of ['ended', call]) {
    const { port1, port2 } = new MessageChannel();
    const told = new Promise((resolve) => {
      port2.onmessage = ({ data }) => resolve(data);
    });
    direct.attach(id, port1);
    assert.deepEqual(await told, {}, 'close');
    port2.close();
  }
});

test('candidates for a restart that the window is not told of go nowhere', async () => {
  const { time, direct, signal, told, settings, ice } = scene(LARGE);
  settings.set({ relayOnly: true });
  direct.setAvailable(true);
  signal({ call: 'theirs', n: 0, kind: 'offer', sdp: 'offer' });
  await time.run(10);
  direct.attach('theirs', /** @type {any} */ (rtc()));
  ice.urls = 'stun:one';
  const cand = [{ candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 }];
  signal({ call: 'theirs', n: 1, kind: 'offer', sdp: 'offer', cand }, false);
  await time.run(10);
  signal({ call: 'theirs', n: 1, kind: 'ice', cand }, false);
  assert.deepEqual(told('rtcRemoteCandidates'), []);
  ice.urls = 'turn:one';
  signal({ call: 'theirs', n: 2, kind: 'offer', sdp: 'offer', cand }, false);
  await time.run(10);
  assert.deepEqual(
    told('rtcRemoteCandidates').map(({ candidates }) => candidates),
    [cand],
  );
});

test('the side that never offers restarts nothing', async () => {
  const { time, direct, signal, told } = scene(LARGE);
  direct.setAvailable(true);
  signal({ call: 'theirs', n: 0, kind: 'offer', sdp: 'offer' });
  await time.run(10);
  direct.attach('theirs', /** @type {any} */ (rtc()));
  direct.setRoute('theirs', true);
  direct.networkChanged();
  await time.run(7_200_000);
  assert.equal(told('rtcOpen').length, 1);
});

test('with "relay only" a restart of ICE tells the other side no address of this machine either', async () => {
  const { time, direct, signals, told, open, settings } = scene(SMALL);
  settings.set({ relayOnlyWithBob: true });
  const { call } = await open();
  direct.changeState(call, 'disconnected');
  await time.run(10);
  assert.deepEqual(
    told('rtcOpen').map(({ n, relayOnly }) => [n, relayOnly]),
    [
      [0, true],
      [1, true],
    ],
  );
  signals.length = 0;
  const host = 'candidate:1 1 udp 1 192.0.2.1 9 typ host';
  const reflexive = 'candidate:2 1 udp 1 192.0.2.2 9 typ srflx raddr 192.0.2.1 rport 9';
  const relay = 'candidate:3 1 udp 1 198.51.100.1 9 typ relay raddr 192.0.2.2 rport 9';
  const described = ['v=0', 'c=IN IP4 192.0.2.1', ...[host, reflexive, relay].map((one) => `a=${one}`)];
  direct.describe(call, 1, 'offer', described.join('\r\n'));
  const gathered = [host, reflexive, relay].map((candidate) => ({
    candidate,
    sdpMid: '0',
    sdpMLineIndex: 0,
  }));
  direct.addLocal(call, 1, gathered);
  await time.run(10_000);
  const said = JSON.stringify(signals);
  assert.ok(said.includes('198.51.100.1'), said);
  assert.ok(!said.includes('192.0.2.'), said);
});

test('"relay only" that is set while the relays are asked for opens nothing by the rule of before', async () => {
  const { time, direct, told, settings, here } = scene(SMALL);
  let answer = () => {};
  here.ice = new Promise((resolve) => {
    answer = () => resolve();
  });
  direct.setAvailable(true);
  await time.run(10);
  settings.set({ relayOnlyWithBob: true });
  answer();
  await time.run(10);
  assert.deepEqual(
    told('rtcOpen').map(({ relayOnly }) => relayOnly),
    [true],
  );
});

test('with "relay only" connections are made anew, and by TURN alone', async () => {
  const { time, told, open, settings } = scene(SMALL);
  const { call } = await open();
  settings.set({ relayOnly: true });
  await time.run(10);
  assert.deepEqual(
    told('rtcClose').map((one) => one.call),
    [call],
  );
  assert.deepEqual(
    told('rtcOpen').map(({ relayOnly }) => relayOnly),
    [false, true],
  );
  assert.notEqual(told('rtcOpen')[1].call, call);
});

test('"relay only" for one contact makes that one’s connections anew, and a change for another leaves them', async () => {
  const { time, told, open, settings } = scene(SMALL);
  const { call } = await open();
  settings.set({}); // of somebody else
  await time.run(10);
  assert.deepEqual(told('rtcClose'), []);
  settings.set({ relayOnlyWithBob: true });
  await time.run(10);
  assert.deepEqual(
    told('rtcClose').map((one) => one.call),
    [call],
  );
  assert.deepEqual(
    told('rtcOpen').map(({ relayOnly }) => relayOnly),
    [false, true],
  );
  settings.set({ relayOnly: true });
  await time.run(10);
  assert.equal(told('rtcOpen').length, 2, 'which it is already');
});

test('with "relay only" nothing that the window gathers leaves but addresses of the relay', async () => {
  const { time, direct, told, signals, settings } = scene(SMALL);
  settings.set({ relayOnly: true });
  direct.setAvailable(true);
  await time.run(10);
  const [{ call }] = told('rtcOpen');
  const own = 'candidate:1 1 udp 1 192.0.2.1 4000 typ host';
  direct.describe(call, 0, 'offer', `v=0\r\na=${own}\r\n`);
  direct.addLocal(call, 0, [{ candidate: own, sdpMid: '0', sdpMLineIndex: 0 }]);
  await time.run(5000);
  assert.deepEqual(signals, [{ call, n: 0, kind: 'offer', sdp: 'v=0\r\n' }]);
});

test('a signal counts only while its call does, but for the last one', async () => {
  const { time, direct, told, bob, settings } = scene(SMALL);
  direct.setAvailable(true);
  await time.run(10);
  const [{ call }] = told('rtcOpen');
  const isWanted = (/** @type {any} */ body) => direct.isWanted(bob, DEVICE, body);
  assert.equal(isWanted({ call, n: 0, kind: 'offer' }), true);
  assert.equal(isWanted({ call, n: 1, kind: 'ice' }), false);
  settings.set({ relayOnly: true });
  assert.equal(isWanted({ call, n: 0, kind: 'offer' }), false, 'it may name addresses');
  assert.equal(isWanted({ call, n: 0, kind: 'bye' }), true);
});

test('with "relay only" a call through TURN is where it is to be', async () => {
  const { time, direct, told, open, settings } = scene(SMALL);
  settings.set({ relayOnly: true });
  const { call } = await open();
  direct.setRoute(call, true);
  await time.run(7_200_000);
  assert.equal(told('rtcOpen').length, 1, 'nothing is restarted');
});

test('with "relay only" and no relay nothing is offered, and an offer is answered with bye', async () => {
  const offering = scene(SMALL);
  offering.ice.urls = 'stun:one';
  offering.settings.set({ relayOnly: true });
  offering.direct.setAvailable(true);
  await offering.time.run(3_600_000);
  assert.deepEqual(offering.told('rtcOpen'), []);
  assert.deepEqual(offering.signals, []);

  const answering = scene(LARGE);
  answering.ice.urls = 'stun:one';
  answering.settings.set({ relayOnly: true });
  answering.direct.setAvailable(true);
  answering.signal({ call: 'theirs', n: 0, kind: 'offer', sdp: 'offer' });
  await answering.time.run(10);
  assert.deepEqual(answering.told('rtcOpen'), []);
  assert.deepEqual(answering.signals, [{ call: 'theirs', n: 0, kind: 'bye' }]);
});

test('with "mailbox only" open calls end, none is offered and none is answered', async () => {
  for (const account of [SMALL, LARGE]) {
    const { time, direct, told, signal, signals, settings } = scene(account);
    direct.setAvailable(true);
    if (account === LARGE) signal({ call: 'theirs', n: 0, kind: 'offer', sdp: 'offer' });
    await time.run(10);
    settings.set({ mailboxOnly: true });
    assert.equal(told('rtcClose').length, 1);
    signals.length = 0;
    signal({ call: 'theirs again', n: 0, kind: 'offer', sdp: 'offer' });
    await time.run(3_600_000);
    assert.equal(told('rtcOpen').length, 1);
    assert.deepEqual(signals, []);
  }
});
