import { compare, concat, Reader, toBase64url, utf8, Writer } from './bytes.js';
import { ProtocolError } from './errors.js';
import { labelledHash } from './hash.js';
import {
  anyObject,
  boolean,
  byteString,
  fail,
  integer,
  list,
  nullable,
  object,
  oneOf,
  optional,
  parseJson,
  string,
} from './json-shape.js';
import { HASH } from './labels.js';
import { MAX_CONTENT } from './padding.js';
import { pinShape } from './pin.js';

/** Contents of MP2P/1 §6.1: the header, and the body of each ctype as JSON with byte strings in base64url. */

/**
 * @template [T=any]
 * @typedef {import('./json-shape.js').Shape<T>} Shape
 */

export const CTYPE = Object.freeze({
  TEXT: 1,
  RECEIPT: 2,
  RETRY: 3,
  SIGNAL: 4,
  ATTACHMENT: 5,
  GROUP_OP: 6,
  PROFILE: 7,
  SYNC: 8,
  EDIT: 9,
  DELETE: 10,
  REACTION: 11,
  NULL: 12,
  GOSSIP: 13,
  TIMER: 14,
  TYPING: 15,
});

/** Longest text, in UTF-16 units. */
export const MAX_TEXT = 16_000;
/** Contents with seq leave room for the SYNC copy that wraps them. */
const MAX_SEQUENCED = 32_000;
const VERSION = 1;
const U32 = 0xffffffff;
const MAX_THUMBNAIL = 12 * 1024;

const msgId = byteString(16);
const convId = byteString(16);
const accountId = byteString(16);
const deviceId = integer(1, U32);
const seconds = integer();
const text = string(1, MAX_TEXT);
const ids = list(msgId, 200);
const anyGroup = optional(object({ e: integer(1, U32), h: byteString(16) }));
const repeatedFor = optional(object({ device_id: deviceId, msg_id: msgId }));

/** Also allowed: `g` in group contents, `of` in every ctype with seq. */
const group = { g: anyGroup };
const sequenced = { ...group, of: repeatedFor };

/**
 * @param {string} key whose value selects the variant
 * @param {Record<string, Shape>} variants
 * @returns {Shape}
 */
function byValueOf(key, variants) {
  return (value) => {
    const name = anyObject(value)[key];
    const variant = typeof name === 'string' && Object.hasOwn(variants, name) ? variants[name] : undefined;
    return variant ? variant(value) : fail(`unknown ${key}`);
  };
}

/**
 * @param {Record<string, Shape>} variants by the key whose presence selects the variant
 * @returns {Shape}
 */
function byPresence(variants) {
  return (value) => {
    const present = anyObject(value);
    const found = Object.entries(variants).find(([key]) => Object.hasOwn(present, key));
    return found ? found[1](value) : fail('no variant fits');
  };
}

const call = { call: byteString(16), n: integer(0, U32) };
const candidates = list(
  object({
    candidate: string(0, 2048),
    sdpMid: nullable(string(0, 256)),
    sdpMLineIndex: nullable(integer(0, 0xffff)),
  }),
  256,
);

const signal = byValueOf('kind', {
  offer: object({ ...call, kind: oneOf('offer'), sdp: string(1, MAX_CONTENT), cand: optional(candidates) }),
  answer: object({ ...call, kind: oneOf('answer'), sdp: string(1, MAX_CONTENT), cand: optional(candidates) }),
  ice: object({ ...call, kind: oneOf('ice'), cand: candidates }),
  bye: object({ ...call, kind: oneOf('bye') }),
});

const sentEnvelope = object({
  kind: oneOf('sent'),
  msg_id: msgId,
  conv: convId,
  peer: optional(accountId),
  sent_ms: integer(),
  seq: integer(1, U32),
  ctype: integer(1, 255),
  body: anyObject,
});

/**
 * The copy of a message for the own devices: its body is checked like that of the message.
 * @param {unknown} value
 */
function syncedMessage(value) {
  const sent = sentEnvelope(value);
  if (!isSupported(sent.ctype)) return sent;
  const body = bodyShape(sent.ctype)(sent.body);
  if (!isSequenced(sent.ctype, body)) fail('a copy of what has no seq');
  checkRepeated(sent.msg_id, body);
  return { ...sent, body };
}

const sync = byValueOf('kind', {
  sent: syncedMessage,
  read: object({ kind: oneOf('read'), conv: convId, msg_ids: ids }),
  state: object({
    kind: oneOf('state'),
    vault_version: integer(1, U32),
    vrk_gen: integer(1, U32),
    list_version: integer(1, U32),
    bk_gen: integer(0, U32),
    man_no: integer(),
  }),
  contact: object({ kind: oneOf('contact'), pin: pinShape }),
});

/** @type {Readonly<Record<number, Shape>>} */
const BODY = Object.freeze({
  [CTYPE.TEXT]: object({ text, reply: optional(msgId), exp: optional(seconds), ...sequenced }),
  [CTYPE.RECEIPT]: object({ delivered: ids, read: ids, ...group }),
  [CTYPE.RETRY]: object({
    items: list(
      byPresence({
        id: object({ id: byteString(16), sid: byteString(16), class: string(1, 32) }),
        conv: object({ conv: convId, seq: integer(1, U32) }),
      }),
      64,
    ),
    ...group,
  }),
  [CTYPE.SIGNAL]: signal,
  [CTYPE.ATTACHMENT]: object({
    fk: byteString(32),
    blob: string(1, 64),
    hash: byteString(32),
    len: integer(),
    name: string(0, 1024),
    mime: string(0, 256),
    text: optional(string(0, MAX_TEXT)),
    thumb: optional(byteString(0, MAX_THUMBNAIL)),
    w: optional(integer(0, U32)),
    h: optional(integer(0, U32)),
    exp: optional(seconds),
    ...sequenced,
  }),
  [CTYPE.GROUP_OP]: byPresence({
    state: object({ state: byteString(1, MAX_CONTENT), ...sequenced }),
    leave: object({ leave: oneOf(true), ...group }),
    want: object({ want: integer(0, U32), ...group }),
  }),
  [CTYPE.PROFILE]: object({
    username: string(1, 32),
    delivery_key: byteString(32),
    device: optional(string(1, 128)),
  }),
  [CTYPE.SYNC]: sync,
  [CTYPE.EDIT]: object({ target: msgId, text, ...sequenced }),
  [CTYPE.DELETE]: object({ target: msgId, ...sequenced }),
  [CTYPE.REACTION]: object({ target: msgId, emoji: string(1, 64), off: optional(oneOf(true)), ...sequenced }),
  [CTYPE.NULL]: object({ ...group }),
  [CTYPE.GOSSIP]: object({ size: integer(), root: byteString(32) }),
  [CTYPE.TIMER]: object({ seconds, ...sequenced }),
  [CTYPE.TYPING]: object({ on: boolean, ...group }),
});

const SEQUENCED = new Set([
  CTYPE.TEXT,
  CTYPE.ATTACHMENT,
  CTYPE.EDIT,
  CTYPE.DELETE,
  CTYPE.REACTION,
  CTYPE.TIMER,
]);
const RECEIPTED = new Set([...SEQUENCED, CTYPE.GROUP_OP, CTYPE.PROFILE, CTYPE.SYNC]);

/**
 * @typedef {object} Content
 * @property {number} ctype
 * @property {Uint8Array} msgId 16 bytes
 * @property {Uint8Array} convId 16 bytes
 * @property {number} sentMs informational
 * @property {number} seq 0 where the ctype has none
 * @property {number} senderListVersion
 * @property {any} body the listed keys alone; null for a ctype this version does not know
 */

/**
 * @param {Content} content
 * @returns {Uint8Array<ArrayBuffer>}
 * @throws {ProtocolError} E_FORMAT for a body that §6.1 does not allow or that is too long
 */
export function encodeContent(content) {
  const { ctype, body } = content;
  const shaped = bodyShape(ctype)(body);
  checkSeq(ctype, content.seq, shaped);
  checkRepeated(toBase64url(content.msgId), shaped);
  const header = new Writer()
    .u8(ctype)
    .u8(VERSION)
    .fixed(content.msgId, 16)
    .fixed(content.convId, 16)
    .u64(content.sentMs)
    .u32(content.seq)
    .u32(content.senderListVersion)
    .finish();
  const encoded = concat(header, utf8(JSON.stringify(shaped)));
  const limit = content.seq > 0 && !shaped.of ? MAX_SEQUENCED : MAX_CONTENT;
  if (encoded.length > limit) throw new ProtocolError('E_FORMAT', 'content too long');
  return encoded;
}

/**
 * Header and body; the body of an unknown ctype is not read (MP2P/1 §6.1).
 * @param {Uint8Array} bytes unpadded
 * @returns {Content}
 */
export function decodeContent(bytes) {
  const reader = new Reader(bytes);
  const ctype = reader.u8();
  if (reader.u8() !== VERSION) throw new ProtocolError('E_FORMAT', 'content version');
  const header = {
    ctype,
    msgId: reader.bytes(16),
    convId: reader.bytes(16),
    sentMs: reader.u64(),
    seq: reader.u32(),
    senderListVersion: reader.u32(),
  };
  if (!isSupported(ctype)) return { ...header, body: null };
  const body = bodyShape(ctype)(parseJson(reader.rest()));
  checkSeq(ctype, header.seq, body);
  checkRepeated(toBase64url(header.msgId), body);
  return { ...header, body };
}

/**
 * Whether this version knows the ctype (MP2P/1 §6.1).
 * @param {number} ctype
 */
export function isSupported(ctype) {
  return Object.hasOwn(BODY, ctype);
}

/**
 * Whether a `delivered` receipt is owed (MP2P/1 §6.1). Unknown ctypes are receipted too: they are kept as
 * "unsupported".
 * @param {number} ctype
 */
export function isReceipted(ctype) {
  return RECEIPTED.has(/** @type {any} */ (ctype)) || !isSupported(ctype);
}

/**
 * Whether contents of this kind are counted per (device, conversation); of GROUP_OP only `{state}` is (MP2P/1 §6.1).
 * @param {number} ctype
 * @param {any} body
 */
export function isSequenced(ctype, body) {
  return SEQUENCED.has(/** @type {any} */ (ctype)) || (ctype === CTYPE.GROUP_OP && 'state' in body);
}

/**
 * SIGNAL and TYPING (MP2P/1 §6.1): never in the outbox, never stored by a server.
 * @param {number} ctype
 */
export function isEphemeral(ctype) {
  return ctype === CTYPE.SIGNAL || ctype === CTYPE.TYPING;
}

/**
 * The conversation of two accounts; of an account with itself for SYNC (MP2P/1 §6.1).
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
export function conversationId(a, b) {
  const [min, max] = compare(a, b) <= 0 ? [a, b] : [b, a];
  return labelledHash(HASH.conversationId, min, max).slice(0, 16);
}

/**
 * @param {number} ctype
 * @returns {Shape}
 */
function bodyShape(ctype) {
  return BODY[ctype] ?? fail('unknown ctype');
}

/**
 * @param {number} ctype
 * @param {number} seq
 * @param {any} body
 */
function checkSeq(ctype, seq, body) {
  if (isSequenced(ctype, body) !== seq > 0) fail('seq does not fit the ctype');
}

/**
 * A message keeps its id, whichever device repeats it: receipts name it by that.
 *
 * @param {string} id base64url
 * @param {any} body
 */
function checkRepeated(id, body) {
  if (body.of && body.of.msg_id !== id) fail('`of` names another message');
}
