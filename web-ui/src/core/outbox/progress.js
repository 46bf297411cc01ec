/**
 * How far items and rows have come (MP2P/1 §6.2): QUEUED → SENT by a transport, → DELIVERED → READ by encrypted
 * receipts. A row shows the best of the peer account's devices; own-device copies never decide.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('../protocol.js').SendState} SendState
 * @typedef {import('./item.js').Item} Item
 * @typedef {import('../chat/thread.js').MessageRow} MessageRow
 * @typedef {import('../inbox/receipts.js').Mark} Mark
 */
import { loadChat } from '../chat/chat-row.js';
import { findRow, replaceRow } from '../chat/thread.js';
import { equal } from '../crypto/bytes.js';
import { elide } from '../session/session-table.js';
import { loadPeer, putPeer } from '../session-rows.js';
import { loadOwnRow } from '../sync/own-row.js';

/** @type {SendState[]} */
const ORDER = ['failed', 'sending', 'sent', 'delivered', 'read'];
const RETRY_MS = 5000;

export class Progress {
  #account;
  #lists;
  #outbox;
  #transactions;
  #readModel;
  #environment;
  /** @type {Item[]} */
  #acknowledged = [];
  #committing = false;
  #stopped = false;

  /**
   * @param {{ account: import('../engine-contract.js').Account, lists: import('../contact/lists.js').Lists,
   *   outbox: import('./outbox.js').Outbox, transactions: import('../transactions.js').Transactions,
   *   readModel: import('../chat/read-model.js').ReadModel, environment: import('../environment.js').Environment
   *   }} parts
   */
  constructor({ account, lists, outbox, transactions, readModel, environment }) {
    this.#account = account;
    this.#lists = lists;
    this.#outbox = outbox;
    this.#transactions = transactions;
    this.#readModel = readModel;
    this.#environment = environment;
  }

  /**
   * A transport took these bytes. Gathered, so that a burst costs one commit.
   *
   * @param {Item} item as it was sent
   */
  acknowledged(item) {
    this.#acknowledged.push(item);
    if (!this.#committing) this.#commitAcknowledged();
  }

  stop() {
    this.#stopped = true;
  }

  /**
   * An authenticated RECEIPT of one device.
   *
   * @param {Scratch} scratch
   * @param {{ account: Uint8Array, device: number }} from
   * @param {Uint8Array} conv
   * @param {Mark[]} marks messages that it names
   * @param {number} listVersion of the sender's account, as the receipt claims it
   * @returns {Promise<Mark[]>} of messages that are not known here (yet)
   */
  async receipted(scratch, from, conv, marks, listVersion) {
    const own = this.#lists.isOwn(from.account); // SYNC and PROFILE have no row
    const writers = own ? [] : await this.#ownWriters(scratch);
    /** @type {Mark[]} */
    const unknown = [];
    for (const mark of marks) {
      const item = await this.#outbox.find(scratch, from.account, from.device, mark.msgId);
      const cleared = item && equal(item.convId, conv);
      if (cleared) {
        this.#outbox.remove(scratch, item);
        await this.#proveChain(scratch, item);
      }
      const row = await this.#ownRow(scratch, conv, mark.msgId, writers);
      if (row) await this.#advance(scratch, conv, row, mark.state, listVersion);
      else if (!cleared && !own) unknown.push(mark);
    }
    return unknown;
  }

  /**
   * A row that came by SYNC and had been receipted before it came.
   *
   * @param {Scratch} scratch
   * @param {Uint8Array} conv
   * @param {MessageRow} row
   * @param {'delivered' | 'read'} state
   */
  catchUp(scratch, conv, row, state) {
    return this.#putRow(scratch, conv, row, { state: later(row.state, state) });
  }

  /**
   * The device's mailbox refused it for now.
   *
   * @param {Item} refused as it was sent
   */
  async mailboxFull(refused) {
    if (refused.mailboxFull) return;
    await this.#transactions.runAlone(async (scratch) => {
      const item = await this.#outbox.read(scratch, refused.number);
      if (!item || item.state === 'sent') return;
      this.#outbox.put(scratch, { ...item, mailboxFull: true });
      await this.changeRowOf(scratch, item, { mailboxFull: true });
    });
  }

  /**
   * The last copy's time in the mailbox has ended without a receipt of any device.
   *
   * @param {Scratch} scratch
   * @param {Item} item
   */
  async giveUp(scratch, item) {
    if (this.#lists.isOwn(item.account) || item.content) return;
    const row = await findRow(scratch, item.convId, this.#keyOf(item.sender, item.msgId));
    if (row?.state === 'sending' || row?.state === 'sent')
      await this.#putRow(scratch, item.convId, row, { state: 'failed' });
  }

  /**
   * @param {Scratch} scratch
   * @param {Item} item
   * @param {Partial<MessageRow>} change
   */
  async changeRowOf(scratch, item, change) {
    if (this.#lists.isOwn(item.account) || item.content) return;
    const row = await findRow(scratch, item.convId, this.#keyOf(item.sender, item.msgId));
    if (!row) return;
    const state = change.state ? later(row.state, change.state) : row.state;
    await this.#putRow(scratch, item.convId, row, { ...change, state });
    // sent once more, or to one more device: how long it waits is another thing now
    if (row.state === 'sent' && change.state === 'sent')
      scratch.afterCommit(() => this.#readModel.rowChanged(item.convId, row));
  }

  async #commitAcknowledged() {
    this.#committing = true;
    try {
      while (this.#acknowledged.length > 0 && !this.#stopped) {
        const items = this.#acknowledged.splice(0);
        if (await this.#transactions.runAlone((scratch) => this.#markSent(scratch, items))) continue;
        // not on disk (storage full): nothing is lost, the same bytes go again after a restart
        if (this.#stopped) return;
        this.#acknowledged.unshift(...items);
        await new Promise((resolve) => this.#environment.after(() => resolve(undefined), RETRY_MS));
      }
    } finally {
      this.#committing = false;
    }
  }

  /**
   * @param {Scratch} scratch
   * @param {Item[]} items
   */
  async #markSent(scratch, items) {
    for (const sent of items) {
      const item = await this.#outbox.read(scratch, sent.number);
      const same = item?.envelopeId && sent.envelopeId && equal(item.envelopeId, sent.envelopeId);
      if (!item || !same || item.state === 'sent') continue; // receipted, or sealed again, meanwhile
      if (item.receipted) {
        const sentMs = this.#environment.now();
        this.#outbox.put(scratch, { ...item, state: 'sent', sentMs, mailboxFull: false });
        await this.changeRowOf(scratch, item, { state: 'sent', mailboxFull: false });
      } else {
        this.#outbox.remove(scratch, item);
      }
    }
  }

  /**
   * @param {Scratch} scratch
   * @param {Uint8Array} conv
   * @param {MessageRow} row
   * @param {'delivered' | 'read'} state
   * @param {number} listVersion
   */
  #advance(scratch, conv, row, state, listVersion) {
    const newDevices = row.newDevices || (row.listVersion > 0 && listVersion > row.listVersion);
    const advanced = { state: later(row.state, state), newDevices, mailboxFull: false };
    return this.#putRow(scratch, conv, row, advanced);
  }

  /**
   * A receipt for a message whose every transmission was on one chain proves that the peer has that chain (§5.3). One
   * that another own device may have sent too proves nothing about this device's.
   *
   * @param {Scratch} scratch
   * @param {Item} item
   */
  async #proveChain(scratch, { account, device, transmission, manyChains, state, sender }) {
    if (!transmission || manyChains || state !== 'sent' || sender !== this.#account.deviceId) return;
    const before = await loadPeer(scratch, account, device);
    putPeer(scratch, before, elide(before, transmission));
  }

  /**
   * @param {Scratch} scratch
   * @param {Uint8Array} conv
   * @param {MessageRow} row
   * @param {Partial<MessageRow>} change
   */
  async #putRow(scratch, conv, row, change) {
    const changed = { ...row, ...change };
    if (sameShape(row, changed)) return;
    const chat = await loadChat(scratch, conv);
    if (!chat) return;
    await replaceRow(scratch, chat, changed);
    scratch.afterCommit(() => this.#readModel.rowChanged(conv, changed));
  }

  /**
   * A message of one's own account, whichever device wrote it, and be that one gone.
   *
   * @param {Scratch} scratch
   * @param {Uint8Array} conv
   * @param {Uint8Array} msgId
   * @param {number[]} writers
   */
  async #ownRow(scratch, conv, msgId, writers) {
    for (const device of writers) {
      const row = await findRow(scratch, conv, this.#keyOf(device, msgId));
      if (row) return row;
    }
    return undefined;
  }

  /** @param {Scratch} scratch */
  async #ownWriters(scratch) {
    const { accountId, deviceId, formerDeviceIds } = this.#account;
    const others = (await this.#lists.devicesOf(scratch, accountId)).map((entry) => entry.deviceId);
    const gone = ((await loadOwnRow(scratch)).gone ?? []).map((entry) => entry.device);
    return [deviceId, ...others, ...formerDeviceIds, ...gone];
  }

  /**
   * @param {number} device
   * @param {Uint8Array} msgId
   */
  #keyOf(device, msgId) {
    return { account: this.#account.accountId, device, msgId };
  }
}

/**
 * @param {SendState | null} a
 * @param {SendState} b
 * @returns {SendState}
 */
const later = (a, b) => (a && ORDER.indexOf(a) > ORDER.indexOf(b) ? a : b);

/**
 * @param {MessageRow} a
 * @param {MessageRow} b
 */
const sameShape = (a, b) =>
  a.state === b.state &&
  a.newDevices === b.newDevices &&
  a.mailboxFull === b.mailboxFull &&
  a.weakForwardSecrecy === b.weakForwardSecrecy;
