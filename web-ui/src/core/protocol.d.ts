/**
 * What the window and the core worker say to each other. Plaintext crosses this line for display only; keys
 * never do. Every byte string that is an id is base64url without padding here.
 *
 * Transport: the window posts `Request`, the worker answers `Response` with the same id; `Notice` comes unasked.
 */

/** base64url of a 16-byte id. */
export type Id = string;

export interface Request {
  id: number;
  method: keyof CoreApi;
  params: unknown;
}
export type Response = { id: number; result: unknown } | { id: number; fault: Fault };
export type Notice = { [K in keyof CoreNotices]: { notice: K; data: CoreNotices[K] } }[keyof CoreNotices];

/** A failure that the window can put into words. `code` selects the sentence (i18n key `fault.<code>`). */
export interface Fault {
  code: FaultCode;
  /** Seconds after which trying again makes sense, where the server said so. */
  retryAfter?: number;
}
export type FaultCode =
  | 'username-taken' // registration: somebody has that name
  | 'registration-begun' // this browser has begun an account of that name with another password
  | 'username-form' // not [a-z0-9._-]{3,32}
  | 'password-short' // fewer than 12 characters
  | 'credentials-wrong' // sign-in: name or password wrong
  | 'password-wrong' // unlock: the password does not open this device
  | 'contact-unknown' // no account with that name
  | 'contact-self' // that is your own name
  | 'server-unreachable' // no network, or the server is down
  | 'server-unavailable' // 503: the server's database is away
  | 'rate-limited' // 429, see retryAfter
  | 'wrong-host' // §9.1: canonical host differs
  | 'kdf-refused' // E_KDF
  | 'identity-broken' // E_DLC / vault fails verification
  | 'devices-full' // the account has 8 devices
  | 'storage-full' // quota: the browser's storage is full
  | 'storage-broken' // IndexedDB missing or not readable
  | 'text-too-long' // > 16 000 UTF-16 units
  | 'other-account' // this browser keeps the messages of another account: sign in to that one
  | 'elsewhere' // another tab is the leader
  | 'defect'; // a bug of ours; details in the console, never secrets

/** Where this tab stands. */
export type Session =
  | { phase: 'starting' }
  | { phase: 'elsewhere' } // open in another tab: offer *Use here*
  | { phase: 'signed-out' } // no account in this browser: create account or sign in
  | { phase: 'locked'; username: string } // ask for the password
  | { phase: 'wrong-host'; canonicalUrl: string }
  | { phase: 'signed-out-by-server'; username: string }
  | { phase: 'ready'; username: string; accountId: Id; deviceId: number; secondDevice: boolean };
// secondDevice: this device joined an existing account, so older messages stay on the first one.

export type SendState = 'sending' | 'sent' | 'delivered' | 'read' | 'failed';
export type Path = 'direct' | 'relayed' | 'server';

export interface MessageView {
  id: Id;
  chatId: Id;
  direction: 'in' | 'out';
  /** Present for `out`. */
  state?: SendState;
  text: string;
  sentMs: number;
  /** Position in the thread: rows are ordered by this number, which never changes for a row. */
  order: number;
  /** The message was kept but its kind is not known to this version. */
  unsupported?: boolean;
  /** Sealed to last-resort keys only (§2 weak-fs). */
  weakForwardSecrecy?: boolean;
  /** The recipient's mailbox is full; it will be tried again. */
  mailboxFull?: boolean;
  /** Of a message that is *sent*, on the device that wrote it. */
  wait?: Wait;
}

/** How long a message waits on the server that no device of the other side has collected. */
export interface Wait {
  /** Epoch ms. */
  untilMs: number;
  /** It was sent a second time: after this it is given up. Otherwise it is sent once more then. */
  last: boolean;
}

/** Why what was written waits here, where that takes a while. */
export interface Delay {
  /** mailbox-full: of every device of the other side. server: it takes nothing at the moment. */
  why: 'mailbox-full' | 'server';
  /** Epoch ms; past while the try is under way. */
  nextTryMs: number;
}

export interface ChatView {
  id: Id;
  /** Checked against the server (`GET /usernames`), else empty and the account id is shown. */
  username: string;
  nameState: 'checked' | 'unchecked' | 'conflict';
  accountId: Id;
  accepted: boolean;
  theyAccepted: boolean;
  unread: number;
  lastText: string;
  lastDirection?: 'in' | 'out';
  lastState?: SendState;
  lastMs: number;
  draft: string;
  path: Path;
  /** Present while something waits to be sent. */
  delay?: Delay;
  /** Of the message whose time ends first. */
  wait?: Wait;
  /** Blocking warning: identity evidence is wrong (E_DLC). */
  identityWarning: boolean;
}

/** Messages that are known to be missing, by the numbers that their sender gave them (§6.1). */
export interface GapView {
  /** They stand before the row of this order. */
  order: number;
  count: number;
  /** They are no longer waited for. */
  lost: boolean;
}

export interface ThreadPage {
  messages: MessageView[];
  hasOlder: boolean;
  /** First unread row at the moment the chat was opened. */
  firstUnreadId?: Id;
  unread: number;
}

export interface Connection {
  /**
   * online: socket open. connecting: trying. offline: browser says no network. unreachable: server away. busy: it is
   * there, and gives out no mail at the moment.
   */
  state: 'online' | 'connecting' | 'offline' | 'unreachable' | 'busy';
  /** For `unreachable` and `busy`: when the next try comes (epoch ms). */
  nextTryMs?: number;
}

/** What the user lets the paths do (§6.2 *Settings*), on all devices of the account. */
export interface Settings {
  /** Connections to contacts go through TURN alone. */
  relayOnly: boolean;
  /** Everything goes by the mailbox; nobody is watched or called. */
  mailboxOnly: boolean;
  /** Accounts of contacts with whom they do, whatever `relayOnly` says. Of a change: only those that it names. */
  relayOnlyWith: { [accountId: Id]: boolean };
}

/** Commands of the window. The password is handed over as transferred bytes (UTF-8) and zeroed after use. */
export interface CoreApi {
  start(params: Record<string, never>): Session;
  takeOver(params: Record<string, never>): Session;
  createAccount(params: { username: string; password: Uint8Array }): Session;
  signIn(params: { username: string; password: Uint8Array }): Session;
  unlock(params: { password: Uint8Array }): Session;
  lock(params: Record<string, never>): Session;
  chats(params: Record<string, never>): ChatView[];
  /** Looks the name up, pins the account, makes the chat (or finds it), accepts the contact on our side. */
  startChat(params: { username: string }): ChatView;
  /** Opens a thread at its end; notices for this chat follow until `closeChat`. */
  openChat(params: { chatId: Id }): ThreadPage & { gaps: GapView[] };
  loadOlder(params: { chatId: Id; beforeOrder: number }): ThreadPage;
  closeChat(params: { chatId: Id }): void;
  /** `id` is made by the window (16 random bytes), so that its optimistic row and the stored row are one. */
  sendText(params: { chatId: Id; id: Id; text: string }): MessageView;
  /** Everything incoming up to and including `order` was on the screen of a visible window. */
  markRead(params: { chatId: Id; order: number }): void;
  saveDraft(params: { chatId: Id; text: string }): void;
  /** The user has spoken to the person by another way: the identity that the server gives now is trusted. */
  trustIdentity(params: { chatId: Id }): void;
  /** The user has read that so many expired (`expired`). */
  dismissExpired(params: { count: number }): void;
  /** Kept and in force when it has resolved, also without a server. */
  changeSettings(params: Partial<Settings>): void;
  /** Whatever waits for a later try is tried now. */
  tryConnectNow(params: Record<string, never>): void;
  /** Network came or went (`online` / `offline` events of the window). */
  network(params: { online: boolean }): void;

  /* WebRTC: the worker decides, the window owns the RTCPeerConnection. */
  /** Whether this browser has RTCPeerConnection at all; told once after `start`. */
  rtcAvailable(params: { available: boolean }): void;
  /** `n` of the `rtcOpen` that it answers: what belongs to an older one counts no more. */
  rtcDescription(params: { call: Id; n: number; kind: 'offer' | 'answer'; sdp: string }): void;
  rtcCandidates(params: { call: Id; n: number; candidates: IceCandidate[] }): void;
  /**
   * The data channel, transferred in the task that made it (a browser refuses later), so it is not open yet: even one
   * that was open reports `connecting` here until its `open` event. Comes before `rtcDescription` at the offerer. A port
   * to the channel where the browser keeps that in the window.
   */
  rtcChannel(params: { call: Id; channel: RTCDataChannel | MessagePort }): void;
  rtcState(params: { call: Id; state: 'disconnected' | 'failed' | 'closed'; relayed?: boolean }): void;
  /** By getStats, at first and whenever it changes: whether either end of the selected pair is a TURN relay. */
  rtcRoute(params: { call: Id; turn: boolean }): void;
}

/** Between a data channel that stays in the window and the worker, over a port. Without a frame: close. */
export type ToBridge = { frame?: ArrayBuffer };
/** `taken`: bytes of all frames that the window has got; `buffered`: those that the channel has not sent yet. */
export type FromBridge =
  | { state: RTCDataChannelState }
  | { frame: ArrayBuffer }
  | { taken: number; buffered: number };

export interface IceCandidate {
  candidate: string;
  sdpMid: string | null;
  sdpMLineIndex: number | null;
}

/** Told by the worker unasked. */
export interface CoreNotices {
  session: Session;
  /** New or changed rows of the chat list. */
  chats: ChatView[];
  /** New or changed rows of an open thread. */
  messages: { chatId: Id; rows: MessageView[] };
  /** All that is missing in an open thread, after it changed. */
  gaps: { chatId: Id; gaps: GapView[] };
  connection: Connection;
  /** Envelopes that expired in the mailbox of this device, as many as the user has not dismissed. */
  expired: { count: number };
  /** Once after unlocking, and whenever a device of the account has changed them. */
  settings: Settings;
  /** Something the user must know that belongs to no command (storage full, server refused, …). */
  fault: Fault;
  /** Negotiate, the nth time of this call. At first: make an RTCPeerConnection; the offerer also makes the channel `mp2p/1` and an offer. */
  rtcOpen: {
    call: Id;
    n: number;
    offerer: boolean;
    iceServers: RTCIceServer[];
    relayOnly: boolean;
    offerSdp?: string;
  };
  rtcAnswer: { call: Id; sdp: string };
  rtcRemoteCandidates: { call: Id; candidates: IceCandidate[] };
  rtcClose: { call: Id };
}
