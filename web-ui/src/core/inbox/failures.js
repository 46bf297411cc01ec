/**
 * Envelopes that did not open, by the error classes of MP2P/1 §7: most are dropped; wrong identity evidence is held
 * and warned of; a listed device of an accepted account is asked again, in a new session, at a bounded rate (§7.3).
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('../session/session-table.js').Refused} Refused
 * @typedef {import('./receive.js').Origin} Origin
 *
 * @typedef {object} RetryRow
 * @property {Uint8Array} account
 * @property {number} device
 * @property {{ sid16: Uint8Array, id: Uint8Array, code: string, strong: boolean }[]} entries
 * @property {number} strongNextMs no RETRY on strong evidence before
 * @property {number} weakNextMs
 * @property {number} intervalMs
 * @property {boolean} answered something readable has come since the last RETRY
 */
import { forked } from '../contact/identity-evidence.js';
import { toBase64url } from '../crypto/bytes.js';
import { CTYPE } from '../crypto/content.js';
import { laneOf } from '../outbox/outbox.js';
import { markDead } from '../session/session-table.js';
import { loadPeer, putPeer } from '../session-rows.js';
import { credibleMs } from '../stored-time.js';

const RETRY_MIN_MS = 3_600_000; // RETRY_MIN_INTERVAL
const RETRY_MAX_MS = 86_400_000;
const WEAK_MS = 6 * 3_600_000;
const ENTRIES = 64; // RETRY_ITEMS
const NO_SID = new Uint8Array(16);

export class Failures {
  #lists;
  #contacts;
  #fanOut;
  #held;
  #transactions;
  #conversation;
  #environment;
  /** @type {Map<string, RetryRow>} as committed */
  #rows = new Map();
  /** @type {Map<string, () => void>} */
  #timers = new Map();

  /**
   * @param {{ lists: import('../contact/lists.js').Lists, contacts: import('../contact/contacts.js').Contacts,
   *   fanOut: import('../outbox/fan-out.js').FanOut, held: import('./held-envelopes.js').HeldEnvelopes, transactions: import('../transactions.js').Transactions,
   *   conversation: (account: Uint8Array) => Uint8Array, environment: import('../environment.js').Environment
   *   }} parts
   */
  constructor({ lists, contacts, fanOut, held, transactions, conversation, environment }) {
    this.#lists = lists;
    this.#contacts = contacts;
    this.#fanOut = fanOut;
    this.#held = held;
    this.#transactions = transactions;
    this.#conversation = conversation;
    this.#environment = environment;
  }

  /** @param {import('../engine-contract.js').Database} database */
  async load(database) {
    /** @type {import('../engine-contract.js').Row<RetryRow>[]} */
    const rows = await database.list('retry', []);
    for (const { value } of rows) this.#hold(value);
  }

  stop() {
    for (const cancel of this.#timers.values()) cancel();
  }

  /**
   * @param {Scratch} scratch
   * @param {Origin} from not authenticated
   * @param {Refused} refused
   * @param {{ id: Uint8Array, envelope: Uint8Array }} what
   */
  async note(scratch, from, refused, what) {
    if (refused.action === 'hold') await this.#holdBack(scratch, from, refused.code, what);
    if (refused.action === 'retry' && (await this.#mayAsk(scratch, from)))
      await this.#addEntry(scratch, from, refused, what.id);
  }

  /**
   * A message of that device opened: the next RETRY need not wait longer than the shortest interval.
   *
   * @param {Scratch} scratch
   * @param {Uint8Array} account
   * @param {number} device
   */
  async readable(scratch, account, device) {
    const lane = laneOf(account, device);
    if (!this.#rows.has(lane) && !scratch.recall(memoOf(lane))) return; // spares a reading for each message
    const row = await this.#read(scratch, account, device);
    if (row.answered) return;
    const strongNextMs = row.strongNextMs - row.intervalMs + RETRY_MIN_MS; // one shortest interval after the last
    this.#put(scratch, { ...row, answered: true, intervalMs: RETRY_MIN_MS, strongNextMs });
  }

  /**
   * inner.sender is unauthenticated: only a listed device of one's own or of an accepted account is asked.
   *
   * @param {Scratch} scratch
   * @param {Origin} from
   */
  async #mayAsk(scratch, { account, device, contact }) {
    if (contact && contact.state !== 'accepted') return false;
    return (await this.#lists.devicesOf(scratch, account)).some((entry) => entry.deviceId === device);
  }

  /**
   * @param {Scratch} scratch
   * @param {RetryRow} row
   * @returns {Promise<Origin>}
   */
  async #origin(scratch, { account, device }) {
    const own = this.#lists.isOwn(account);
    const contact = own ? null : await this.#contacts.read(scratch, account, this.#environment.now());
    return { account, device, contact };
  }

  /**
   * @param {Scratch} scratch
   * @param {Origin} from
   * @param {Refused} refused
   * @param {Uint8Array} id
   */
  async #addEntry(scratch, { account, device }, { code, sid16, evidence }, id) {
    const row = await this.#read(scratch, account, device);
    const entry = { sid16: sid16 ?? NO_SID, id, code, strong: evidence === 'strong' };
    const entries = bounded([...row.entries, entry]);
    this.#put(scratch, await this.#askIfDue(scratch, { ...row, entries }));
  }

  /**
   * Never in the session that broke: the named ones die and the RETRY opens a new one.
   *
   * @param {Scratch} scratch
   * @param {RetryRow} row
   * @returns {Promise<RetryRow>}
   */
  async #askIfDue(scratch, row) {
    const nowMs = this.#environment.now();
    const isOver = (/** @type {number} */ nextMs) => nowMs >= credibleMs(nextMs, nowMs);
    const strong = row.entries.some((entry) => entry.strong) && isOver(row.strongNextMs);
    const weak = row.entries.some((entry) => !entry.strong) && isOver(row.weakNextMs);
    if (!strong && !weak) return row;
    const { account, device } = row;
    for (const { sid16, strong: named } of row.entries) {
      if (!named) continue;
      const before = await loadPeer(scratch, account, device);
      putPeer(scratch, before, markDead(before, sid16, nowMs));
    }
    const items = row.entries.map(({ id, sid16, code }) => ({
      id: toBase64url(id),
      sid: toBase64url(sid16),
      class: code,
    }));
    const content = this.#fanOut.content(CTYPE.RETRY, this.#conversation(account), { items });
    await this.#fanOut.toDevice(scratch, account, device, content, { newSession: true });
    const grown = row.answered ? RETRY_MIN_MS : Math.min(RETRY_MAX_MS, row.intervalMs * 2);
    const intervalMs = strong ? grown : row.intervalMs;
    return {
      ...row,
      entries: [],
      answered: strong ? false : row.answered, // anyone can cause the weak ones
      intervalMs,
      strongNextMs: strong ? nowMs + intervalMs : row.strongNextMs,
      weakNextMs: weak ? nowMs + WEAK_MS : row.weakNextMs,
    };
  }

  /**
   * @param {Scratch} scratch
   * @param {Origin} from
   * @param {string} code
   * @param {{ id: Uint8Array, envelope: Uint8Array }} what
   */
  async #holdBack(scratch, { account, device, contact }, code, what) {
    if (contact?.listVersion === 0) return; // a stranger's claim warns of nobody
    await this.#held.hold(scratch, { account, device }, code, what);
    if (contact && code === 'E_DLC') this.#contacts.put(scratch, forked(contact));
  }

  /**
   * @param {Scratch} scratch
   * @param {Uint8Array} account
   * @param {number} device
   * @returns {Promise<RetryRow>}
   */
  async #read(scratch, account, device) {
    return (
      (await scratch.get('retry', [account, String(device)])) ?? {
        account,
        device,
        entries: [],
        strongNextMs: 0,
        weakNextMs: 0,
        intervalMs: RETRY_MIN_MS,
        answered: true,
      }
    );
  }

  /**
   * @param {Scratch} scratch
   * @param {RetryRow} row
   */
  #put(scratch, row) {
    scratch.put('retry', [row.account, String(row.device)], row);
    scratch.remember(memoOf(laneOf(row.account, row.device)), true);
    scratch.afterCommit(() => this.#hold(row));
  }

  /** @param {RetryRow} row committed */
  #hold(row) {
    const lane = laneOf(row.account, row.device);
    this.#rows.set(lane, row);
    this.#timers.get(lane)?.();
    this.#timers.delete(lane);
    if (row.entries.length === 0) return;
    const nowMs = this.#environment.now();
    const nexts = row.entries.map((entry) => (entry.strong ? row.strongNextMs : row.weakNextMs));
    const dueMs = Math.min(...nexts.map((nextMs) => credibleMs(nextMs, nowMs)));
    const ask = () => {
      this.#timers.delete(lane);
      // if it does not come to disk the row stands and is loaded at the next start
      this.#transactions.runAlone(async (scratch) => {
        const current = await this.#read(scratch, row.account, row.device);
        // blocked or removed meanwhile: nothing is asked of it any more
        const mayAsk = await this.#mayAsk(scratch, await this.#origin(scratch, row));
        this.#put(scratch, mayAsk ? await this.#askIfDue(scratch, current) : { ...current, entries: [] });
      });
    };
    this.#timers.set(lane, this.#environment.after(ask, Math.max(0, dueMs - nowMs)));
  }
}

/** @param {string} lane of which this unit of work has put a row */
const memoOf = (lane) => `retry/${lane}`;

/**
 * Anyone can cause the weak ones, so they push out no strong one.
 *
 * @param {RetryRow['entries']} entries
 */
function bounded(entries) {
  if (entries.length <= ENTRIES) return entries;
  const weak = entries.findIndex(({ strong }) => !strong);
  return entries.toSpliced(Math.max(0, weak), 1);
}
