/**
 * Own devices that have left the list (MP2P/1 §2 *A device of one's own that is gone*, docs/adr/0013): what they sent to
 * this one is read until the mailbox has been drained, and what they wrote and no peer has receipted is repeated, for
 * peers reject what a removed device left waiting. Every remaining device does so, a while later and each at its own
 * time; a copy too many is recognised by `of`.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('./own-row.js').Gone} Gone
 * @typedef {import('../chat/thread.js').MessageRow} MessageRow
 */
import { recentRows } from '../chat/recent-rows.js';
import { takeOver } from '../chat/take-over.js';
import { newestRowsFirst } from '../chat/thread.js';
import { deviceOf } from '../crypto/device-list.js';
import { dropSessions } from '../session-rows.js';
import { credibleMs } from '../stored-time.js';
import { loadOwnRow, putOwnRow } from './own-row.js';

const SPREAD_MS = 600_000;
const GONE_MAX = 64; // of those that nothing is left to do for
const DAY_MS = 86_400_000;

export class GoneDevices {
  #account;
  #transactions;
  #fanOut;
  #outbox;
  #heardDevices;
  #environment;
  #sessionsLeft = false;
  /** @type {(() => void) | null} */
  #cancelTimer = null;
  #stopped = false;

  /**
   * @param {{ account: import('../engine-contract.js').Account,
   *   transactions: import('../transactions.js').Transactions, fanOut: import('../outbox/fan-out.js').FanOut,
   *   outbox: import('../outbox/outbox.js').Outbox,
   *   heardDevices: import('../outbox/heard-devices.js').HeardDevices, environment: import('../environment.js').Environment }} parts
   */
  constructor({ account, transactions, fanOut, outbox, heardDevices, environment }) {
    this.#account = account;
    this.#transactions = transactions;
    this.#fanOut = fanOut;
    this.#outbox = outbox;
    this.#heardDevices = heardDevices;
    this.#environment = environment;
  }

  /** @param {Pick<Scratch, 'get'>} database */
  async load(database) {
    this.#follow((await loadOwnRow(database)).gone ?? []);
  }

  stop() {
    this.#stopped = true;
    this.#cancelTimer?.();
  }

  /**
   * @param {Scratch} scratch
   * @param {number[]} devices that have just left
   */
  async left(scratch, devices) {
    for (const device of devices) this.#outbox.removeTo(scratch, this.#account.accountId, device);
    const repeatMs = this.#environment.now() + 1 + this.#environment.chance() * SPREAD_MS;
    const row = await loadOwnRow(scratch);
    // also what was heard of them before: nobody says but the list that a device's sessions have ended
    const others = (row.gone ?? []).filter(({ device }) => !devices.includes(device));
    this.#put(scratch, row, [
      ...others,
      ...devices.map((device) => ({ device, sessionsEnded: false, repeatMs })),
    ]);
  }

  /**
   * Another own device repeated a message of one that this device may never have heard of. One that is listed here
   * leaves by a list alone.
   *
   * @param {Scratch} scratch
   * @param {number} device
   */
  async heardOf(scratch, device) {
    if (deviceOf(this.#account.deviceList, device)) return;
    const row = await loadOwnRow(scratch);
    const known = row.gone ?? [];
    if (known.some((gone) => gone.device === device)) return;
    const done = known.filter(({ sessionsEnded, repeatMs }) => sessionsEnded && repeatMs === 0);
    const tooMany = done.slice(0, Math.max(0, done.length + 1 - GONE_MAX));
    const kept = known.filter((gone) => !tooMany.includes(gone));
    this.#put(scratch, row, [...kept, { device, sessionsEnded: true, repeatMs: 0 }]);
  }

  /** What they sent before they left has been read. */
  mailboxDrained() {
    if (!this.#sessionsLeft || this.#stopped) return;
    // if it does not come to disk, the next drain does it
    this.#transactions.runAlone(async (scratch) => {
      const row = await loadOwnRow(scratch);
      for (const { device, sessionsEnded } of row.gone ?? [])
        if (!sessionsEnded) {
          await dropSessions(scratch, this.#account.accountId, device);
          this.#heardDevices.forget(scratch, this.#account.accountId, device);
        }
      this.#put(
        scratch,
        row,
        (row.gone ?? []).map((gone) => ({ ...gone, sessionsEnded: true })),
      );
    });
  }

  /** @param {Scratch} scratch */
  async #repeatDue(scratch) {
    const nowMs = this.#environment.now();
    const row = await loadOwnRow(scratch);
    const gone = row.gone ?? [];
    const due = gone.filter(({ repeatMs }) => repeatMs > 0 && credibleMs(repeatMs, nowMs) <= nowMs);
    const devices = due.map(({ device }) => device);
    for (const { value: chat } of await scratch.list('chats', []))
      await this.#repeatIn(scratch, chat, devices, nowMs - this.#account.mailboxTtlDays * DAY_MS);
    this.#put(
      scratch,
      row,
      gone.map((entry) => (due.includes(entry) ? { ...entry, repeatMs: 0 } : entry)),
    );
  }

  /**
   * @param {Scratch} scratch
   * @param {import('../chat/chat-row.js').Chat} chat
   * @param {number[]} devices
   * @param {number} oldestMs
   */
  async #repeatIn(scratch, chat, devices, oldestMs) {
    /** @type {MessageRow[]} */
    const rows = [];
    for await (const row of recentRows(newestRowsFirst(scratch, chat), (row) => row.storedMs >= oldestMs)) {
      if (devices.includes(row.repeatedBy ?? row.device) && isUnreceipted(row)) rows.unshift(row);
    }
    let counted = chat;
    for (const row of rows) {
      const taken = await takeOver(scratch, counted, row, this.#account.deviceId);
      counted = taken.chat;
      const how = { inRow: true, sender: row.device };
      await this.#fanOut.toAccount(scratch, chat.account, taken.content, how);
    }
  }

  /**
   * @param {Scratch} scratch
   * @param {import('./own-row.js').OwnRow} row
   * @param {Gone[]} gone
   */
  #put(scratch, row, gone) {
    putOwnRow(scratch, { ...row, gone });
    scratch.afterCommit(() => this.#follow(gone));
  }

  /** @param {Gone[]} gone as committed */
  #follow(gone) {
    this.#sessionsLeft = gone.some(({ sessionsEnded }) => !sessionsEnded);
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    const due = gone.map(({ repeatMs }) => repeatMs).filter((repeatMs) => repeatMs > 0);
    if (due.length === 0 || this.#stopped) return;
    const nowMs = this.#environment.now();
    const wait = Math.max(0, Math.min(...due.map((repeatMs) => credibleMs(repeatMs, nowMs))) - nowMs);
    this.#cancelTimer = this.#environment.after(() => {
      this.#cancelTimer = null;
      // what does not come to disk is due again at the next start
      this.#transactions.runAlone((scratch) => this.#repeatDue(scratch));
    }, wait);
  }
}

/** @param {MessageRow} row */
const isUnreceipted = ({ direction, state, seq }) =>
  direction === 'out' && seq > 0 && (state === 'sending' || state === 'sent');
