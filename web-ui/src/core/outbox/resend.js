/**
 * Sealing again: when the peer device says what it could not read (RETRY, MP2P/1 §7.3), and when it was active but
 * did not receipt (RETRANSMIT, §6.2). Always the same msg_id, so that it is shown once.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('./item.js').Item} Item
 * @typedef {import('../crypto/content.js').Content} Content
 */
import { findRow } from '../chat/thread.js';
import { equal, fromBase64url, toBase64url } from '../crypto/bytes.js';
import { markDead } from '../session/session-table.js';
import { loadPeer, putPeer } from '../session-rows.js';
import { credibleMs, isAhead } from '../stored-time.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const GIVE_UP_MS = DAY_MS; // GIVE_UP_AGAIN
const TIMES = /** @type {const} */ (['queuedMs', 'sentMs', 'overdueMs', 'aheadMs']);
const TRIES = 8;
const NEVER_HEARD_MS = 7 * DAY_MS; // §6.2: its lost state heals without a RETRY

export class Resend {
  #account;
  #contacts;
  #outbox;
  #sealing;
  #progress;
  #heardDevices;
  #environment;

  /**
   * @param {{ account: import('../engine-contract.js').Account,
   *   contacts: import('../contact/contacts.js').Contacts, outbox: import('./outbox.js').Outbox,
   *   sealing: import('./sealing.js').Sealing, progress: import('./progress.js').Progress,
   *   heardDevices: import('./heard-devices.js').HeardDevices,
   *   environment: import('../environment.js').Environment }} parts
   */
  constructor({ account, contacts, outbox, sealing, progress, heardDevices, environment }) {
    this.#account = account;
    this.#contacts = contacts;
    this.#outbox = outbox;
    this.#sealing = sealing;
    this.#progress = progress;
    this.#heardDevices = heardDevices;
    this.#environment = environment;
  }

  /**
   * An authenticated RETRY: the named sessions die; what went out on them, or is asked for by its number, and has no
   * receipt is sealed again.
   *
   * @param {Scratch} scratch
   * @param {import('../inbox/receive.js').Origin} from
   * @param {Content} content
   */
  async asked(scratch, { account, device, contact }, { body }) {
    if (contact && contact.state !== 'accepted') return;
    /** @type {Set<string>} */
    const numbers = new Set();
    for (const { sid, conv, seq } of body.items) {
      if (!sid) {
        numbers.add(`${conv}/${seq}`);
        continue;
      }
      const sid16 = fromBase64url(sid);
      const before = await loadPeer(scratch, account, device);
      putPeer(scratch, before, markDead(before, sid16, this.#environment.now()));
      await this.#sealAgain(scratch, account, device, (item) => wasOn(item, sid16));
    }
    if (numbers.size === 0) return;
    await this.#sealAgain(scratch, account, device, async (item) =>
      numbers.has(`${toBase64url(item.convId)}/${await this.#seqOf(scratch, item)}`),
    );
  }

  /**
   * What is due without being asked. Peer silent: wait, and once more at MAILBOX_TTL; given up when that copy's
   * time has passed too, and so is what never found a session or a way out. A clock that stands ahead for a moment
   * must not end it: a second look a day later has to find the same.
   *
   * @param {Scratch} scratch
   */
  async retransmitDue(scratch) {
    const nowMs = this.#environment.now();
    const ttlMs = this.#account.mailboxTtlDays * DAY_MS;
    for (const { number } of this.#outbox.all()) {
      const stored = await this.#outbox.read(scratch, number);
      if (!stored) continue;
      const item = this.#setRight(scratch, stored, nowMs, ttlMs);
      if (item.overdueMs > 0) {
        if (nowMs - item.overdueMs < GIVE_UP_MS) continue;
        this.#outbox.remove(scratch, item);
        await this.#progress.giveUp(scratch, item);
      } else if (item.state !== 'sent') {
        // under way, or waiting for a session
      } else if (await this.#isDue(scratch, item, nowMs, ttlMs)) {
        await this.#sealing.put(scratch, { ...item, tries: item.tries + 1 });
      } else if (!this.#wasHeard(item) && passed(item, NEVER_HEARD_MS, nowMs)) {
        await this.#sealing.put(scratch, { ...item, tries: item.tries + 1, newSession: true });
      }
    }
  }

  /**
   * The item with times that this clock can have given it, and with what it says of its age.
   *
   * @param {Scratch} scratch
   * @param {Item} item
   * @param {number} nowMs
   * @param {number} ttlMs
   * @returns {Item}
   */
  #setRight(scratch, item, nowMs, ttlMs) {
    const sentMs = credibleMs(item.sentMs, nowMs);
    // To a clock that stands behind for a moment every time looks ahead: its age ends a message, so look twice.
    const aheadMs = isAhead(item.queuedMs, nowMs) ? credibleMs(item.aheadMs || nowMs, nowMs) : 0;
    const isWrong = aheadMs > 0 && nowMs - aheadMs >= GIVE_UP_MS;
    const queuedMs = isWrong ? nowMs : item.queuedMs;
    const isOverdue = nowMs - queuedMs >= 2 * ttlMs;
    const overdueMs = isOverdue ? credibleMs(item.overdueMs || nowMs, nowMs) : 0;
    const right = { ...item, queuedMs, sentMs, overdueMs, aheadMs: isWrong ? 0 : aheadMs };
    if (TIMES.every((name) => right[name] === item[name])) return item;
    this.#outbox.put(scratch, right);
    return right;
  }

  /**
   * @param {Scratch} scratch
   * @param {Item} item
   * @param {number} nowMs
   * @param {number} ttlMs
   */
  async #isDue(scratch, item, nowMs, ttlMs) {
    if (nowMs - item.queuedMs >= ttlMs) return passed(item, ttlMs, nowMs);
    const waitMs = Math.min(DAY_MS, HOUR_MS * 2 ** item.tries);
    if (item.tries >= TRIES || nowMs - item.sentMs < waitMs) return false;
    return (await this.#heardDevices.lastMs(scratch, item.account, item.device)) > item.sentMs;
  }

  /**
   * Whether anything authenticated ever came from its account.
   *
   * @param {Item} item
   */
  #wasHeard({ account }) {
    return equal(account, this.#account.accountId) || Boolean(this.#contacts.get(account)?.theyAccepted);
  }

  /**
   * @param {Scratch} scratch
   * @param {Uint8Array} account
   * @param {number} device
   * @param {(item: Item) => boolean | Promise<boolean>} wanted
   */
  async #sealAgain(scratch, account, device, wanted) {
    for (const item of this.#outbox.readTo(scratch, account, device)) {
      if (!item.receipted || !item.envelope || !(await wanted(item))) continue;
      await this.#sealing.put(scratch, { ...item, tries: item.tries + 1 });
    }
  }

  /**
   * @param {Scratch} scratch
   * @param {Item} item
   * @returns {Promise<number>} 0: none
   */
  async #seqOf(scratch, { convId, msgId, sender, content }) {
    if (content) return 0;
    const row = await findRow(scratch, convId, { account: this.#account.accountId, device: sender, msgId });
    return row?.seq ?? 0;
  }
}

/**
 * Whether that age has come since the item was last sent, so that it is sent once for it.
 *
 * @param {Item} item
 * @param {number} ageMs
 * @param {number} nowMs
 */
const passed = ({ queuedMs, sentMs }, ageMs, nowMs) => nowMs - queuedMs >= ageMs && sentMs - queuedMs < ageMs;

/**
 * @param {Item} item
 * @param {Uint8Array} sid16
 */
const wasOn = ({ transmission }, sid16) =>
  transmission !== null && equal(transmission.sid.subarray(0, 16), sid16);
