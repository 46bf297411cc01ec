/**
 * Rows as the window shows them (protocol.d.ts).
 *
 * @typedef {import('../protocol.js').ChatView} ChatView
 * @typedef {import('../protocol.js').GapView} GapView
 * @typedef {import('../protocol.js').MessageView} MessageView
 * @typedef {import('../protocol.js').Delay} Delay
 * @typedef {import('../protocol.js').Path} Path
 * @typedef {import('../protocol.js').Wait} Wait
 */
import { concat, toBase64url, utf8 } from '../crypto/bytes.js';
import { sha256 } from '../crypto/hash.js';
import { holesOf } from './numbers.js';

/**
 * @param {import('./chat-row.js').Chat} chat
 * @param {import('../contact/contact.js').Contact | undefined} contact
 * @param {string} draft
 * @param {{ path: Path, delay: Delay | null, wait: Wait | null }} way how what is written goes out now
 * @returns {ChatView}
 */
export function chatView(chat, contact, draft, { path, delay, wait }) {
  const nameState = contact?.nameState ?? 'unchecked';
  return {
    id: toBase64url(chat.chatId),
    username: nameState === 'checked' ? (contact?.username ?? '') : '',
    nameState,
    accountId: toBase64url(chat.account),
    accepted: contact?.state === 'accepted',
    theyAccepted: contact?.theyAccepted ?? false,
    unread: chat.unread,
    lastText: chat.lastText,
    ...(chat.lastDirection && { lastDirection: chat.lastDirection }),
    ...(chat.lastState && { lastState: chat.lastState }),
    lastMs: chat.lastMs,
    draft,
    path,
    ...(delay && { delay }),
    ...(wait && { wait }),
    identityWarning: contact?.identityWarning ?? false,
  };
}

/**
 * @param {Uint8Array} chatId
 * @param {import('./thread.js').MessageRow} row
 * @param {Wait | null} [wait] of one that is sent
 * @returns {MessageView}
 */
export function messageView(chatId, row, wait = null) {
  return {
    id: rowId(row),
    chatId: toBase64url(chatId),
    direction: row.direction,
    ...(row.state && { state: row.state }),
    text: row.unsupported ? '' : row.body.text,
    sentMs: Math.min(row.sentMs, row.storedMs), // the sender's claim: nothing is from the future
    order: row.order,
    ...(row.unsupported && { unsupported: true }),
    ...(row.weakForwardSecrecy && { weakForwardSecrecy: true }),
    // of another device when one has it: nothing that its user need know
    ...(row.mailboxFull && row.state === 'sending' && { mailboxFull: true }),
    ...(wait && { wait }),
  };
}

/**
 * What is missing and told, one for each place and state.
 *
 * @param {readonly import('./numbers.js').DeviceNumbers[]} numbers
 * @returns {GapView[]} in the order of the thread
 */
export function gapViews(numbers) {
  /** @type {Map<string, GapView>} */
  const gaps = new Map();
  for (const { from, to, order, state } of holesOf(numbers)) {
    if (state === 'quiet') continue;
    const lost = state === 'lost';
    const key = `${order}/${lost}`;
    gaps.set(key, { order, lost, count: (gaps.get(key)?.count ?? 0) + to - from + 1 });
  }
  return [...gaps.values()].sort((a, b) => a.order - b.order || Number(b.lost) - Number(a.lost));
}

/**
 * One's own message keeps the id that the window made. An incoming one is named by its whole dedupe key: a peer
 * chooses its msg_id freely, and one that equals another row's must not replace that row on the screen.
 *
 * @param {import('./thread.js').MessageRow} row
 */
function rowId(row) {
  if (row.direction === 'out') return toBase64url(row.msgId);
  return toBase64url(sha256(concat(row.account, utf8(String(row.device)), row.msgId)).slice(0, 16));
}
