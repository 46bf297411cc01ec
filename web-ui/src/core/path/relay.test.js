import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { equal, toBase64url } from '../crypto/bytes.js';
import { ready } from '../crypto/sodium.js';
import { VirtualTime } from '../model/virtual-time.js';
import { Relay } from './relay.js';
import { decodeRelayFrame, encodeRelayFrame, FRAME } from './relay-frame.js';

before(ready);

const id = (/** @type {number} */ number) => new Uint8Array(16).fill(number);
const [OWN, BOB, CAROL, STRANGER] = [id(1), id(2), id(3), id(9)];

/** @param {Uint8Array} accountId @param {object} [about] */
const contact = (accountId, about = {}) => ({
  accountId,
  state: 'accepted',
  theyAccepted: true,
  changedMs: 1,
  deliveryKey: new Uint8Array(32).fill(accountId[0] ?? 0),
  ...about,
});

/** A relay that is connected, with a server that the test plays. */
async function scene() {
  const time = new VirtualTime();
  const clock = { aheadMs: 0 };
  /** @type {any[]} */
  const sent = [];
  const socket = {
    readyState: 1,
    /** @type {any} */ onmessage: null,
    /** @type {any} */ onclose: null,
    send: (/** @type {unknown} */ data) => sent.push(data),
    close() {},
  };
  /** @type {any[]} */
  const known = [contact(BOB), contact(CAROL)];
  /** @type {((now: any, before: any) => void)[]} */
  const listeners = [];
  const contacts = {
    onChange: (/** @type {any} */ listener) => listeners.push(listener),
    all: () => known,
    get: (/** @type {Uint8Array} */ account) => known.find(({ accountId }) => equal(accountId, account)),
  };
  const settings = {
    mailboxOnly: false,
    followers: /** @type {(() => void)[]} */ ([]),
    onChange: (/** @type {() => void} */ follower) => void settings.followers.push(follower),
    set(/** @type {boolean} */ mailboxOnly) {
      settings.mailboxOnly = mailboxOnly;
      for (const follower of settings.followers) follower();
    },
  };
  /** @type {any[]} */
  const told = [];
  /** @type {import('./socket.js').SocketState[]} */
  const states = [];
  const note =
    (/** @type {string} */ what) =>
    (/** @type {any[]} */ ...about) =>
      told.push([what, ...about]);
  const relay = new Relay(
    /** @type {any} */ ({
      account: { accountId: OWN, deviceId: 7, token: async () => 'token', refreshTokens: async () => {} },
      contacts,
      settings,
      lists: { isOwn: (/** @type {Uint8Array} */ account) => equal(account, OWN) },
      environment: {
        now: () => time.now() + clock.aheadMs,
        elapsed: () => time.elapsed(),
        after: time.after.bind(time),
        chance: () => 0.5,
        openSocket: () => socket,
      },
    }),
    {
      async onOpening() {},
      onConnected() {},
      onDisconnected() {},
      onMail() {},
      onState: (state) => states.push(state),
      onPresence: (account, device, here) => told.push(['presence', account[0], device, here]),
      onChanged: (account, device) => told.push(['changed', account[0], device]),
      onEnvelope(_envelope, _from, taken) {
        taken();
      },
      onTaken: note('taken'),
      onRefused: note('refused'),
    },
  );
  relay.begin();
  await time.run(0);
  const say = (/** @type {object} */ message) => socket.onmessage({ data: JSON.stringify(message) });
  say({ t: 'hello', device: 7 });
  return {
    ...{ time, relay, told, states, sent, say, settings, clock },
    /** @param {Uint8Array} account @param {unknown[]} devices */
    presence: (account, devices) => say({ t: 'presence', account: toBase64url(account), devices }),
    /** @param {number} type @param {Uint8Array} account @param {number} device @param {number} [ref] */
    frame: (type, account, device, ref = 0, payload = new Uint8Array()) =>
      socket.onmessage({ data: encodeRelayFrame({ type, account, device, ref, payload }).slice().buffer }),
    /** Who is watched, each time that it was said. */
    watched: () =>
      sent
        .filter((data) => typeof data === 'string')
        .map((data) => JSON.parse(data))
        .filter(({ t }) => t === 'watch')
        .map(({ list }) => list.map((/** @type {any} */ { account }) => account)),
    /** @param {Uint8Array} accountId @param {object} about */
    change(accountId, about) {
      const at = known.findIndex((one) => equal(one.accountId, accountId));
      const before = known[at];
      known[at] = { ...before, ...about };
      for (const listener of listeners) listener(known[at], before);
    },
    close: () => socket.onclose({ code: 1006, reason: '' }),
  };
}

/** @param {Uint8Array} account @param {number} device */
const item = (account, device) => /** @type {any} */ ({ account, device, envelope: new Uint8Array(300) });

/** The ref of the last frame that went out. @param {any[]} sent */
const lastRef = (sent) => decodeRelayFrame(sent.filter((data) => typeof data !== 'string').at(-1)).ref;

test('presence is kept of the own account and of those that are watched, and of nobody else', async () => {
  const { relay, told, presence, say } = await scene();
  presence(OWN, [8]);
  presence(BOB, [1, 2]);
  presence(STRANGER, [3]);
  say({ t: 'presence', account: toBase64url(new Uint8Array(15).fill(2)), devices: [4] });
  say({ t: 'presence', account: toBase64url(new Uint8Array(17).fill(2)), devices: [4] });
  assert.deepEqual(told, [
    ['presence', 1, 8, true],
    ['presence', 2, 1, true],
    ['presence', 2, 2, true],
  ]);
  assert.deepEqual(relay.devicesHere(STRANGER), []);
});

test('of an account no more devices are kept than it can have, and no id that is none', async () => {
  const { relay, presence, frame } = await scene();
  presence(BOB, [0, -1, 1.5, '2', null, 2 ** 32, 5]);
  assert.deepEqual(relay.devicesHere(BOB), [5]);
  presence(
    BOB,
    Array.from({ length: 10_000 }, (_, i) => i + 1),
  );
  assert.equal(relay.devicesHere(BOB).length, 32);
  for (let device = 20_000; device < 20_100; device++) frame(FRAME.RELAY, BOB, device);
  assert.equal(relay.devicesHere(BOB).length, 32);
});

test('who is not watched any more is not here any more', async () => {
  const { time, relay, told, presence, change } = await scene();
  presence(BOB, [1]);
  presence(CAROL, [2]);
  told.length = 0;
  change(BOB, { state: 'blocked' });
  await time.run(7000);
  assert.deepEqual(told, [['presence', 2, 1, false]]);
  assert.equal(relay.isHere(BOB, 1), false);
  presence(BOB, [1]);
  assert.equal(relay.isHere(BOB, 1), false, 'whatever the server goes on to say');
  assert.equal(relay.isHere(CAROL, 2), true);
});

test('a watch that the server found too much is repeated', async () => {
  const { time, say, watched } = await scene();
  const list = [toBase64url(BOB), toBase64url(CAROL)];
  assert.deepEqual(watched(), [list]);
  say({ t: 'error', type: 'urn:mp2p:problem:rate-limited' });
  await time.run(19_999);
  assert.equal(watched().length, 1);
  await time.run(1);
  assert.deepEqual(watched(), [list, list]);
  await time.run(120_000);
  assert.equal(watched().length, 2, 'once');
});

test('a watch that was dropped has ended nothing: who is watched again is where the server last said', async () => {
  const { time, relay, presence, say, settings } = await scene();
  presence(BOB, [1]);
  presence(CAROL, [2]);
  settings.set(true);
  await time.run(7000);
  say({ t: 'error', type: 'urn:mp2p:problem:rate-limited' });
  presence(CAROL, [2, 3]);
  assert.deepEqual([relay.devicesHere(BOB), relay.devicesHere(CAROL)], [[], []]);
  settings.set(false);
  await time.run(21_000);
  assert.deepEqual([relay.devicesHere(BOB), relay.devicesHere(CAROL)], [[1], [2, 3]]);
});

test('a watch that was taken is told anew: what was known of before counts no more', async () => {
  const { time, relay, presence, settings } = await scene();
  presence(BOB, [1]);
  settings.set(true);
  await time.run(7000);
  settings.set(false);
  await time.run(7000);
  assert.deepEqual(relay.devicesHere(BOB), []);
});

test('who is watched and writes is here, though nothing was said of it', async () => {
  const { relay, frame, told } = await scene();
  frame(FRAME.RELAY, BOB, 1);
  frame(FRAME.RELAY, STRANGER, 1);
  assert.deepEqual([relay.devicesHere(BOB), relay.devicesHere(STRANGER)], [[1], []]);
  assert.deepEqual(told, [['presence', 2, 1, true]]);
});

test('an error with a ref is of that envelope alone', async () => {
  const { time, relay, told, sent, say, presence, watched } = await scene();
  presence(BOB, [1]);
  const one = item(BOB, 1);
  assert.equal(relay.send(one), true);
  say({ t: 'error', type: 'urn:mp2p:problem:rate-limited', ref: lastRef(sent) });
  await time.run(60_000);
  assert.deepEqual(told.at(-1), ['refused', one]);
  assert.equal(watched().length, 1);
});

test('where nothing comes while an envelope waits, and not even the server answers, no device is tried', async () => {
  const { time, relay, told, presence, say } = await scene();
  presence(BOB, [1]);
  presence(CAROL, [2]);
  relay.send(item(BOB, 1));
  await time.run(2000);
  told.length = 0;
  relay.suspect(BOB, 1, 2000);
  assert.deepEqual(told.splice(0), [['changed', 2, 1]]);
  assert.equal(relay.isOpen(CAROL, 2), true, 'who may be there all the same');
  await time.run(2000);
  assert.deepEqual(
    [relay.isOpen(BOB, 1), relay.isOpen(CAROL, 2), relay.reaches(BOB, 1)],
    [false, false, true],
  );
  assert.deepEqual(told, [
    ['changed', 2, 1],
    ['changed', 3, 2],
  ]);
  say({ t: 'mail' });
  assert.equal(relay.isOpen(CAROL, 2), true, 'the socket stands');
  assert.equal(relay.isOpen(BOB, 1), false, 'which says nothing of Bob’s');
});

test('a device that takes envelopes quickly is given less time, until it or the connection is another', async () => {
  const { time, relay, sent, presence, frame } = await scene();
  presence(BOB, [1]);
  assert.equal(relay.limitMs(BOB, 1), 1500);
  relay.send(item(BOB, 1));
  await time.run(50);
  frame(FRAME.TAKEN, BOB, 1, lastRef(sent));
  assert.deepEqual([relay.limitMs(BOB, 1), relay.limitMs(BOB, 2)], [1000, 1500]);
  presence(BOB, []);
  presence(BOB, [1]);
  assert.equal(relay.limitMs(BOB, 1), 1500);
});

for (const [what, isAnswered, failures] of /** @type {const} */ ([
  ['that took an envelope', (/** @type {any} */ of) => of.relay.send(item(BOB, 1)), [1, 1, 1]],
  [
    'that took a call alone, which is sent anew each time,',
    (/** @type {any} */ of) => of.relay.sendEphemeral(BOB, 1, new Uint8Array(300)),
    [1, 2, 3],
  ],
]))
  test(`a connection ${what} and closed at once is followed by the next after a pause of its own`, async () => {
    const played = await scene();
    const { time, states, sent, say, presence, frame, close } = played;
    for (const _ of failures) {
      presence(BOB, [1]);
      assert.ok(isAnswered(played));
      frame(FRAME.TAKEN, BOB, 1, lastRef(sent));
      close();
      await time.until(() => states.at(-1)?.state === 'connecting', 'the next try');
      say({ t: 'hello', device: 7 });
    }
    assert.deepEqual(
      states.flatMap((now) => (now.state === 'waiting' ? [now.failures] : [])),
      failures,
    );
  });

test('a socket is doubted as soon as nothing came for as long as the envelope waited', async () => {
  const { time, relay, sent, presence } = await scene();
  presence(BOB, [1]);
  relay.send(item(BOB, 1));
  await time.run(1000);
  const before = sent.length;
  relay.suspect(BOB, 1, 1000);
  assert.equal(sent.length, before + 1, 'the server is asked');
});

test('a contact that is silent is no reason to doubt the others where the server answers', async () => {
  const { time, relay, told, sent, presence, frame } = await scene();
  presence(BOB, [1]);
  presence(CAROL, [2]);
  relay.send(item(BOB, 1));
  await time.run(2000);
  relay.suspect(BOB, 1, 2000);
  relay.suspect(BOB, 1, 2000);
  const probes = sent
    .filter((data) => typeof data !== 'string')
    .map((data) => decodeRelayFrame(data))
    .filter(({ account }) => equal(account, OWN));
  assert.equal(probes.length, 1);
  const [{ device, ref } = { device: 0, ref: 0 }] = probes;
  assert.ok(device > 0 && device !== 7);
  told.length = 0;
  frame(FRAME.NOT_HERE, OWN, device, ref);
  await time.run(60_000);
  assert.deepEqual([relay.isOpen(BOB, 1), relay.isOpen(CAROL, 2)], [false, true]);
  assert.deepEqual(told, [], 'nothing was refused');
});

test('where other frames came meanwhile, the silent device alone is suspect', async () => {
  const { time, relay, presence, say } = await scene();
  presence(BOB, [1]);
  presence(CAROL, [2]);
  relay.send(item(BOB, 1));
  await time.run(1000);
  say({ t: 'mail' });
  await time.run(1000);
  relay.suspect(BOB, 1, 2000);
  assert.deepEqual([relay.isOpen(BOB, 1), relay.isOpen(CAROL, 2)], [false, true]);
});

test('a suspect device is trusted when it takes an envelope, sends one, or connects anew', async () => {
  const { time, relay, told, sent, presence, frame } = await scene();
  const ways = [
    () => frame(FRAME.TAKEN, BOB, 1, lastRef(sent)),
    () => frame(FRAME.RELAY, BOB, 1),
    () => [presence(BOB, []), presence(BOB, [1])],
  ];
  presence(BOB, [1]);
  for (const way of ways) {
    relay.send(item(BOB, 1));
    await time.run(2000);
    relay.suspect(BOB, 1, 2000);
    frame(FRAME.RELAY, CAROL, 2);
    assert.equal(relay.isOpen(BOB, 1), false);
    told.length = 0;
    way();
    assert.equal(relay.isOpen(BOB, 1), true);
    assert.ok(told.some(([what, account]) => ['changed', 'presence'].includes(what) && account === 2));
  }
});

test('a late answer counts for half a minute, then the envelope is released', async () => {
  const { time, relay, told, sent, presence, frame, close } = await scene();
  presence(BOB, [1]);
  const [late, never] = [item(BOB, 1), item(BOB, 1)];
  relay.send(late);
  await time.run(29_000);
  frame(FRAME.TAKEN, BOB, 1, lastRef(sent));
  assert.deepEqual(told.at(-1), ['taken', late]);
  relay.send(never);
  await time.run(60_000);
  told.length = 0;
  close();
  assert.deepEqual(told, [['presence', 2, 1, false]], 'nothing is left to be refused');
});

test('with "mailbox only" nobody is watched, relayed to or answered, from the moment it is set', async () => {
  const { time, relay, sent, presence, frame, settings, watched } = await scene();
  presence(OWN, [8]);
  presence(BOB, [1]);
  settings.set(true);
  assert.deepEqual(
    [relay.isOpen(BOB, 1), relay.isOpen(OWN, 8), relay.reaches(BOB, 1)],
    [false, false, false],
  );
  assert.equal(relay.sendEphemeral(BOB, 1, new Uint8Array(300)), false);
  const before = sent.length;
  frame(FRAME.RELAY, BOB, 1);
  await time.run(0);
  assert.equal(sent.length, before, 'no TAKEN');
  await time.run(7000);
  assert.deepEqual(watched().at(-1), []);
  assert.deepEqual(relay.devicesHere(BOB), []);
  settings.set(false);
  await time.run(7000);
  assert.equal(watched().at(-1)?.length, 2);
});

test('a watch waits its time though the clock is set back', async () => {
  const { time, clock, change, watched } = await scene();
  change(BOB, { state: 'blocked' });
  await time.run(100);
  clock.aheadMs = -86_400_000;
  change(CAROL, { state: 'blocked' });
  await time.run(6000);
  assert.equal(watched().length, 2, 'not before');
  await time.run(500);
  assert.equal(watched().length, 3);
});
