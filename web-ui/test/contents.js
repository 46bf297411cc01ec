import { toBase64url } from '../src/core/crypto/bytes.js';
import { CTYPE } from '../src/core/crypto/content.js';

/** Bodies of MP2P/1 §6.1, at least one of each ctype. */

export const ID = toBase64url(new Uint8Array(16).fill(1));
const KEY = toBase64url(new Uint8Array(32).fill(2));

export const PIN = {
  account_id: ID,
  aik: KEY,
  username: 'bob',
  state: 'accepted',
  they_accepted: true,
  verified: false,
  list_version: 3,
  dlc_hash: KEY,
  delivery_key: KEY,
  at: 1,
};

/** @type {[number, Record<string, unknown>][]} */
export const EVERY_BODY = [
  [CTYPE.TEXT, { text: 'hello', reply: ID, exp: 60, of: { device_id: 7, msg_id: ID } }],
  [CTYPE.RECEIPT, { delivered: [ID], read: [] }],
  [
    CTYPE.RETRY,
    {
      items: [
        { id: ID, sid: ID, class: 'E_AUTH' },
        { conv: ID, seq: 3 },
      ],
    },
  ],
  [CTYPE.SIGNAL, { call: ID, n: 0, kind: 'offer', sdp: 'v=0' }],
  [CTYPE.SIGNAL, { call: ID, n: 0, kind: 'ice', cand: [{ candidate: 'x', sdpMid: null, sdpMLineIndex: 0 }] }],
  [CTYPE.SIGNAL, { call: ID, n: 0, kind: 'bye' }],
  [CTYPE.ATTACHMENT, { fk: KEY, blob: 'b', hash: KEY, len: 3, name: 'n', mime: 'image/png', w: 1, h: 1 }],
  [CTYPE.GROUP_OP, { state: ID }],
  [CTYPE.GROUP_OP, { leave: true }],
  [CTYPE.GROUP_OP, { want: 4, g: { e: 3, h: ID } }],
  [CTYPE.PROFILE, { username: 'alice', delivery_key: KEY, device: 'laptop' }],
  [
    CTYPE.SYNC,
    { kind: 'sent', msg_id: ID, conv: ID, peer: ID, sent_ms: 1, seq: 1, ctype: 1, body: { text: 'a' } },
  ],
  [CTYPE.SYNC, { kind: 'read', conv: ID, msg_ids: [ID] }],
  [CTYPE.SYNC, { kind: 'state', vault_version: 1, vrk_gen: 1, list_version: 1, bk_gen: 1, man_no: 0 }],
  [CTYPE.SYNC, { kind: 'contact', pin: PIN }],
  [CTYPE.EDIT, { target: ID, text: 'b' }],
  [CTYPE.DELETE, { target: ID }],
  [CTYPE.REACTION, { target: ID, emoji: '👍', off: true }],
  [CTYPE.NULL, {}],
  [CTYPE.GOSSIP, { size: 5, root: KEY }],
  [CTYPE.TIMER, { seconds: 3600 }],
  [CTYPE.TYPING, { on: true }],
];
