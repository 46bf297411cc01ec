/**
 * What one's other devices say by SYNC (MP2P/1 §6.1), and what changes of the own list bring about (§2).
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('../crypto/content.js').Content} Content
 * @typedef {import('../contact/contact.js').Contact} Contact
 */
import { loadChat, newChat, putChat } from '../chat/chat-row.js';
import { markReadElsewhere } from '../chat/read-mark.js';
import { appendRow, findRow } from '../chat/thread.js';
import { withPin } from '../contact/contact.js';
import { equal, fromBase64url } from '../crypto/bytes.js';
import { CTYPE } from '../crypto/content.js';

export class OwnDevices {
  #account;
  #contacts;
  #lists;
  #listUpdates;
  #acceptance;
  #ownSync;
  #receipts;
  #nameCheck;
  #readModel;
  #conversation;
  #environment;
  #goneDevices;
  #upkeep;

  /**
   * @param {{ account: import('../engine-contract.js').Account, contacts: import('../contact/contacts.js').Contacts,
   *   lists: import('../contact/lists.js').Lists, listUpdates: import('../contact/list-updates.js').ListUpdates,
   *   acceptance: import('../contact/acceptance.js').Acceptance, ownSync: import('./own-sync.js').OwnSync,
   *   receipts: import('../inbox/receipts.js').Receipts, nameCheck: import('../contact/name-check.js').NameCheck,
   *   readModel: import('../chat/read-model.js').ReadModel, conversation: (account: Uint8Array) => Uint8Array,
   *   environment: import('../environment.js').Environment, goneDevices: import('./gone-devices.js').GoneDevices,
   *   upkeep: () => void }} parts
   */
  constructor(parts) {
    this.#account = parts.account;
    this.#contacts = parts.contacts;
    this.#lists = parts.lists;
    this.#listUpdates = parts.listUpdates;
    this.#acceptance = parts.acceptance;
    this.#ownSync = parts.ownSync;
    this.#receipts = parts.receipts;
    this.#nameCheck = parts.nameCheck;
    this.#readModel = parts.readModel;
    this.#conversation = parts.conversation;
    this.#environment = parts.environment;
    this.#goneDevices = parts.goneDevices;
    this.#upkeep = parts.upkeep;
  }

  /**
   * @param {Scratch} scratch
   * @param {Contact} contact a pin that changed here
   */
  announce(scratch, contact) {
    return this.#ownSync.contact(scratch, contact);
  }

  /**
   * @param {Scratch} scratch
   * @param {number} device that wrote it
   * @param {Content} content
   * @param {boolean} weakFs
   */
  async take(scratch, device, { body }, weakFs) {
    switch (body.kind) {
      case 'sent':
        return this.#takeSent(scratch, device, body, weakFs);
      case 'read':
        return this.#takeRead(scratch, body);
      case 'contact':
        return this.#takePin(scratch, body.pin);
      case 'state':
        if (body.list_version > this.#account.listVersion || body.vault_version > this.#account.vault.version)
          scratch.afterCommit(() => this.#upkeep());
    }
  }

  /**
   * Contacts that the vault knows and this device does not, or not as new.
   *
   * @param {Scratch} scratch
   */
  async takePins(scratch) {
    for (const pin of this.#account.vault.items.pins) await this.#takePin(scratch, pin);
  }

  /**
   * @param {Scratch} scratch
   * @param {import('../engine-contract.js').Pin} pin
   */
  async #takePin(scratch, pin) {
    const accountId = fromBase64url(pin.account_id);
    if (equal(accountId, this.#account.accountId)) return;
    const before = await this.#contacts.read(scratch, accountId, 0);
    const after = withPin(before, pin);
    if (after === before || sameStanding(before, after)) return;
    const put = await this.#acceptance.follow(scratch, before, after);
    if (put.username && put.nameState === 'unchecked')
      scratch.afterCommit(() => this.#nameCheck.check(accountId));
    if (put.state === 'accepted') await this.#chatWith(scratch, accountId);
    if (put.state === 'accepted' && !put.forked && this.#lists.isBehind(put))
      scratch.afterCommit(() => {
        this.#listUpdates.refresh(accountId).catch(() => {}); // asked again at the next connect
      });
  }

  /**
   * @param {Scratch} scratch
   * @param {number} device
   * @param {any} body
   * @param {boolean} weakFs
   */
  async #takeSent(scratch, device, body, weakFs) {
    if (!body.peer) return; // group messages come with groups
    const peer = fromBase64url(body.peer);
    const conv = fromBase64url(body.conv);
    if (equal(peer, this.#account.accountId) || !equal(conv, this.#conversation(peer))) return;
    const { of, ...message } = body.body;
    const writer = of ? of.device_id : device; // repeated for a device that is gone (§2)
    const key = { account: this.#account.accountId, device: writer, msgId: fromBase64url(body.msg_id) };
    if (await findRow(scratch, conv, key)) return;
    if (of && of.device_id !== device) await this.#goneDevices.heardOf(scratch, of.device_id);
    const contact = await this.#contacts.read(scratch, peer, 0);
    if (contact.state === 'none')
      await this.#acceptance.follow(scratch, contact, { ...contact, state: 'accepted' });
    const chat = await this.#chatWith(scratch, peer);
    const { chat: grown, row } = await appendRow(scratch, chat, {
      ...key,
      direction: 'out',
      ctype: body.ctype,
      body: message,
      sentMs: body.sent_ms,
      storedMs: this.#environment.now(),
      seq: body.seq,
      state: 'sent',
      listVersion: 0,
      newDevices: false,
      mailboxFull: false,
      weakForwardSecrecy: weakFs,
      unsupported: body.ctype !== CTYPE.TEXT,
    });
    putChat(scratch, grown);
    scratch.afterCommit(() => this.#readModel.rowChanged(conv, row));
    await this.#receipts.applyHeld(scratch, peer, conv, row);
  }

  /**
   * The device on which they were read tells the peer; this one has read nothing.
   *
   * @param {Scratch} scratch
   * @param {any} body
   */
  async #takeRead(scratch, body) {
    const conv = fromBase64url(body.conv);
    if (await markReadElsewhere(scratch, conv, body.msg_ids, this.#environment.now()))
      scratch.afterCommit(() => this.#readModel.chatChanged(conv));
  }

  /**
   * @param {Scratch} scratch
   * @param {Uint8Array} peer
   */
  async #chatWith(scratch, peer) {
    const conv = this.#conversation(peer);
    const known = await loadChat(scratch, conv);
    if (known) return known;
    const chat = newChat(conv, peer, this.#environment.now());
    putChat(scratch, chat);
    scratch.afterCommit(() => this.#readModel.chatChanged(conv));
    return chat;
  }
}

/**
 * @param {Contact} a
 * @param {Contact} b
 */
function sameStanding(a, b) {
  return (
    a.aik !== null &&
    a.state === b.state &&
    a.theyAccepted === b.theyAccepted &&
    a.verified === b.verified &&
    a.username === b.username &&
    a.forked === b.forked &&
    a.listVersion === b.listVersion &&
    a.changedMs === b.changedMs &&
    a.trustedMs === b.trustedMs &&
    a.rivalMs === b.rivalMs
  );
}
