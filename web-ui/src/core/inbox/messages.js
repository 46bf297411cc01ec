/**
 * Incoming messages become rows, once each (MP2P/1 §6.2 *Duplicates*, the last key). A duplicate found here is
 * receipted again: its sender did not get the first receipt.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('../crypto/content.js').Content} Content
 * @typedef {import('./receive.js').Origin} Origin
 */
import { loadChat, newChat, putChat } from '../chat/chat-row.js';
import { markIfReadElsewhere } from '../chat/read-mark.js';
import { appendRow, findRow, renameRow } from '../chat/thread.js';
import { CTYPE } from '../crypto/content.js';

export class Messages {
  #lists;
  #owed;
  #gaps;
  #readModel;
  #environment;

  /**
   * @param {{ lists: import('../contact/lists.js').Lists,
   *   owed: import('../outbox/owed-receipts.js').OwedReceipts, gaps: import('./gaps.js').Gaps,
   *   readModel: import('../chat/read-model.js').ReadModel, environment: import('../environment.js').Environment
   *   }} parts
   */
  constructor({ lists, owed, gaps, readModel, environment }) {
    this.#lists = lists;
    this.#owed = owed;
    this.#gaps = gaps;
    this.#readModel = readModel;
    this.#environment = environment;
  }

  /**
   * @param {Scratch} scratch
   * @param {Origin} from
   * @param {Content} content
   * @param {boolean} weakFs
   */
  async store(scratch, from, content, weakFs) {
    const { of, ...body } = content.body ?? {}; // `of`: a removed device's message, repeated by another (§2)
    const writer = of && !this.#isListed(from, of.device_id, content) ? of.device_id : from.device;
    const isRepeated = writer !== from.device;
    const key = { account: from.account, device: writer, msgId: content.msgId };
    if (from.contact?.state === 'accepted')
      this.#owed.owe(scratch, from.account, content.convId, key.msgId, 'delivered');
    const nowMs = this.#environment.now();
    const chat = (await loadChat(scratch, content.convId)) ?? newChat(content.convId, from.account, nowMs);
    const known = await findRow(scratch, content.convId, key);
    const isOther = known !== undefined && !isRepeated && isAscribed(known, content.ctype, body);
    if (isOther) await this.#takeName(scratch, content.convId, known);
    const isNew = !known || isOther;
    const order = isNew ? chat.nextOrder : chat.lastOrder;
    const counted = this.#gaps.count(scratch, chat, from, content, { order, writer, isNew });
    if (!isNew) {
      if (counted !== chat) putChat(scratch, counted);
      return;
    }
    const { chat: grown, row } = await appendRow(scratch, counted, {
      ...key,
      direction: 'in',
      ctype: content.ctype,
      body,
      sentMs: content.sentMs,
      storedMs: nowMs,
      seq: content.seq,
      state: null,
      ...(isRepeated && { repeatedBy: from.device }),
      listVersion: 0,
      newDevices: false,
      mailboxFull: false,
      weakForwardSecrecy: weakFs,
      unsupported: content.ctype !== CTYPE.TEXT,
    });
    const withIt = { ...grown, unread: grown.unread + 1 };
    putChat(scratch, withIt);
    await markIfReadElsewhere(scratch, withIt, row, nowMs);
    scratch.afterCommit(() => this.#readModel.rowChanged(chat.chatId, row));
  }

  /**
   * Whether the sender knows as well as this device that the list has the writer still: `of` counts for nothing then.
   * A sender that knows a later list may be right.
   *
   * @param {Origin} from
   * @param {number} writer
   * @param {Content} content
   */
  #isListed({ contact }, writer, { senderListVersion }) {
    const list = contact && this.#lists.ofContact(contact);
    if (!list || senderListVersion > list.listVersion) return false;
    return list.devices.some(({ deviceId }) => deviceId === writer);
  }

  /**
   * What was said in a device's name gives way to what that device says itself: it counts as its sender's own.
   *
   * @param {Scratch} scratch
   * @param {Uint8Array} chatId
   * @param {import('../chat/thread.js').MessageRow} row
   */
  async #takeName(scratch, chatId, { repeatedBy, ...row }) {
    const own = { ...row, device: repeatedBy ?? row.device };
    const renamed = await renameRow(scratch, chatId, row, own);
    scratch.afterCommit(() => this.#readModel.rowChanged(chatId, renamed));
  }
}

/**
 * Whether another device said this in the name of its writer, who says something else.
 *
 * @param {import('../chat/thread.js').MessageRow} row
 * @param {number} ctype
 * @param {object} body
 */
const isAscribed = ({ repeatedBy, ctype: said, body: words }, ctype, body) =>
  repeatedBy !== undefined && (said !== ctype || JSON.stringify(words) !== JSON.stringify(body));
