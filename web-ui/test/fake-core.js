/**
 * CoreApi in memory, for tests of the window. It keeps what the contract says (one row an id, a fixed order, drafts),
 * and does what a test tells it: what arrives, which command fails, how long one takes.
 * @import { ChatView, Connection, Fault, GapView, Id, MessageView, Session, Settings } from '../src/core/protocol.js'
 */

const PAGE = 60;

export class FakeCore {
  /** @type {Session} */
  session = { phase: 'signed-out' };
  username = 'alice';
  password = 'correct horse battery';
  secondDevice = false;
  /** @type {Map<Id, ChatView>} */
  #chats = new Map();
  /** @type {Map<Id, MessageView[]>} */
  threads = new Map();
  /** What is missing in a thread. @type {Map<Id, GapView[]>} */
  gaps = new Map();
  /** What expired in the mailbox and is not dismissed. */
  expired = 0;
  /** @type {Settings} */
  settings = { relayOnly: false, mailboxOnly: false, relayOnlyWith: {} };
  /** Names that exist. */
  people = new Set(['bob', 'carol', 'dave']);
  /** @type {Map<string, Fault>} what a command answers once */
  faults = new Map();
  /** @type {Map<string, number>} milliseconds a command takes */
  delays = new Map();
  /** @type {{method: string, params: any}[]} */
  calls = [];
  /** @type {Id | null} */
  #open = null;
  #order = 0;
  #port;

  /** @param {MessagePort} port */
  constructor(port) {
    this.#port = port;
    port.onmessage = ({ data }) => this.#serve(data);
  }

  /** @param {{id: number, method: string, params: any}} request */
  async #serve({ id, method, params }) {
    this.calls.push({ method, params });
    await new Promise((resolve) => setTimeout(resolve, this.delays.get(method) ?? 0));
    const fault = this.faults.get(method);
    this.faults.delete(method);
    try {
      if (fault) throw fault;
      const command = /** @type {any} */ (this)[method];
      this.#port.postMessage({ id, result: command.call(this, params) });
    } catch (error) {
      if (error instanceof Error) throw error;
      this.#port.postMessage({ id, fault: error });
    }
  }

  /** @param {string} notice @param {unknown} data */
  #tell(notice, data) {
    this.#port.postMessage({ notice, data });
  }

  /* What a test tells. */

  /** @param {string} username @param {Partial<ChatView>} [about] */
  addChat(username, about = {}) {
    const id = `chat-${username}`;
    /** @type {ChatView} */
    const chat = {
      id,
      username,
      nameState: 'checked',
      accountId: `account-${username}`,
      accepted: true,
      theyAccepted: true,
      unread: 0,
      lastText: '',
      lastMs: 0,
      draft: '',
      path: 'server',
      identityWarning: false,
      ...about,
    };
    this.#chats.set(id, chat);
    this.threads.set(id, []);
    return chat;
  }

  /** @param {Id} chatId @param {Partial<MessageView> & {text: string}} row */
  addRow(chatId, row) {
    const order = ++this.#order;
    /** @type {MessageView} */
    const made = { id: `m${order}`, chatId, direction: 'in', sentMs: Date.now(), order, ...row };
    if (made.direction === 'out') made.state ??= 'read';
    this.threads.get(chatId)?.push(made);
    this.#change(chatId, {
      lastText: made.text,
      lastDirection: made.direction,
      lastState: made.state,
      lastMs: made.sentMs,
    });
    return made;
  }

  /** @param {Id} chatId @param {string} text @param {Partial<MessageView>} [about] */
  receive(chatId, text, about = {}) {
    const row = this.addRow(chatId, { text, ...about });
    const chat = this.#chat(chatId);
    this.#change(chatId, { unread: chat.unread + 1 });
    this.#tell('chats', [this.#chat(chatId)]);
    if (this.#open === chatId) this.#tell('messages', { chatId, rows: [row] });
    return row;
  }

  /** @param {Id} chatId @param {Id} id @param {Partial<MessageView>} change */
  changeRow(chatId, id, change) {
    const row = this.threads.get(chatId)?.find((one) => one.id === id);
    if (!row) throw new Error(`no row ${id}`);
    Object.assign(row, change);
    if (this.#open === chatId) this.#tell('messages', { chatId, rows: [row] });
  }

  /** @param {Id} chatId @param {GapView[]} gaps all of them */
  changeGaps(chatId, gaps) {
    this.gaps.set(chatId, gaps);
    if (this.#open === chatId) this.#tell('gaps', { chatId, gaps });
  }

  /** @param {Id} chatId @param {Partial<ChatView>} change */
  changeChat(chatId, change) {
    this.#change(chatId, change);
    this.#tell('chats', [this.#chat(chatId)]);
  }

  /** @param {Connection} connection */
  connection(connection) {
    this.#tell('connection', connection);
  }

  /** @param {number} count */
  expire(count) {
    this.expired = count;
    this.#tell('expired', { count });
  }

  /** @param {Fault} fault */
  fault(fault) {
    this.#tell('fault', fault);
  }

  /** @param {Session} session */
  changeSession(session) {
    this.session = session;
    this.#tell('session', session);
  }

  /* What the window asks. */

  start() {
    if (this.session.phase === 'ready') this.#enter();
    return this.session;
  }

  takeOver() {
    return this.#enter();
  }

  /** @param {{username: string, password: Uint8Array}} params */
  createAccount({ username }) {
    if (this.people.has(username)) throw { code: 'username-taken' };
    this.username = username;
    return this.#enter();
  }

  /** @param {{username: string, password: Uint8Array}} params */
  signIn({ username, password }) {
    if (new TextDecoder().decode(password) !== this.password) throw { code: 'credentials-wrong' };
    this.username = username;
    this.secondDevice = true;
    return this.#enter();
  }

  /** @param {{password: Uint8Array}} params */
  unlock({ password }) {
    if (new TextDecoder().decode(password) !== this.password) throw { code: 'password-wrong' };
    return this.#enter();
  }

  lock() {
    this.session = { phase: 'locked', username: this.username };
    return this.session;
  }

  #enter() {
    const { username, secondDevice } = this;
    this.session = { phase: 'ready', username, accountId: 'account-alice', deviceId: 1, secondDevice };
    this.#tell('connection', { state: 'online' });
    if (this.expired > 0) this.#tell('expired', { count: this.expired });
    this.#tell('settings', this.settings);
    return this.session;
  }

  chats() {
    return [...this.#chats.values()];
  }

  /** @param {{username: string}} params */
  startChat({ username }) {
    if (username === this.username) throw { code: 'contact-self' };
    if (!this.people.has(username)) throw { code: 'contact-unknown' };
    const known = this.chats().find((chat) => chat.username === username);
    return known ?? this.addChat(username, { theyAccepted: false, lastMs: Date.now() });
  }

  /** @param {{chatId: Id}} params */
  openChat({ chatId }) {
    this.#open = chatId;
    const { unread } = this.#chat(chatId);
    const rows = this.threads.get(chatId) ?? [];
    const incoming = rows.filter(({ direction }) => direction === 'in');
    const firstUnreadId = unread > 0 ? incoming.at(-unread)?.id : undefined;
    const gaps = this.gaps.get(chatId) ?? [];
    return { messages: rows.slice(-PAGE), hasOlder: rows.length > PAGE, firstUnreadId, unread, gaps };
  }

  /** @param {{chatId: Id, beforeOrder: number}} params */
  loadOlder({ chatId, beforeOrder }) {
    const older = (this.threads.get(chatId) ?? []).filter(({ order }) => order < beforeOrder);
    return { messages: older.slice(-PAGE), hasOlder: older.length > PAGE, unread: 0 };
  }

  closeChat() {
    this.#open = null;
  }

  /** @param {{chatId: Id, id: Id, text: string}} params */
  sendText({ chatId, id, text }) {
    const known = this.threads.get(chatId)?.find((row) => row.id === id);
    if (known) Object.assign(known, { state: 'sending' });
    const row = known ?? this.addRow(chatId, { id, text, direction: 'out', state: 'sending' });
    this.#change(chatId, { accepted: true });
    this.#tell('chats', [this.#chat(chatId)]);
    setTimeout(() => this.changeRow(chatId, id, { state: 'sent' }));
    return row;
  }

  /** @param {{chatId: Id, order: number}} params */
  markRead({ chatId, order }) {
    const unread = (this.threads.get(chatId) ?? []).filter(
      (row) => row.direction === 'in' && row.order > order,
    ).length;
    if (unread < this.#chat(chatId).unread) this.changeChat(chatId, { unread });
  }

  /** @param {{chatId: Id, text: string}} params */
  saveDraft({ chatId, text }) {
    this.changeChat(chatId, { draft: text });
  }

  /** @param {{chatId: Id}} params */
  trustIdentity({ chatId }) {
    this.changeChat(chatId, { identityWarning: false });
  }

  /** @param {{count: number}} params */
  dismissExpired({ count }) {
    this.expire(Math.max(0, this.expired - count));
  }

  /** @param {Partial<Settings>} change */
  changeSettings(change) {
    const relayOnlyWith = { ...this.settings.relayOnlyWith, ...change.relayOnlyWith };
    this.settings = { ...this.settings, ...change, relayOnlyWith };
    this.#tell('settings', this.settings);
  }

  tryConnectNow() {}
  network() {}
  rtcAvailable() {}

  /** @param {Id} chatId */
  #chat(chatId) {
    const chat = this.#chats.get(chatId);
    if (!chat) throw new Error(`no chat ${chatId}`);
    return chat;
  }

  /** @param {Id} chatId @param {Partial<ChatView>} change */
  #change(chatId, change) {
    this.#chats.set(chatId, { ...this.#chat(chatId), ...change });
  }
}
