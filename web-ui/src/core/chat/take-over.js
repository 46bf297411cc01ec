import { putChat } from './chat-row.js';
import { contentOf, replaceRow } from './thread.js';

/**
 * This device answers from now on for a message that another device of the account wrote and cannot repeat
 * (MP2P/1 §2 `of`): it counts among this one's own. It goes to every device of the peer account, for one that has
 * it already would else miss a number.
 *
 * @param {import('../scratch.js').Scratch} scratch
 * @param {import('./chat-row.js').Chat} chat
 * @param {import('./thread.js').MessageRow} row
 * @param {number} deviceId of this device
 * @returns {Promise<{ chat: import('./chat-row.js').Chat, content: import('../outbox/item.js').Content }>}
 */
export async function takeOver(scratch, chat, row, deviceId) {
  const repeated = { ...row, repeatedBy: deviceId, seq: chat.nextSeq };
  const counted = { ...(await replaceRow(scratch, chat, repeated)), nextSeq: chat.nextSeq + 1 };
  putChat(scratch, counted);
  return { chat: counted, content: contentOf(repeated, chat.chatId) };
}
