import { CTYPE, decodeContent, encodeContent } from '../../src/core/crypto/content.js';
import { openEnvelope, sealEnvelope } from '../../src/core/crypto/envelope.js';
import { randomBytes } from '../../src/core/crypto/random.js';
import { sodium } from '../../src/core/crypto/sodium.js';
import { encryptFor, initiateWith, receive } from '../../src/core/session/session-table.js';
import { acquainted, strangers } from '../endpoint.js';
import { T0 } from '../people.js';
import { medians, timed } from './stopwatch.js';

/**
 * What messages and sessions cost without a database: from the content to the bytes of its envelope, and back.
 *
 * @typedef {import('./stopwatch.js').Counts} Counts
 * @typedef {import('./stopwatch.js').Cost} Cost
 * @typedef {import('../endpoint.js').Endpoint} Endpoint
 */

const TEXTS = { 'short text': 'See you at eight?', 'text of 1 KiB': 'x'.repeat(1024) };
const NONCE = 24;

/**
 * @param {Counts} counts
 * @returns {Promise<Cost[]>}
 */
export async function cryptoCosts(counts) {
  return [...(await messageCosts(counts)), ...(await sessionCosts(counts)), ...(await randomCosts(counts))];
}

/**
 * @param {Counts} counts
 * @returns {Promise<Cost[]>}
 */
async function messageCosts({ runs, messages }) {
  const costs = [];
  for (const [name, text] of Object.entries(TEXTS)) {
    const { a, b } = acquainted();
    const run = () => {
      /** @type {Uint8Array[]} */
      const envelopes = [];
      const writing = timed(() => {
        for (let left = messages; left > 0; left--) envelopes.push(seal(a, b, text));
      });
      const reading = timed(() => {
        for (const envelope of envelopes) open(b, envelope);
      });
      return { [`encrypt and envelope, ${name}`]: writing, [`open and decrypt, ${name}`]: reading };
    };
    costs.push(...(await medians({ unit: 'µs', runs, each: messages }, run)));
  }
  return costs;
}

/**
 * @param {Counts} counts
 * @returns {Promise<Cost[]>}
 */
function sessionCosts({ runs, sessions }) {
  return medians({ unit: 'µs', runs, each: sessions }, () => {
    const pairs = Array.from({ length: sessions }, () => {
      const { a, b } = strangers();
      return { a, b, remote: b.bundle(), envelope: new Uint8Array() };
    });
    const asking = timed(() => {
      for (const pair of pairs) {
        const { a, b, remote } = pair;
        const { identity: self, dhkSecret } = a.device;
        a.peer = initiateWith(a.peer, { self, dhkSecret, remote }, T0);
        pair.envelope = seal(a, b, 'hello');
      }
    });
    const answering = timed(() => {
      for (const { b, envelope } of pairs) open(b, envelope);
    });
    return { 'initiate a session, first envelope': asking, 'respond to it': answering };
  });
}

/**
 * @param {Counts} counts
 * @returns {Promise<Cost[]>}
 */
function randomCosts({ runs, draws }) {
  const drawn = (/** @type {(length: number) => Uint8Array} */ source) =>
    timed(() => {
      for (let left = draws; left > 0; left--) source(NONCE);
    });
  return medians({ unit: 'µs', runs, each: draws }, () => ({
    '24 random bytes, crypto.getRandomValues': drawn(randomBytes),
    '24 random bytes, sodium.randombytes_buf': drawn((length) => sodium.randombytes_buf(length)),
  }));
}

/**
 * @param {Endpoint} from
 * @param {Endpoint} to
 * @param {string} text
 */
function seal(from, to, text) {
  const content = encodeContent({
    ctype: CTYPE.TEXT,
    msgId: randomBytes(16),
    convId: randomBytes(16),
    sentMs: T0,
    seq: 1,
    senderListVersion: 1,
    body: { text },
  });
  const { peer, kind, body } = encryptFor(from.peer, { content, ownList: from.list.bytes }, T0);
  from.peer = peer;
  return sealEnvelope({ recipient: to.device.identity, sender: from.address, kind, body });
}

/**
 * @param {Endpoint} to
 * @param {Uint8Array} envelope
 */
function open(to, envelope) {
  const { senderAccountId, senderDeviceId, kind, body } = openEnvelope(
    { ...to.device.identity, dhkSecret: to.device.dhkSecret },
    envelope,
  );
  const sender = { accountId: senderAccountId, deviceId: senderDeviceId };
  const result = receive(to.peer, { sender, kind, body }, to.context, T0);
  if (!result.ok) throw new Error(`refused: ${result.code}`);
  to.peer = result.peer;
  return decodeContent(/** @type {Uint8Array} */ (result.content));
}
