import { equal, utf8 } from '../../src/core/crypto/bytes.js';
import { KIND } from '../../src/core/crypto/envelope.js';
import { ProtocolError } from '../../src/core/crypto/errors.js';
import { randomBytes } from '../../src/core/crypto/random.js';
import { Channel } from '../../src/core/path/channel.js';
import { Relay } from '../../src/core/path/relay.js';
import { encodeRefs, encodeRelayFrame } from '../../src/core/path/relay-frame.js';
import { receive } from '../../src/core/session/session-table.js';
import { ID } from '../contents.js';
import { decoders } from '../decoders.js';
import { acquainted, strangers } from '../endpoint.js';
import { T0 } from '../people.js';
import { restAnswers } from './rest-answers.js';

/** @typedef {import('./fuzz.js').Target} Target */

/** Decoders that compute keys or signatures. */
const DEAR = /envelope|vault|list|file|database key/;
const never = () => false;

/**
 * Whatever takes bytes from another device, the server or the disk.
 *
 * @returns {Record<string, Target>}
 */
export function targets() {
  const structured = Object.entries(decoders()).map(
    ([name, { bytes, decode, codes = ['E_FORMAT'], json }]) => {
      const refuses = (/** @type {unknown} */ error) =>
        error instanceof ProtocolError && codes.includes(error.code);
      return [name, { samples: [bytes], decode, refuses, json, dear: DEAR.test(name) }];
    },
  );
  return {
    ...Object.fromEntries(structured),
    'message of a session': sessionMessage(),
    'PREKEY of a stranger': prekeyOfStranger(),
    'text frame of the socket': socketText(),
    'binary frame of the socket': socketBinary(),
    'frame of a data channel': channelFrame(),
    ...restAnswers(),
  };
}

/** @returns {Target} */
function sessionMessage() {
  const { a, b } = acquainted();
  const samples = [a.send('one'), a.send('two')].map(({ body }) => body);
  return {
    samples,
    decode: (body) => receive(b.peer, { sender: a.address, kind: KIND.RATCHET, body }, b.context, T0),
    refuses: never,
    dear: true,
  };
}

/** @returns {Target} */
function prekeyOfStranger() {
  const { a, b } = strangers();
  a.initiate(b);
  const samples = [a.send('one'), a.send('two')].map(({ body }) => body);
  return {
    samples,
    decode: (body) => receive(b.peer, { sender: a.address, kind: KIND.PREKEY, body }, b.context, T0),
    refuses: never,
    dear: true,
  };
}

/** @returns {Target} */
function socketText() {
  const texts = [
    { t: 'hello', device: 7, now_ms: 1, ping_s: 25 },
    { t: 'reauth' },
    { t: 'mail' },
    { t: 'presence', account: ID, devices: [7, 8] },
    { t: 'error', ref: 1 },
  ];
  return {
    samples: texts.map((text) => utf8(JSON.stringify(text))),
    // as a WebSocket gives it: another text than UTF-8 ends the connection
    decode: (bytes) => relayed(new TextDecoder().decode(bytes)),
    refuses: never,
    json: 0,
  };
}

/** @returns {Target} */
function socketBinary() {
  const frame = { account: randomBytes(16), device: 7, ref: 1 };
  return {
    samples: [
      encodeRelayFrame({ ...frame, type: 1, payload: randomBytes(60) }),
      encodeRelayFrame({ ...frame, type: 2, payload: encodeRefs([2, 3]) }),
      encodeRelayFrame({ ...frame, type: 3, payload: new Uint8Array() }),
    ],
    decode: (bytes) => relayed(bytes.slice().buffer),
    refuses: never,
  };
}

/**
 * What a relay that has just connected makes of a frame.
 *
 * @param {string | ArrayBuffer} data
 */
async function relayed(data) {
  /** @type {unknown[]} */
  const events = [];
  const note = (/** @type {unknown[]} */ ...event) => void events.push(event);
  const socket = silentSocket();
  const relay = new Relay(
    /** @type {any} */ ({
      account: { token: async () => 'token', refreshTokens: async () => {} },
      contacts: { onChange() {}, all: () => [], get: () => ({ state: 'accepted', theyAccepted: true }) },
      lists: { isOwn: (/** @type {Uint8Array} */ account) => equal(account, new Uint8Array(16)) },
      settings: { relayOnly: false, mailboxOnly: false, onChange() {} },
      environment: { ...stillTime, openSocket: () => socket },
    }),
    {
      onOpening: async () => {},
      onConnected: note,
      onDisconnected: note,
      onMail: note,
      onPresence: note,
      onEnvelope(envelope, from, taken) {
        note(envelope, from);
        taken();
      },
      onChanged: note,
      onTaken: note,
      onRefused: note,
      onState: note,
    },
  );
  relay.begin();
  await null; // for what it asks, and its token
  await null;
  await null;
  socket.onmessage?.({ data: JSON.stringify({ t: 'hello', device: 7 }) });
  socket.onmessage?.({ data });
  relay.stop();
  return events;
}

/** @returns {Target} */
function channelFrame() {
  return {
    samples: [
      Uint8Array.of(1, ...randomBytes(60)),
      Uint8Array.of(3, ...randomBytes(16)),
      Uint8Array.of(4, ...randomBytes(8)),
      Uint8Array.of(5, ...randomBytes(8)),
    ],
    decode(bytes) {
      /** @type {unknown[]} */
      const events = [];
      const note = (/** @type {unknown[]} */ ...event) => void events.push(event);
      const rtc = silentSocket();
      const channel = new Channel(/** @type {any} */ (rtc), /** @type {any} */ (stillTime), {
        onOpen: note,
        onClosed: note,
        onEnvelope(envelope, acknowledge) {
          note(envelope);
          acknowledge();
        },
        onAcknowledged: note,
        onLost: note,
        onTrusted: note,
        onDrained: note,
      });
      channel.suspect();
      rtc.onmessage?.({ data: bytes.slice().buffer });
      channel.close();
      return [events, rtc.sent];
    },
    refuses: never,
  };
}

const stillTime = { now: () => T0, elapsed: () => 0, after: () => () => {}, chance: () => 0.5 };

/** A socket or a data channel whose other side only listens. */
function silentSocket() {
  return {
    readyState: /** @type {any} */ ('open'),
    /** @type {((event: { data: unknown }) => void) | null} */
    onmessage: null,
    /** @type {unknown[]} */
    sent: [],
    /** @param {unknown} data */
    send(data) {
      this.sent.push(data);
    },
    close() {},
  };
}
