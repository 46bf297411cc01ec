/**
 * A chat: one conversation with one account, as a row of the chat list.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('../protocol.js').SendState} SendState
 *
 * @typedef {object} Chat
 * @property {Uint8Array} chatId the 1:1 `conv_id` (§6.1)
 * @property {Uint8Array} account of the other side
 * @property {number} segment first order of the newest message segment
 * @property {number} nextOrder position of the next row
 * @property {number} nextSeq own next `seq` here (§6.1)
 * @property {number} readOrder incoming rows up to here have been read
 * @property {number[]} [unreadBehind] without these, ascending
 * @property {number} unread
 * @property {string} lastText
 * @property {'in' | 'out' | null} lastDirection
 * @property {number} lastOrder
 * @property {SendState | null} lastState
 * @property {number} lastMs
 * @property {readonly import('./numbers.js').DeviceNumbers[]} [numbers] what came from each device of the other side
 */

/**
 * @param {Uint8Array} chatId
 * @param {Uint8Array} account
 * @param {number} nowMs
 * @returns {Chat}
 */
export function newChat(chatId, account, nowMs) {
  return {
    chatId,
    account,
    segment: 1,
    nextOrder: 1,
    nextSeq: 1,
    readOrder: 0,
    unread: 0,
    lastText: '',
    lastDirection: null,
    lastOrder: 0,
    lastState: null,
    lastMs: nowMs,
  };
}

/**
 * @param {Pick<Scratch, 'get'>} scratch
 * @param {Uint8Array} chatId
 * @returns {Promise<Chat | undefined>}
 */
export const loadChat = (scratch, chatId) => scratch.get('chats', [chatId]);

/**
 * @param {Scratch} scratch
 * @param {Chat} chat
 */
export const putChat = (scratch, chat) => scratch.put('chats', [chat.chatId], chat);
