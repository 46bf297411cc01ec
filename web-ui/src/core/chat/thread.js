/**
 * The messages of a chat, in segments (MP2P/1 §9.7): the newest segment is sealed again at each commit, a full one
 * rests. A row has its `order` for ever; the segment is stored under the order of its first row.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('../engine-contract.js').Database} Database
 * @typedef {import('../protocol.js').SendState} SendState
 * @typedef {import('./chat-row.js').Chat} Chat
 *
 * @typedef {object} MessageRow
 * @property {number} order
 * @property {Uint8Array} msgId
 * @property {Uint8Array} account sender
 * @property {number} device sending device
 * @property {'in' | 'out'} direction
 * @property {number} ctype
 * @property {{ [key: string]: any }} body as sent or received
 * @property {number} sentMs
 * @property {number} storedMs
 * @property {number} seq
 * @property {SendState | null} state of an outgoing row
 * @property {number} listVersion outgoing: the peer's list it was fanned out to (§2)
 * @property {number} [repeatedBy] device that sends it for `device` (§2 `of`): outgoing, one that took it over;
 *   incoming, the one that said so
 * @property {number} [ownCheck] written here: the check of the own list that began last before (docs/adr/0009)
 * @property {boolean} newDevices outgoing: a receipt told of a newer list, new devices get a copy (§2)
 * @property {boolean} mailboxFull
 * @property {boolean} weakForwardSecrecy
 * @property {boolean} unsupported
 *
 * @typedef {object} Segment
 * @property {number} previous first order of the segment before, 0 if there is none
 * @property {number} size estimated bytes
 * @property {MessageRow[]} rows
 */
import { equal, toBase64url } from '../crypto/bytes.js';
import { randomBytes } from '../crypto/random.js';

const SEGMENT_ROWS = 200;
const SEGMENT_BYTES = 60_000; // sealed: ≤ 64 KiB
const ROW_OVERHEAD = 240;
const PREVIEW_UNITS = 200;

/**
 * Adds a row at the end.
 *
 * @param {Scratch} scratch
 * @param {Chat} chat
 * @param {Omit<MessageRow, 'order'>} content
 * @returns {Promise<{ chat: Chat, row: MessageRow }>} the chat is not put yet
 */
export async function appendRow(scratch, chat, content) {
  const row = { ...content, order: chat.nextOrder };
  const size = ROW_OVERHEAD + 3 * JSON.stringify(row.body).length;
  const newest = await segmentAt(scratch, chat.chatId, chat.segment);
  const full = newest && (newest.rows.length >= SEGMENT_ROWS || newest.size + size > SEGMENT_BYTES);
  const segment = full ? row.order : chat.segment;
  const previous = full ? chat.segment : (newest?.previous ?? 0);
  const rows = full || !newest ? [row] : [...newest.rows, row];
  scratch.put('messages', [chat.chatId, segment], {
    previous,
    size: size + (full || !newest ? 0 : newest.size),
    rows,
  });
  scratch.put('seen', locatorKey(chat.chatId, row), { row: 'message', segment, storedMs: row.storedMs });
  const shown = {
    ...chat,
    segment,
    nextOrder: row.order + 1,
    lastText: previewOf(row),
    lastDirection: row.direction,
    lastOrder: row.order,
    lastState: row.state,
    lastMs: row.storedMs,
  };
  return { chat: shown, row };
}

/**
 * @param {Scratch} scratch
 * @param {Uint8Array} chatId
 * @param {{ account: Uint8Array, device: number, msgId: Uint8Array }} key as §6.2 *Duplicates* names a message
 * @returns {Promise<MessageRow | undefined>}
 */
export async function findRow(scratch, chatId, key) {
  const located = await scratch.get('seen', locatorKey(chatId, key));
  if (!located) return undefined;
  const segment = await segmentAt(scratch, chatId, located.segment);
  return segment?.rows.find((row) => isRow(row, key));
}

/**
 * Replaces a row by a changed one of the same order, and keeps the chat's last line true.
 *
 * @param {Scratch} scratch
 * @param {Chat} chat
 * @param {MessageRow} changed
 * @returns {Promise<Chat>} the chat, put where it changed
 */
export async function replaceRow(scratch, chat, changed) {
  const located = await scratch.get('seen', locatorKey(chat.chatId, changed));
  const segment = located && (await segmentAt(scratch, chat.chatId, located.segment));
  if (!segment) return chat;
  const rows = segment.rows.map((/** @type {MessageRow} */ row) =>
    row.order === changed.order ? changed : row,
  );
  scratch.put('messages', [chat.chatId, located.segment], { ...segment, rows });
  if (chat.lastOrder !== changed.order || chat.lastState === changed.state) return chat;
  const shown = { ...chat, lastState: changed.state };
  scratch.put('chats', [chat.chatId], shown);
  return shown;
}

/**
 * Gives a row another writer, and so another name: where that writer has used it, one that nobody has (§6.1).
 *
 * @param {Scratch} scratch
 * @param {Uint8Array} chatId
 * @param {MessageRow} row
 * @param {MessageRow} wanted of the same order
 * @returns {Promise<MessageRow>} as it is now
 */
export async function renameRow(scratch, chatId, row, wanted) {
  const located = await scratch.get('seen', locatorKey(chatId, row));
  const segment = located && (await segmentAt(scratch, chatId, located.segment));
  if (!segment) return row;
  const isTaken = (await scratch.get('seen', locatorKey(chatId, wanted))) !== undefined;
  const changed = isTaken ? { ...wanted, msgId: randomBytes(16) } : wanted;
  const rows = segment.rows.map((/** @type {MessageRow} */ other) =>
    other.order === row.order ? changed : other,
  );
  scratch.put('messages', [chatId, located.segment], { ...segment, rows });
  scratch.delete('seen', locatorKey(chatId, row));
  scratch.put('seen', locatorKey(chatId, changed), located);
  return changed;
}

/**
 * Whether this device has to see to a row's delivery: every device repeats what it wrote itself, or took over.
 *
 * @param {MessageRow} row
 * @param {number} deviceId of this device
 */
export const isWrittenBy = ({ direction, device, repeatedBy, seq }, deviceId) =>
  direction === 'out' && (repeatedBy ?? device) === deviceId && seq > 0;

/**
 * What an outgoing row was sent as.
 *
 * @param {MessageRow} row
 * @param {Uint8Array} convId
 * @returns {import('../outbox/item.js').Content}
 */
export const contentOf = ({ ctype, msgId, sentMs, seq, body, device, repeatedBy }, convId) => ({
  ctype,
  msgId,
  convId,
  sentMs,
  seq,
  body: repeatedBy === undefined ? body : { ...body, of: firstWriter(device, toBase64url(msgId)) },
});

/**
 * `of` of a message that another device than its writer sends (§2).
 *
 * @param {number} device
 * @param {string} msgId base64url
 */
export const firstWriter = (device, msgId) => ({ device_id: device, msg_id: msgId });

/**
 * @param {Pick<Scratch, 'get'>} scratch
 * @param {Chat} chat
 * @returns {AsyncGenerator<MessageRow>}
 */
export async function* newestRowsFirst(scratch, chat) {
  for (let at = chat.segment; at > 0; ) {
    const segment = await segmentAt(scratch, chat.chatId, at);
    if (!segment) return;
    for (let i = segment.rows.length - 1; i >= 0; i--) yield/** @type {MessageRow} */ (segment.rows[i]);
    at = segment.previous;
  }
}

/**
 * The last `limit` rows before `beforeOrder`, oldest first.
 *
 * @param {Database} database
 * @param {Uint8Array} chatId
 * @param {number} beforeOrder
 * @param {number} limit
 * @returns {Promise<{ rows: MessageRow[], hasOlder: boolean }>}
 */
export async function pageBefore(database, chatId, beforeOrder, limit) {
  /** @type {MessageRow[]} */
  let rows = [];
  let to = beforeOrder - 1;
  while (rows.length <= limit && to > 0) {
    /** @type {import('../engine-contract.js').Row<Segment>[]} */
    const [found] = await database.list('messages', [chatId], { to, reverse: true, limit: 1 });
    if (!found) break;
    rows = [...found.value.rows.filter((row) => row.order <= to), ...rows];
    to = Number(found.counters[0]) - 1;
  }
  return { rows: rows.slice(-limit), hasOlder: rows.length > limit };
}

/**
 * @param {Pick<Scratch, 'get'>} scratch
 * @param {Uint8Array} chatId
 * @param {number} at
 * @returns {Promise<Segment | undefined>}
 */
const segmentAt = (scratch, chatId, at) => scratch.get('messages', [chatId, at]);

/**
 * @param {Uint8Array} chatId
 * @param {{ account: Uint8Array, device: number, msgId: Uint8Array }} key
 * @returns {import('../engine-contract.js').KeyPart[]}
 */
const locatorKey = (chatId, { account, device, msgId }) => [
  'message',
  chatId,
  account,
  String(device),
  msgId,
];

/**
 * @param {MessageRow} row
 * @param {{ account: Uint8Array, device: number, msgId: Uint8Array }} key
 */
const isRow = (row, { account, device, msgId }) =>
  row.device === device && equal(row.msgId, msgId) && equal(row.account, account);

/** @param {MessageRow} row */
function previewOf(row) {
  return row.unsupported ? '' : String(row.body.text ?? '').slice(0, PREVIEW_UNITS);
}
