import { fromHex, toBase64url, toHex } from '../src/core/crypto/bytes.js';
import { CTYPE, conversationId, encodeContent } from '../src/core/crypto/content.js';
import { fixedBytes } from './fixed-randomness.js';

/** The contents of mp2p-1-more.json: one of each ctype and form. */

const T0 = 1_700_000_000_000;
const base64 = (/** @type {string} */ name, length = 32) => toBase64url(fixedBytes(name, length));

/** @param {any} base the parsed mp2p-1.json */
export function contents({ alice, bob }) {
  const convId = conversationId(fromHex(alice.acct), fromHex(bob.acct));
  return Object.entries(bodies(alice, bob)).map(([name, { ctype, body, seq = 0 }], i) => {
    const content = {
      ctype,
      msgId: fixedBytes(`msg_id ${name}`, 16),
      convId,
      sentMs: T0 + i,
      seq,
      senderListVersion: 1,
      body,
    };
    const bytes = toHex(encodeContent(content));
    return { name, ...content, msgId: toHex(content.msgId), convId: toHex(convId), bytes };
  });
}

/**
 * One body of each kind, with every key that it may have.
 * @param {any} alice @param {any} bob
 * @returns {Record<string, { ctype: number, body: any, seq?: number }>}
 */
function bodies(alice, bob) {
  const target = base64('target', 16);
  const conv = toBase64url(conversationId(fromHex(alice.acct), fromHex(bob.acct)));
  const g = { e: 1, h: base64('group', 16) };
  const call = { call: base64('call', 16), n: 0 };
  const cand = [
    { candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host', sdpMid: '0', sdpMLineIndex: 0 },
    { candidate: '', sdpMid: null, sdpMLineIndex: null },
  ];
  const repeated = 'TEXT of a removed device, in a group';
  const of = { device_id: 7, msg_id: base64(`msg_id ${repeated}`, 16) };
  const text = 'Grüß Gott, 世界 👋';
  const message = { text, reply: target, exp: 3600 };
  const pin = pinOfBob(bob);
  const sync = { ctype: CTYPE.SYNC };
  return {
    TEXT: { ctype: CTYPE.TEXT, body: message, seq: 1 },
    [repeated]: { ctype: CTYPE.TEXT, body: { text, g, of }, seq: 2 },
    RECEIPT: { ctype: CTYPE.RECEIPT, body: { delivered: [target, base64('other', 16)], read: [] } },
    RETRY: {
      ctype: CTYPE.RETRY,
      body: {
        items: [
          { id: base64('id', 16), sid: base64('sid', 16), class: 'E_AUTH' },
          { conv, seq: 3 },
        ],
      },
    },
    'SIGNAL offer': { ctype: CTYPE.SIGNAL, body: { ...call, kind: 'offer', sdp: 'v=0\r\n', cand } },
    'SIGNAL answer': { ctype: CTYPE.SIGNAL, body: { ...call, kind: 'answer', sdp: 'v=0\r\n' } },
    'SIGNAL ice': { ctype: CTYPE.SIGNAL, body: { ...call, kind: 'ice', cand } },
    'SIGNAL bye': { ctype: CTYPE.SIGNAL, body: { ...call, kind: 'bye' } },
    ATTACHMENT: {
      ctype: CTYPE.ATTACHMENT,
      body: {
        fk: base64('fk'),
        blob: 'blob-1',
        hash: base64('hash'),
        len: 70_000,
        name: 'picture.png',
        mime: 'image/png',
        text: 'look',
        thumb: base64('thumb', 40),
        w: 640,
        h: 480,
        exp: 3600,
      },
      seq: 3,
    },
    'GROUP_OP state': { ctype: CTYPE.GROUP_OP, body: { state: base64('state', 20), g }, seq: 4 },
    'GROUP_OP leave': { ctype: CTYPE.GROUP_OP, body: { leave: true, g } },
    'GROUP_OP want': { ctype: CTYPE.GROUP_OP, body: { want: 1, g } },
    PROFILE: { ctype: CTYPE.PROFILE, body: { username: 'alice', delivery_key: base64('delivery_key') } },
    'PROFILE to an own device': {
      ctype: CTYPE.PROFILE,
      body: { username: 'alice', delivery_key: base64('delivery_key'), device: 'Laptop' },
    },
    'SYNC sent': {
      ...sync,
      body: {
        kind: 'sent',
        msg_id: base64('sent', 16),
        conv,
        peer: toBase64url(fromHex(bob.acct)),
        sent_ms: T0,
        seq: 1,
        ctype: CTYPE.TEXT,
        body: message,
      },
    },
    'SYNC read': { ...sync, body: { kind: 'read', conv, msg_ids: [target] } },
    'SYNC state': {
      ...sync,
      body: { kind: 'state', vault_version: 2, vrk_gen: 1, list_version: 2, bk_gen: 1, man_no: 0 },
    },
    'SYNC contact': { ...sync, body: { kind: 'contact', pin } },
    EDIT: { ctype: CTYPE.EDIT, body: { target, text: 'better' }, seq: 5 },
    DELETE: { ctype: CTYPE.DELETE, body: { target }, seq: 6 },
    REACTION: { ctype: CTYPE.REACTION, body: { target, emoji: '👍', off: true }, seq: 7 },
    NULL: { ctype: CTYPE.NULL, body: {} },
    GOSSIP: { ctype: CTYPE.GOSSIP, body: { size: 12, root: base64('root') } },
    TIMER: { ctype: CTYPE.TIMER, body: { seconds: 86_400 }, seq: 8 },
    TYPING: { ctype: CTYPE.TYPING, body: { on: true } },
  };
}

/**
 * What alice's account remembers of bob.
 * @param {any} bob
 */
export function pinOfBob(bob) {
  return {
    account_id: toBase64url(fromHex(bob.acct)),
    aik: toBase64url(fromHex(bob.aik)),
    username: 'bob',
    state: /** @type {const} */ ('accepted'),
    they_accepted: true,
    verified: false,
    list_version: 1,
    dlc_hash: base64('dlc_hash'),
    delivery_key: base64('delivery_key'),
    at: T0,
  };
}
