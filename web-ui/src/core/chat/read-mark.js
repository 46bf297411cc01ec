/**
 * Which incoming messages of a chat have been read: all up to `readOrder`, without those of `unreadBehind`. Another own
 * device reads what it has, and this one may have more (MP2P/1 §6.1 SYNC `read`).
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('./chat-row.js').Chat} Chat
 * @typedef {import('./thread.js').MessageRow} MessageRow
 */
import { toBase64url } from '../crypto/bytes.js';
import { putChat } from './chat-row.js';
import { newestRowsFirst } from './thread.js';

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
 * These messages have been read on another own device; none else.
 *
 * @param {Scratch} scratch
 * @param {Chat} chat
 * @param {string[]} msgIds base64url
 * @returns {Promise<boolean>} whether any of them was unread here
 */
export async function markReadElsewhere(scratch, chat, msgIds) {
  const named = new Set(msgIds);
  let readOrder = chat.readOrder;
  let read = 0;
  /** @type {number[]} */
  const skipped = [];
  for await (const row of unreadRows(scratch, chat)) {
    if (named.has(toBase64url(row.msgId))) {
      read += 1;
      readOrder = Math.max(readOrder, row.order);
    } else {
      skipped.unshift(row.order);
    }
  }
  if (read === 0) return false;
  const unreadBehind = skipped.filter((order) => order <= readOrder);
  putChat(scratch, { ...chat, readOrder, unreadBehind, unread: chat.unread - read });
  return true;
}
