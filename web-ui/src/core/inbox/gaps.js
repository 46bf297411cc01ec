/**
 * Messages that are missing (MP2P/1 §6.1 *Gaps*, docs/adr/0017): a number that stays out is told to the user at its
 * place and asked for (§7.3); it is lost when MAILBOX_TTL has passed, and whatever comes later fills it all the same.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('../chat/chat-row.js').Chat} Chat
 * @typedef {import('../crypto/content.js').Content} Content
 * @typedef {import('./receive.js').Origin} Origin
 * @typedef {Pick<Chat, 'chatId' | 'account' | 'numbers'>} Counted
 */
import { loadChat, putChat } from '../chat/chat-row.js';
import { aged, asked, counted, drained, holesOf, nextMs, repeated } from '../chat/numbers.js';
import { gapViews } from '../chat/views.js';
import { toBase64url } from '../crypto/bytes.js';
import { CTYPE } from '../crypto/content.js';
import { isAhead } from '../stored-time.js';

const DAY_MS = 86_400_000;
const AGAIN_MS = 60_000;

export class Gaps {
  #account;
  #contacts;
  #lists;
  #fanOut;
  #transactions;
  #readModel;
  #environment;
  #drained = false;
  /** @type {Map<string, Counted>} chats with a gap, as committed */
  #chats = new Map();
  /** @type {() => void} */
  #cancelTimer = () => {};
  #stopped = false;

  /**
   * @param {{ account: import('../engine-contract.js').Account,
   *   contacts: import('../contact/contacts.js').Contacts, lists: import('../contact/lists.js').Lists,
   *   fanOut: import('../outbox/fan-out.js').FanOut, transactions: import('../transactions.js').Transactions,
   *   readModel: import('../chat/read-model.js').ReadModel, environment: import('../environment.js').Environment
   *   }} parts
   */
  constructor({ account, contacts, lists, fanOut, transactions, readModel, environment }) {
    this.#account = account;
    this.#contacts = contacts;
    this.#lists = lists;
    this.#fanOut = fanOut;
    this.#transactions = transactions;
    this.#readModel = readModel;
    this.#environment = environment;
  }

  /** @param {import('../engine-contract.js').Database} database */
  async load(database) {
    /** @type {import('../engine-contract.js').Row<Chat>[]} */
    const rows = await database.list('chats', []);
    for (const { value } of rows) this.#keep(value);
    this.#schedule();
  }

  stop() {
    this.#stopped = true;
    this.#cancelTimer();
  }

  /** What was sent before a number that came may wait in the mailbox. */
  expectMail() {
    this.#drained = false;
  }

  mailboxDrained() {
    this.#drained = true;
    const nowMs = this.#environment.now();
    for (const chat of this.#chats.values()) {
      if (drained(chat.numbers ?? [], nowMs) === chat.numbers) continue;
      // if it does not come to disk, the next drain does it
      this.#change(chat, async (_, numbers) => drained(numbers, nowMs));
    }
  }

  /** Somebody may be asked now who might not be before. */
  contactChanged() {
    this.#schedule();
  }

  /**
   * A content with seq came, also one that is here already: a device that repeats it counts it as its own. One of an
   * unknown ctype may have none.
   *
   * @param {Scratch} scratch
   * @param {Chat} chat
   * @param {Origin} from
   * @param {Content} content
   * @param {{ order: number, writer: number, isNew: boolean }} row its place, and the device that wrote it first
   * @returns {Chat} not put yet
   */
  count(scratch, chat, { device }, { seq, sentMs }, { order, writer, isNew }) {
    if (seq === 0) return chat;
    const before = chat.numbers ?? [];
    const nowMs = this.#environment.now();
    // a clock that stood ahead says nothing of when it was written
    const begins = sentMs >= this.#addedMs && !isAhead(sentMs, nowMs);
    const at = { order, sentMs, nowMs, drained: this.#drained, begins };
    const filled = isNew && writer !== device ? repeated(before, writer, sentMs) : before;
    const numbers = counted(filled, device, seq, at);
    if (numbers === before) return chat;
    const changed = { ...chat, numbers };
    scratch.afterCommit(() => this.#follow(changed));
    return changed;
  }

  /** When this device came: what was written before is not for it to miss. */
  get #addedMs() {
    const { deviceId, deviceList } = this.#account;
    return deviceList.devices.find((device) => device.deviceId === deviceId)?.addedMs ?? 0;
  }

  get #ttlMs() {
    return this.#account.mailboxTtlDays * DAY_MS;
  }

  /**
   * What time has brought: told, asked for, lost.
   *
   * @param {Scratch} scratch
   * @param {NonNullable<Chat['numbers']>} before
   * @param {Chat} chat
   */
  async #pass(scratch, before, chat) {
    const nowMs = this.#environment.now();
    let numbers = aged(before, nowMs, this.#ttlMs);
    for (const { device } of before) {
      if (!this.#mayAsk(chat, device)) continue;
      const { seqs, numbers: after } = asked(numbers, device, nowMs);
      numbers = after;
      if (seqs.length === 0) continue;
      const conv = toBase64url(chat.chatId);
      const items = seqs.map((seq) => ({ conv, seq }));
      // in the selected session: what is asked for by number says nothing against it
      const content = this.#fanOut.content(CTYPE.RETRY, chat.chatId, { items });
      await this.#fanOut.toDevice(scratch, chat.account, device, content);
    }
    return numbers;
  }

  /**
   * Nothing goes to an account that is not accepted (§6.4), nor to a device that has left.
   *
   * @param {Counted} chat
   * @param {number} device
   */
  #mayAsk({ account }, device) {
    const contact = this.#contacts.get(account);
    if (contact?.state !== 'accepted') return false;
    return this.#lists.ofContact(contact)?.devices.some(({ deviceId }) => deviceId === device) ?? false;
  }

  /**
   * @param {Counted} counted
   * @param {(scratch: Scratch, numbers: NonNullable<Chat['numbers']>, chat: Chat) => Promise<Chat['numbers']>} change
   */
  #change(counted, change) {
    return this.#transactions.runAlone(async (scratch) => {
      const chat = await loadChat(scratch, counted.chatId);
      const before = chat?.numbers ?? [];
      const numbers = chat ? await change(scratch, before, chat) : before;
      if (!chat || numbers === before) {
        scratch.afterCommit(() => this.#keep({ ...counted, numbers })); // it may have been another one that was due
        return;
      }
      const changed = { ...chat, numbers };
      putChat(scratch, changed);
      scratch.afterCommit(() => this.#follow(changed));
    });
  }

  /** @param {Counted} chat as committed */
  #follow(chat) {
    if (this.#keep(chat)) this.#readModel.gapsChanged(chat.chatId, chat.numbers ?? []);
    this.#schedule();
  }

  /**
   * @param {Counted} chat
   * @returns {boolean} whether the user is told something else than before
   */
  #keep({ chatId, account, numbers = [] }) {
    const id = toBase64url(chatId);
    const before = this.#chats.get(id)?.numbers ?? [];
    this.#chats.delete(id);
    if (holesOf(numbers).length > 0) this.#chats.set(id, { chatId, account, numbers });
    return JSON.stringify(gapViews(before)) !== JSON.stringify(gapViews(numbers));
  }

  /** @param {number} [leastMs] */
  #schedule(leastMs = 0) {
    this.#cancelTimer();
    if (this.#stopped) return;
    const due = Math.min(...[...this.#chats.values()].map((chat) => this.#nextMs(chat)));
    if (due === Number.POSITIVE_INFINITY) return;
    const wait = Math.min(DAY_MS, Math.max(leastMs, due - this.#environment.now()));
    this.#cancelTimer = this.#environment.after(() => this.#passDue(), wait);
  }

  async #passDue() {
    const nowMs = this.#environment.now();
    const due = [...this.#chats.values()].filter((chat) => this.#nextMs(chat) <= nowMs);
    for (const chat of due)
      await this.#change(chat, (scratch, before, row) => this.#pass(scratch, before, row));
    this.#schedule(AGAIN_MS); // what did not come to disk is still due
  }

  /** @param {Counted} chat */
  #nextMs(chat) {
    return nextMs(chat.numbers ?? [], this.#ttlMs, (device) => this.#mayAsk(chat, device));
  }
}
