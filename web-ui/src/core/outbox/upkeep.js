/**
 * What passing time asks for: retransmission (MP2P/1 §6.2), the end of old sessions (§5.6), rows that have served
 * (§1.3 SEEN_BEYOND_T, §3, §6.1).
 */
import { heldNames } from '../inbox/held-envelopes.js';
import { retentionMs } from '../retention.js';
import { decodePeer, expire } from '../session/session-table.js';
import { loadPeer, putPeer } from '../session-rows.js';

const DAY_MS = 86_400_000;
const RETRANSMIT_EVERY_MS = 600_000;
const DAILY_MS = DAY_MS;
const SEEN_BEYOND_T_MS = 90 * DAY_MS;
const IDENTITY_HELD_MS = 30 * DAY_MS; // §7: E_DLC, E_KT

export class Upkeep {
  #account;
  #database;
  #transactions;
  #resend;
  #replay;
  #environment;
  /** @type {Set<() => void>} */
  #timers = new Set();
  #pruneDue = true;
  #stopped = false;

  /**
   * @param {{ account: import('../engine-contract.js').Account, database: import('../engine-contract.js').Database,
   *   transactions: import('../transactions.js').Transactions, resend: import('./resend.js').Resend,
   *   replay: import('../inbox/replay-cache.js').ReplayCache, environment: import('../environment.js').Environment
   *   }} parts
   */
  constructor({ account, database, transactions, resend, replay, environment }) {
    this.#account = account;
    this.#database = database;
    this.#transactions = transactions;
    this.#resend = resend;
    this.#replay = replay;
    this.#environment = environment;
  }

  start() {
    this.#every(RETRANSMIT_EVERY_MS, () =>
      this.#transactions.runAlone((scratch) => this.#resend.retransmitDue(scratch)),
    );
    this.#every(DAILY_MS, async () => {
      this.#pruneDue = true;
      await this.#endSessions();
    });
    this.#endSessions().catch(() => {});
  }

  /** Seen ids go right after a complete drain alone: what still waits must be recognised (§1.3). */
  mailboxDrained() {
    if (!this.#pruneDue || this.#stopped) return;
    this.#pruneDue = false;
    this.#prune().catch(() => {}); // tried again tomorrow
  }

  stop() {
    this.#stopped = true;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  get #retentionMs() {
    return retentionMs(this.#account.mailboxTtlDays);
  }

  async #endSessions() {
    /** @type {import('../engine-contract.js').Row<Uint8Array>[]} */
    const rows = await this.#database.list('sessions', []);
    for (const { value } of rows) {
      const { accountId, deviceId } = decodePeer(value, []);
      await this.#transactions.run(async (scratch) => {
        const before = await loadPeer(scratch, accountId, deviceId);
        putPeer(scratch, before, expire(before, this.#environment.now(), this.#retentionMs));
      });
    }
  }

  async #prune() {
    const nowMs = this.#environment.now();
    /** @type {import('../engine-contract.js').Row<any>[]} */
    const seen = await this.#database.list('seen', []);
    /** @type {import('../engine-contract.js').Row<any>[]} */
    const held = await this.#database.list('held', []);
    await this.#transactions.run(async (scratch) => {
      for (const { value } of seen) {
        if (value.row === 'envelope' && value.atMs < nowMs - this.#retentionMs - SEEN_BEYOND_T_MS)
          scratch.delete('seen', ['envelope', value.id]);
        if (value.row === 'call' && value.atMs < nowMs - DAY_MS)
          scratch.delete('seen', ['call', value.account, String(value.device), value.call]);
      }
      for (const { value, counters } of held) {
        const isEnvelope = value.row === 'identity';
        const others = value.account ? [value.row, value.account] : [value.row];
        const names = isEnvelope ? heldNames(value.account, value.device) : others;
        if (value.atMs < nowMs - (isEnvelope ? IDENTITY_HELD_MS : this.#retentionMs))
          scratch.delete('held', [...names, ...counters]);
      }
      await this.#replay.prune(scratch, nowMs, this.#retentionMs);
    });
  }

  /**
   * @param {number} ms
   * @param {() => Promise<unknown>} task
   */
  #every(ms, task) {
    if (this.#stopped) return;
    const cancel = this.#environment.after(async () => {
      this.#timers.delete(cancel);
      await task().catch(() => {}); // stopped, or not on disk: the next round tries again
      this.#every(ms, task);
    }, ms);
    this.#timers.add(cancel);
  }
}
