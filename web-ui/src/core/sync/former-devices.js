/**
 * Signing in again on the database of an earlier device of this account (MP2P/1 §2): the sessions are gone and the
 * finished envelopes with them, so what has no receipt is made again by this device. A message keeps its msg_id and
 * names its first writer by `of`, which is how a peer that has it already knows it.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('../outbox/item.js').Item} Item
 * @typedef {import('../outbox/item.js').Content} Content
 */
import { loadChat, putChat } from '../chat/chat-row.js';
import { takeOver } from '../chat/take-over.js';
import { findRow, firstWriter } from '../chat/thread.js';
import { CTYPE } from '../crypto/content.js';
import { loadOwnRow, putOwnRow } from './own-row.js';

export class FormerDevices {
  #account;
  #contacts;
  #lists;
  #outbox;
  #fanOut;
  #profiles;

  /**
   * @param {{ account: import('../engine-contract.js').Account, contacts: import('../contact/contacts.js').Contacts,
   *   lists: import('../contact/lists.js').Lists, outbox: import('../outbox/outbox.js').Outbox,
   *   fanOut: import('../outbox/fan-out.js').FanOut, profiles: import('./profiles.js').Profiles }} parts
   */
  constructor({ account, contacts, lists, outbox, fanOut, profiles }) {
    this.#account = account;
    this.#contacts = contacts;
    this.#lists = lists;
    this.#outbox = outbox;
    this.#fanOut = fanOut;
    this.#profiles = profiles;
  }

  /**
   * Once, before anything of the outbox goes out.
   *
   * @param {Scratch} scratch
   */
  async succeed(scratch) {
    const { deviceId, formerDeviceIds } = this.#account;
    const own = await loadOwnRow(scratch);
    if (formerDeviceIds.length === 0 || own.device === deviceId) return;
    // nobody has been told of this device yet: its own list follows from an empty one
    putOwnRow(scratch, { ...own, device: deviceId, devices: [] });
    await this.#countAnew(scratch);
    await this.#introduceAgain(scratch);
    for (const { number } of this.#outbox.all()) {
      const item = await this.#outbox.read(scratch, number);
      if (item && item.sender !== deviceId) await this.#makeAgain(scratch, item);
    }
  }

  /**
   * What came while no device of this browser was listed went to others, under numbers that will not come here.
   *
   * @param {Scratch} scratch
   */
  async #countAnew(scratch) {
    for (const { value } of await scratch.list('chats', [])) {
      const { numbers, ...chat } = value;
      if (numbers) putChat(scratch, chat);
    }
  }

  /** @param {Scratch} scratch */
  async #introduceAgain(scratch) {
    for (const { accountId } of this.#contacts.all()) {
      const contact = await this.#contacts.read(scratch, accountId, 0);
      const known = contact.theyAccepted || contact.profiled.length > 0;
      this.#contacts.put(scratch, { ...contact, profiled: [] });
      if (known) await this.#profiles.introduce(scratch, { ...contact, profiled: [] });
    }
  }

  /**
   * @param {Scratch} scratch
   * @param {Item} item of a former device
   */
  async #makeAgain(scratch, item) {
    this.#outbox.remove(scratch, item);
    const { account, device, sender, content } = item;
    if (!content) return this.#sendAgain(scratch, item);
    const again = this.#lists.isOwn(account) ? copyAgain(content, sender) : receiptAgain(content);
    if (again) await this.#fanOut.toDevice(scratch, account, device, again);
  }

  /**
   * With the first of its items.
   *
   * @param {Scratch} scratch
   * @param {Item} item
   */
  async #sendAgain(scratch, { account, convId, msgId, sender }) {
    const { accountId, deviceId } = this.#account;
    const row = await findRow(scratch, convId, { account: accountId, device: sender, msgId });
    const chat = row && (await loadChat(scratch, convId));
    if (!row || !chat || row.repeatedBy === deviceId) return;
    const { content } = await takeOver(scratch, chat, row, deviceId);
    await this.#fanOut.toAccount(scratch, account, content, { inRow: true, sender });
  }
}

/**
 * What one's other devices are told; PROFILE and `state` they get from this device anyway.
 *
 * @param {Content} content
 * @param {number} sender
 * @returns {Content | null}
 */
function copyAgain(content, sender) {
  const { ctype, body } = content;
  if (ctype !== CTYPE.SYNC || body.kind === 'state') return receiptAgain(content);
  if (body.kind !== 'sent') return content;
  const of = body.body.of ?? firstWriter(sender, body.msg_id);
  return { ...content, body: { ...body, body: { ...body.body, of } } };
}

/**
 * RETRY and NULL are about sessions that are gone, PROFILE is made anew.
 *
 * @param {Content} content
 */
const receiptAgain = (content) => (content.ctype === CTYPE.RECEIPT ? content : null);
