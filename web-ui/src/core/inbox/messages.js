/**
 * Incoming messages become rows, once each (MP2P/1 §6.2 *Dedupe* key 3). A duplicate found here is receipted again:
 * its sender did not get the first receipt.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('../crypto/content.js').Content} Content
 * @typedef {import('./receive.js').Origin} Origin
 */
import { loadChat, newChat, putChat } from '../chat/chat-row.js';
import { appendRow, findRow } from '../chat/thread.js';
import { fromBase64url } from '../crypto/bytes.js';
import { CTYPE } from '../crypto/content.js';

export class Messages {
  #owed;
  #gaps;
  #readModel;
  #environment;

  /**
   * @param {{ owed: import('../outbox/owed-receipts.js').OwedReceipts, gaps: import('./gaps.js').Gaps,
   *   readModel: import('../chat/read-model.js').ReadModel, environment: import('../environment.js').Environment
   *   }} parts
   */
  constructor({ owed, gaps, readModel, environment }) {
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
    const { of } = content.body ?? {}; // a removed device's message, repeated by another (§2)
    const key = {
      account: from.account,
      device: of ? of.device_id : from.device,
      msgId: of ? fromBase64url(of.msg_id) : content.msgId,
    };
    if (from.contact?.state === 'accepted')
      this.#owed.owe(scratch, from.account, content.convId, key.msgId, 'delivered');
    const nowMs = this.#environment.now();
    const chat = (await loadChat(scratch, content.convId)) ?? newChat(content.convId, from.account, nowMs);
    const isNew = !(await findRow(scratch, content.convId, key));
    const order = isNew ? chat.nextOrder : chat.lastOrder;
    const counted = this.#gaps.count(scratch, chat, from, content, { order, writer: key.device, isNew });
    if (!isNew) {
      if (counted !== chat) putChat(scratch, counted);
      return;
    }
    const { chat: grown, row } = await appendRow(scratch, counted, {
      ...key,
      direction: 'in',
      ctype: content.ctype,
      body: content.body ?? {},
      sentMs: content.sentMs,
      storedMs: nowMs,
      seq: content.seq,
      state: null,
      listVersion: 0,
      newDevices: false,
      mailboxFull: false,
      weakForwardSecrecy: weakFs,
      unsupported: content.ctype !== CTYPE.TEXT,
    });
    putChat(scratch, { ...grown, unread: grown.unread + 1 });
    scratch.afterCommit(() => this.#readModel.rowChanged(chat.chatId, row));
  }
}
