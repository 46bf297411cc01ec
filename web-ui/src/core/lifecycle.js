/**
 * The engine's life: load, connect, what is due at each connect, stop.
 */
import { report } from './rpc.js';

const UPKEEP_MS = 12 * 3_600_000; // §3: prekeys are checked at start and every 12 h

/** How long the paths wait for the settings of now; a server that does not answer keeps nobody from it. */
const VAULT_MS = 3000;

/**
 * @typedef {object} Parts
 * @property {import('./engine-contract.js').Account} account
 * @property {import('./engine-contract.js').Database} database
 * @property {import('./environment.js').Environment} environment
 * @property {import('./transactions.js').Transactions} transactions
 * @property {import('./contact/contacts.js').Contacts} contacts
 * @property {import('./contact/lists.js').Lists} lists
 * @property {import('./contact/list-updates.js').ListUpdates} listUpdates
 * @property {import('./contact/name-check.js').NameCheck} nameCheck
 * @property {import('./contact/pins.js').Pins} pins
 * @property {import('./sync/former-devices.js').FormerDevices} formerDevices
 * @property {import('./sync/gone-devices.js').GoneDevices} goneDevices
 * @property {import('./sync/own-devices.js').OwnDevices} ownDevices
 * @property {import('./sync/own-list.js').OwnList} ownList
 * @property {import('./sync/settings-news.js').SettingsNews} settingsNews
 * @property {import('./outbox/outbox.js').Outbox} outbox
 * @property {import('./outbox/owed-receipts.js').OwedReceipts} owed
 * @property {import('./outbox/progress.js').Progress} progress
 * @property {import('./outbox/dispatch.js').Dispatch} dispatch
 * @property {import('./outbox/bundles.js').Bundles} bundles
 * @property {import('./outbox/mailbox-sender.js').MailboxSender} mailboxSender
 * @property {import('./outbox/upkeep.js').Upkeep} upkeep
 * @property {import('./inbox/failures.js').Failures} failures
 * @property {import('./inbox/held-envelopes.js').HeldEnvelopes} held
 * @property {import('./inbox/gaps.js').Gaps} gaps
 * @property {import('./inbox/expired.js').Expired} expired
 * @property {import('./inbox/replay-cache.js').ReplayCache} replay
 * @property {import('./inbox/intake.js').Intake} intake
 * @property {import('./chat/read-model.js').ReadModel} readModel
 * @property {import('./path/path-settings.js').PathSettings} settings
 * @property {import('./path/mailbox.js').Mailbox} mailbox
 * @property {import('./path/relay.js').Relay} relay
 * @property {import('./path/direct.js').Direct} direct
 * @property {import('./path/connection.js').Connection} connection
 * @property {(error: unknown) => void} tellBroken where own list or vault do not check out, the user is told
 */

export class Lifecycle {
  #parts;
  #stopped = false;
  #checking = false;
  /** Another device said of the account what the check under way may have asked too early for. */
  #again = false;
  /** @type {() => void} */
  #loaded = () => {};
  #loading = new Promise((resolve) => {
    this.#loaded = () => resolve(undefined);
  });
  /** Asked for the connection that is made. @type {Promise<boolean> | undefined} */
  #asked;
  /** Ends the wait for that answer. @type {() => void} */
  #endWait = () => {};
  /** @type {() => void} */
  #cancelUpkeep = () => {};
  /** @type {() => void} */
  #stopListening = () => {};

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /**
   * Commands may come before the local state is loaded.
   *
   * @template T
   * @param {() => T | Promise<T>} command
   * @returns {Promise<T>}
   */
  async whenLoaded(command) {
    await this.#loading;
    return command();
  }

  async start() {
    const { account, database, contacts, outbox, owed, failures, replay, dispatch, bundles } = this.#parts;
    const { transactions, formerDevices, goneDevices, held, gaps, expired, ownList } = this.#parts;
    await contacts.load(database);
    await outbox.load(database);
    await replay.load(database);
    await failures.load(database);
    await goneDevices.load(database);
    if (this.#stopped) return;
    this.#stopListening = account.onStateChange(() => this.#followAccount());
    this.#parts.settings.start();
    await transactions.runAlone((scratch) => formerDevices.succeed(scratch));
    await owed.load(database);
    await gaps.load(database); // before what is held is opened, which may fill some
    await held.load(database);
    await expired.load(database);
    await ownList.load(database);
    if (this.#stopped) return; // whatever begins from here on would not be ended any more
    this.#loaded();
    this.#followAccount();
    dispatch.resumeAll();
    bundles.retryNow();
    this.#parts.upkeep.start();
    this.#parts.pins.schedule();
    this.#parts.relay.begin();
    this.#parts.mailbox.collect();
    this.upkeep(account.askVault());
  }

  /**
   * The socket is about to open. Another device may have set "mailbox only" or "relay only" meanwhile, of which nothing is
   * told to who is not connected: nobody is watched or called before.
   */
  async opening() {
    this.#asked = this.#parts.account.askVault();
    const enough = new Promise((resolve) => {
      const cancel = this.#parts.environment.after(() => resolve(undefined), VAULT_MS);
      this.#endWait = () => {
        cancel();
        resolve(undefined);
      };
    });
    await Promise.race([this.#asked, enough]);
    this.#endWait();
  }

  async stop() {
    this.#stopped = true;
    this.#loaded();
    this.#stopListening();
    this.#parts.settings.stop();
    this.#endWait();
    this.#cancelUpkeep();
    const { owed, pins, upkeep, failures, listUpdates, bundles, mailboxSender, dispatch, progress } =
      this.#parts;
    const { direct, relay, mailbox, intake, readModel, transactions } = this.#parts;
    for (const part of [
      owed,
      pins,
      upkeep,
      failures,
      listUpdates,
      bundles,
      mailboxSender,
      dispatch,
      progress,
    ])
      part.stop();
    const { goneDevices, gaps } = this.#parts;
    for (const part of [direct, relay, mailbox, intake, readModel, goneDevices, gaps]) part.stop();
    await transactions.stop();
  }

  /** The socket said hello. */
  connected() {
    const { mailbox, nameCheck } = this.#parts;
    mailbox.socketIs(true);
    mailbox.collect();
    this.#retryWaiting();
    nameCheck.checkPending();
    this.upkeep(this.#asked);
  }

  tryConnectNow() {
    this.#parts.mailboxSender.retryAll();
    this.#parts.bundles.retryNow();
    this.#parts.relay.connect();
    this.#parts.mailbox.collectNow();
  }

  /** @param {boolean} online */
  network(online) {
    const { connection, relay, mailbox, direct } = this.#parts;
    connection.network(online);
    relay.network(online);
    mailbox.network(online);
    if (!online) return;
    direct.networkChanged();
    this.#retryWaiting();
  }

  /**
   * The account's own duties; what fails is due again at the next connect, or in 12 h.
   *
   * @param {Promise<boolean>} [asked] the vault was asked for just now
   */
  async upkeep(asked) {
    this.#cancelUpkeep();
    if (this.#stopped) return;
    this.#cancelUpkeep = this.#parts.environment.after(() => this.upkeep(), UPKEEP_MS);
    this.#refreshLists();
    const { ownList, transactions } = this.#parts;
    const check = this.#checking ? null : ownList.beginCheck(); // the account joins one that is under way
    this.#checking = true;
    try {
      await this.#parts.account.upkeep(asked);
      if (check !== null)
        await transactions.runAlone(async (scratch) => {
          await ownList.follow(scratch, deviceName()); // what the answer brought may not have come to disk yet
          await ownList.endCheck(scratch, check);
        });
    } catch (error) {
      report(error);
      this.#parts.tellBroken(error);
    } finally {
      if (check !== null) this.#checkEnded();
    }
  }

  /** There is something newer than what an upkeep under way may have been answered. */
  upkeepAnew() {
    if (this.#checking) this.#again = true;
    else this.upkeep();
  }

  #checkEnded() {
    this.#checking = false;
    if (!this.#again) return;
    this.#again = false;
    this.upkeep();
  }

  /** Lists that are known to be behind, or that did not check out: the server may give the right ones now. */
  #refreshLists() {
    const { contacts, lists, listUpdates } = this.#parts;
    for (const contact of contacts.all()) {
      if (contact.state !== 'accepted' || contact.forked) continue;
      if (lists.isBehind(contact) || contact.identityWarning)
        listUpdates.refresh(contact.accountId).catch(() => {}); // asked again at the next connect
    }
  }

  #retryWaiting() {
    this.#parts.mailboxSender.retryNow();
    this.#parts.bundles.retryNow();
  }

  /** Own list or vault changed, here or elsewhere. */
  #followAccount() {
    const { account, transactions, ownList, ownDevices, held, settingsNews } = this.#parts;
    held.retry(account.accountId);
    transactions.runAlone(async (scratch) => {
      await ownDevices.takePins(scratch);
      await ownList.follow(scratch, deviceName());
    });
    transactions.runAlone((scratch) => settingsNews.tell(scratch));
  }
}

/** What one's other devices call this one, such as "Firefox on Linux". */
function deviceName() {
  const agent = globalThis.navigator?.userAgent ?? '';
  const browser = /Firefox|Edg|OPR|Chrom(?:e|ium)|Safari/.exec(agent)?.[0] ?? 'Browser';
  const system = /Android|iPhone|iPad|Windows|Mac OS X|Linux/.exec(agent)?.[0];
  return system ? `${browser} on ${system}` : browser;
}
