/**
 * The messaging engine: everything from `startChat` to receipts, put together (engine-contract.d.ts). The parts know
 * each other by the constructor alone; what each does stands in its own file.
 *
 * @typedef {import('./engine-contract.js').Engine} Engine
 * @typedef {import('./engine-contract.js').EngineContext} EngineContext
 */
import { Conversations } from './chat/conversations.js';
import { ReadModel } from './chat/read-model.js';
import { SendText } from './chat/send-text.js';
import { StartChat } from './chat/start-chat.js';
import { Acceptance } from './contact/acceptance.js';
import { hasOtherList } from './contact/contact.js';
import { Contacts } from './contact/contacts.js';
import { IdentityTrust } from './contact/identity-trust.js';
import { ListUpdates } from './contact/list-updates.js';
import { Lists } from './contact/lists.js';
import { NameCheck } from './contact/name-check.js';
import { Pins } from './contact/pins.js';
import { equal } from './crypto/bytes.js';
import { conversationId } from './crypto/content.js';
import { browserEnvironment } from './environment.js';
import { faultOf } from './fault.js';
import { Contents } from './inbox/contents.js';
import { Expired } from './inbox/expired.js';
import { Failures } from './inbox/failures.js';
import { Gaps } from './inbox/gaps.js';
import { HeldEnvelopes } from './inbox/held-envelopes.js';
import { Intake } from './inbox/intake.js';
import { Messages } from './inbox/messages.js';
import { ProfileClaims } from './inbox/profile-claims.js';
import { Receipts } from './inbox/receipts.js';
import { Receiver } from './inbox/receive.js';
import { ReplayCache } from './inbox/replay-cache.js';
import { Lifecycle } from './lifecycle.js';
import { Bundles } from './outbox/bundles.js';
import { Dispatch } from './outbox/dispatch.js';
import { FanOut } from './outbox/fan-out.js';
import { HeardDevices } from './outbox/heard-devices.js';
import { MailboxSender } from './outbox/mailbox-sender.js';
import { Outbox } from './outbox/outbox.js';
import { OwedReceipts } from './outbox/owed-receipts.js';
import { Progress } from './outbox/progress.js';
import { Resend } from './outbox/resend.js';
import { Sealing } from './outbox/sealing.js';
import { Upkeep } from './outbox/upkeep.js';
import { Waits } from './outbox/waits.js';
import { Connection } from './path/connection.js';
import { Direct } from './path/direct.js';
import { iceServersOf } from './path/ice-servers.js';
import { Mailbox } from './path/mailbox.js';
import { PathSettings } from './path/path-settings.js';
import { Relay } from './path/relay.js';
import { Signals } from './path/signals.js';
import { report } from './rpc.js';
import { FormerDevices } from './sync/former-devices.js';
import { GoneDevices } from './sync/gone-devices.js';
import { ListChanges } from './sync/list-changes.js';
import { OwnDevices } from './sync/own-devices.js';
import { OwnList } from './sync/own-list.js';
import { OwnSync } from './sync/own-sync.js';
import { Profiles } from './sync/profiles.js';
import { SettingsNews } from './sync/settings-news.js';
import { Transactions } from './transactions.js';

/**
 * @param {EngineContext} context
 * @param {import('./environment.js').Environment} [environment]
 * @returns {Engine}
 */
export function createEngine(
  { account, db: database, api, queue, notify },
  environment = browserEnvironment,
) {
  /** @param {Uint8Array} peer */
  const conversation = (peer) => conversationId(account.accountId, peer);
  const transactions = new Transactions(database, queue, (error) => notify('fault', report(error)));
  const contacts = new Contacts();
  const lists = new Lists(account);
  const outbox = new Outbox();
  const settings = new PathSettings(account, notify, (version) =>
    transactions.runAlone((scratch) => settingsNews.changed(scratch, version)),
  );
  const heardDevices = new HeardDevices(outbox, environment);
  const waits = new Waits({ account, contacts, lists, outbox, environment });
  const readModel = new ReadModel(database, notify, {
    to: (peer) => ({
      path: paths.to(peer),
      delay: waits.isQueued(peer) ? mailboxSender.delayOf(peer) : null,
      wait: waits.ofAccount(peer),
    }),
    waitOf: (chatId, msgId) => waits.ofMessage(chatId, msgId),
  });
  const common = {
    account,
    api,
    contacts,
    lists,
    outbox,
    heardDevices,
    settings,
    transactions,
    readModel,
    conversation,
    environment,
  };
  const progress = new Progress(common);

  // what goes out
  const sealing = new Sealing(account, lists, outbox, progress, environment);
  const fanOut = new FanOut(account, lists, outbox, sealing, environment);
  const owed = new OwedReceipts({ ...common, fanOut });
  const profiles = new Profiles({ ...common, fanOut });
  const ownSync = new OwnSync(account, fanOut, conversation);
  const settingsNews = new SettingsNews({ account, ownSync });
  const listChanges = new ListChanges({ ...common, sealing, fanOut, profiles });
  const goneDevices = new GoneDevices({ ...common, fanOut });
  const listUpdates = new ListUpdates({ ...common, listChanges });
  const acceptance = new Acceptance({ ...common, owed, profiles, ownSync });
  const bundles = new Bundles({
    ...common,
    ...{ listUpdates, sealing },
    onOwnFork: () => onOwnFork(),
    onSession: (peer, device) => direct.sessionBegan(peer, device),
  });
  const dispatch = new Dispatch(outbox, environment, (item) => progress.acknowledged(item));
  const resend = new Resend({ ...common, sealing, progress });

  // what comes in
  const nameCheck = new NameCheck(api, transactions, contacts);
  const replay = new ReplayCache();
  /** @param {unknown} error */
  const onDefect = (error) => notify('fault', report(error));
  const onOwnFork = () => notify('fault', { code: 'identity-broken' });
  const held = new HeldEnvelopes(common, {
    open: (scratch, envelope) => receiver.receiveHeld(scratch, envelope),
    onOwnFork,
    onFault: onDefect,
  });
  const failures = new Failures({ ...common, fanOut, held });
  const gaps = new Gaps({ ...common, fanOut });
  const expired = new Expired({ ...common, notify });
  const receipts = new Receipts(progress, environment);
  const ownDevices = new OwnDevices({
    ...common,
    ...{ acceptance, ownSync, receipts, nameCheck, goneDevices, listUpdates },
    upkeep: () => lifecycle.upkeepAnew(),
  });
  /** @param {unknown} error */
  const tellBroken = (error) => {
    if (faultOf(error).code === 'identity-broken') onOwnFork();
  };
  const heard = {
    /** @param {Uint8Array} peer @param {number} device */
    from(peer, device) {
      mailboxSender.heardFrom(peer, device);
    },
    /** @param {Uint8Array} peer @param {number} device */
    sessionBegan(peer, device) {
      direct.sessionBegan(peer, device);
    },
    /** @param {Uint8Array} peer */
    listClaimed(peer) {
      const fetched = lists.isOwn(peer) ? account.updateOwnDeviceList() : listUpdates.refresh(peer);
      fetched.catch(tellBroken); // no answer is no evidence: the next content asks again
    },
    /** @param {number | null} exhaustedSpk */
    prekeysUsed(exhaustedSpk) {
      account.replenishPrekeys({ exhaustedSpk }).catch(() => {}); // upkeep does it again
    },
  };
  const contents = new Contents({
    ...common,
    ...{ receipts, ownDevices, resend, heard, owed },
    messages: new Messages({ ...common, owed, gaps }),
    profiles: new ProfileClaims({ ...common, nameCheck }),
    signal: (scratch, from, content) =>
      signals.take(scratch, from, content, (peer, device, body, isNew) =>
        direct.receive(peer, device, body, isNew),
      ),
  });
  const receiver = new Receiver({ ...common, sealing, replay, failures, contents, listChanges, heard });
  const intake = new Intake(transactions, receiver, environment, onDefect);

  // paths
  const connection = new Connection(notify);
  const mailbox = new Mailbox(api, intake, environment, {
    onDrained: () => {
      intake.mailboxDrained();
      gaps.mailboxDrained();
      goneDevices.mailboxDrained();
      upkeep.mailboxDrained();
    },
    onReached: () => connection.reached(),
    onExpired: (total) => expired.seen(total),
    onServed: () => connection.served(),
    onRefused: (nextTryMs) => connection.refused(nextTryMs),
  });
  const expectMail = () => {
    intake.expectMail();
    gaps.expectMail();
  };
  const relay = new Relay(common, {
    onOpening: () => lifecycle.opening(),
    onConnected() {
      expectMail();
      lifecycle.connected();
    },
    onDisconnected: () => mailbox.socketIs(false),
    onMail() {
      expectMail();
      mailbox.collect();
    },
    onPresence(peer, device, here) {
      if (here) dispatch.reopened(peer, device);
      else dispatch.resume(peer, device);
      pathChanged(peer);
      if (here) direct.deviceCame(peer, device);
    },
    onEnvelope: (envelope, _from, taken) => intake.takeLive(envelope, taken),
    onChanged: (peer, device) => relayChanged(peer, device),
    onTaken: (item) => dispatch.acknowledged(item, 'R'),
    onRefused: (item) => dispatch.failed(item, 'R'),
    onState: (state) => connection.socket(state),
  });
  const signals = new Signals({ ...common, relay, sealing });
  const direct = new Direct(
    {
      ...common,
      ...{ relay, notify },
      ice: iceServersOf(api, environment),
      canSignal: (peer, device) => signals.canSend(peer, device),
    },
    {
      onSignal: (peer, device, body) =>
        signals.send(peer, device, body, () => direct.isWanted(peer, device, body)),
      onEnvelope: (envelope, acknowledge) => intake.takeLive(envelope, acknowledge),
      onAcknowledged: (item) => dispatch.acknowledged(item, 'P'),
      onLost: (item) => dispatch.failed(item, 'P'),
      onDrained: (peer, device) => dispatch.resume(peer, device),
      onChanged(peer, device) {
        if (direct.isOpen(peer, device)) dispatch.reopened(peer, device);
        else dispatch.resume(peer, device);
        pathChanged(peer);
      },
    },
  );
  const mailboxSender = new MailboxSender(
    { ...common, listUpdates },
    {
      unlisted: (items) => dropItems(items),
      stored: (item) => dispatch.acknowledged(item, 'S'),
      failed: (item) => dispatch.failed(item, 'S'),
      full: (item) => progress.mailboxFull(item),
      resume: (peer) => resumeAccount(peer),
      delayed: (peer) => readModel.chatChanged(conversation(peer)),
      tokenRefused: (peer, deliveryKey) => forgetDeliveryKey(peer, deliveryKey),
    },
  );
  dispatch.connect({ P: direct, R: relay, S: mailboxSender });

  const paths = {
    /** @param {Uint8Array} peer @returns {import('./protocol.js').Path} */
    to(peer) {
      const route = direct.routeTo(peer);
      if (route) return route === 'direct' ? 'direct' : 'relayed';
      const reachable = relay.devicesHere(peer).some((device) => relay.isOpen(peer, device));
      return reachable ? 'relayed' : 'server';
    },
  };
  /** @param {Uint8Array} peer */
  const pathChanged = (peer) => {
    if (contacts.get(peer)) readModel.chatChanged(conversation(peer));
  };
  /** @param {Uint8Array} peer @param {number} device */
  const relayChanged = (peer, device) => {
    if (relay.isOpen(peer, device)) dispatch.reopened(peer, device);
    else dispatch.resume(peer, device);
    pathChanged(peer);
  };
  /** @param {Uint8Array} peer */
  const resumeAccount = (peer) => {
    for (const item of outbox.all()) if (equal(item.account, peer)) dispatch.resume(peer, item.device);
  };
  /** @param {import('./outbox/item.js').Item[]} items to devices that have left their list */
  const dropItems = (items) =>
    transactions.runAlone((scratch) => {
      for (const item of items) outbox.remove(scratch, item);
    });
  /** @param {Uint8Array} peer @param {Uint8Array} refused a newer one may have come since */
  const forgetDeliveryKey = (peer, refused) =>
    transactions.run(async (scratch) => {
      const contact = await contacts.read(scratch, peer, environment.now());
      if (contact.deliveryKey && equal(contact.deliveryKey, refused))
        contacts.put(scratch, { ...contact, deliveryKey: null });
    });
  contacts.onChange((contact, before) => {
    if (hasOtherList(contact, before)) owed.schedule();
    if (before?.identityWarning && !contact.identityWarning) bundles.retry(contact.accountId);
    gaps.contactChanged();
    pathChanged(contact.accountId);
    resumeAccount(contact.accountId);
  });

  const pins = new Pins(common);
  const upkeep = new Upkeep({ ...common, database, resend, replay });
  const formerDevices = new FormerDevices({ ...common, fanOut, profiles });
  const ownList = new OwnList({ ...common, profiles, ownSync, goneDevices });
  const lifecycle = new Lifecycle({
    ...common,
    ...{ database, listUpdates, formerDevices, goneDevices, ownDevices, ownList, nameCheck, pins, owed },
    ...{ settingsNews, tellBroken },
    ...{ failures, held, gaps, expired, replay, dispatch },
    ...{ bundles, mailboxSender, progress, intake, mailbox, relay, direct, connection, upkeep },
  });

  const chat = new Conversations({
    database,
    transactions,
    readModel,
    startChat: new StartChat({ ...common, listUpdates, listChanges, acceptance }),
    sendText: new SendText({ ...common, acceptance, profiles, ownSync, ownList, fanOut }),
    contacts,
    owed,
    ownSync,
    identityTrust: new IdentityTrust({ ...common, listUpdates, listChanges }),
  });

  return {
    start: () => lifecycle.start(),
    stop: () => lifecycle.stop(),
    chats: () => lifecycle.whenLoaded(() => chat.chats()),
    startChat: (params) => lifecycle.whenLoaded(() => chat.startChat(params)),
    openChat: (params) => lifecycle.whenLoaded(() => chat.openChat(params)),
    loadOlder: (params) => lifecycle.whenLoaded(() => chat.loadOlder(params)),
    closeChat: (params) => chat.closeChat(params),
    sendText: (params) => lifecycle.whenLoaded(() => chat.sendText(params)),
    markRead: (params) => lifecycle.whenLoaded(() => chat.markRead(params)),
    trustIdentity: (params) => lifecycle.whenLoaded(() => chat.trustIdentity(params)),
    changeSettings: (params) => settings.change(params),
    dismissExpired: ({ count }) => lifecycle.whenLoaded(() => expired.dismiss(count)),
    saveDraft: (params) => lifecycle.whenLoaded(() => chat.saveDraft(params)),
    tryConnectNow: () => lifecycle.tryConnectNow(),
    network: ({ online }) => lifecycle.network(online),
    rtcAvailable: ({ available }) => direct.setAvailable(available),
    rtcDescription: ({ call, n, kind, sdp }) => direct.describe(call, n, kind, sdp),
    rtcCandidates: ({ call, n, candidates }) => direct.addLocal(call, n, candidates),
    rtcChannel: ({ call, channel }) => direct.attach(call, channel),
    rtcState: ({ call, state }) => direct.changeState(call, state),
    rtcRoute: ({ call, turn }) => direct.setRoute(call, turn),
  };
}
