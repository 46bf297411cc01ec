/**
 * Which incoming messages of a chat have been read: all up to `readOrder`, without those of `unreadBehind`. Another own
 * device reads what it has, and this one may have more (MP2P/1 §6.1 SYNC `read`).
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('./chat-row.js').Chat} Chat
 * @typedef {import('./thread.js').MessageRow} MessageRow
 */
import { fromBase64url, toBase64url } from '../crypto/bytes.js';
import { loadChat, putChat } from './chat-row.js';
import { holdReads, wasReadElsewhere } from './held-reads.js';
import { newestRowsFirst } from './thread.js';

const LOOKED_THROUGH = 400; // rows: one SYNC names 200

/**
 * @param {Chat} chat
 * @param {MessageRow} row incoming
 */
export const isRead = ({ readOrder, unreadBehind = [] }, { order }) =>
  order <= readOrder && !unreadBehind.includes(order);

/**
 * @param {Pick<Scratch, 'get'>} scratch
 * @param {Chat} chat
 * @returns {AsyncGenerator<MessageRow>} newest first
 */
export async function* unreadRows(scratch, chat) {
  const oldest = chat.unreadBehind?.[0] ?? chat.readOrder + 1;
  for await (const row of newestRowsFirst(scratch, chat)) {
    if (row.order < oldest) return;
    if (row.direction === 'in' && !isRead(chat, row)) yield row;
  }
}

/**
 * Everything up to a row has been read here.
 *
 * @param {Scratch} scratch
 * @param {Chat} chat
 * @param {number} order
 * @returns {Promise<MessageRow[]>} those that were unread, oldest first
 */
export async function markReadUpTo(scratch, chat, order) {
  /** @type {MessageRow[]} */
  const read = [];
  for await (const row of unreadRows(scratch, chat)) if (row.order <= order) read.unshift(row);
  if (read.length > 0)
    putChat(scratch, {
      ...chat,
      readOrder: Math.max(chat.readOrder, order),
      unreadBehind: (chat.unreadBehind ?? []).filter((behind) => behind > order),
      unread: chat.unread - read.length,
    });
  return read;
}

/**
 * These messages have been read on another own device; none else. The names of those that are not here wait.
 *
 * @param {Scratch} scratch
 * @param {Uint8Array} conv
 * @param {string[]} msgIds base64url
 * @param {number} nowMs
 * @returns {Promise<boolean>} whether any of them was unread here
 */
export async function markReadElsewhere(scratch, conv, msgIds, nowMs) {
  const chat = await loadChat(scratch, conv);
  const named = new Set(msgIds);
  const isMarked = chat !== undefined && (await markNamed(scratch, chat, named));
  if (chat && named.size > 0) await leaveOutRead(scratch, chat, named);
  await holdReads(
    scratch,
    conv,
    [...named].map((id) => fromBase64url(id)),
    nowMs,
  );
  return isMarked;
}

/**
 * A message has come; another own device may have read it before.
 *
 * @param {Scratch} scratch
 * @param {Chat} chat as put with it
 * @param {MessageRow} row
 * @param {number} nowMs
 */
export async function markIfReadElsewhere(scratch, chat, { msgId }, nowMs) {
  if (await wasReadElsewhere(scratch, chat.chatId, msgId, nowMs))
    await markNamed(scratch, chat, new Set([toBase64url(msgId)]));
}

/**
 * @param {Scratch} scratch
 * @param {Chat} chat
 * @param {Set<string>} named what is found goes out of it
 * @returns {Promise<boolean>} whether any was found
 */
async function markNamed(scratch, chat, named) {
  let readOrder = chat.readOrder;
  let read = 0;
  /** @type {Set<string>} */
  const found = new Set(); // two devices may give their messages one name
  /** @type {number[]} */
  const skipped = [];
  for await (const row of unreadRows(scratch, chat)) {
    const name = toBase64url(row.msgId);
    if (named.has(name)) {
      found.add(name);
      read += 1;
      readOrder = Math.max(readOrder, row.order);
    } else {
      skipped.unshift(row.order);
    }
  }
  for (const name of found) named.delete(name);
  if (read === 0) return false;
  const unreadBehind = skipped.filter((order) => order <= readOrder);
  putChat(scratch, { ...chat, readOrder, unreadBehind, unread: chat.unread - read });
  return true;
}

/**
 * What is read here as well needs not wait. Looking further back would cost more than a name too many.
 *
 * @param {Scratch} scratch
 * @param {Chat} chat
 * @param {Set<string>} named
 */
async function leaveOutRead(scratch, chat, named) {
  let looked = 0;
  for await (const row of newestRowsFirst(scratch, chat)) {
    looked += 1;
    if (row.direction === 'in') named.delete(toBase64url(row.msgId));
    if (named.size === 0 || looked >= LOOKED_THROUGH) return;
  }
}
