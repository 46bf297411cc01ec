/**
 * The seam between the core's foundation (storage, account, REST) and the messaging engine.
 *
 * `core.worker.js` makes the foundation, unlocks the account and then makes ONE engine by
 * `createEngine(context)` of `engine.js`. Every command of `CoreApi` that is not about the session itself goes to
 * the engine's method of the same name. When the account is locked, signed out or taken over by another tab the
 * engine is stopped and thrown away; a later unlock makes a new one.
 */
import type { Rest } from './api/rest.js';
import type { DeviceList } from './crypto/device-list.js';
import type { CoreApi, CoreNotices } from './protocol.js';

/* ───── engine ───── */

export type SessionCommand = 'start' | 'takeOver' | 'createAccount' | 'signIn' | 'unlock' | 'lock';
export type EngineCommand = Exclude<keyof CoreApi, SessionCommand>;

type Command<F> = F extends (params: infer P) => infer R ? (params: P) => R | Promise<R> : never;

export type Engine = { [K in EngineCommand]: Command<CoreApi[K]> } & {
  /**
   * Called once, before the window is told `ready`. Resolves when the local state is loaded; never waits for the network
   * (messages are readable offline). Commands come after it has resolved, `network` and `rtcAvailable` that the
   * window told earlier first of all.
   */
  start(): Promise<void>;
  /**
   * Closes sockets and channels, ends timers, drops plaintext. After it has resolved the engine commits nothing
   * more. May be called at any time, also while `start` runs, and also after the database is gone.
   */
  stop(): Promise<void>;
};

export interface EngineContext {
  account: Account;
  db: Database;
  api: Rest;
  queue: Queue;
  notify: Notify;
}
export type CreateEngine = (context: EngineContext) => Engine;

export type Notify = <K extends keyof CoreNotices>(notice: K, data: CoreNotices[K]) => void;

/** The one promise queue (MP2P/1 §11.1 item 3). */
export interface Queue {
  /** Runs `task` after everything queued before it has settled; gives its result or its error. Do not nest. */
  run<T>(task: () => T | Promise<T>): Promise<T>;
}

/* ───── database (MP2P/1 §9.7) ───── */

export type StoreName =
  | 'keys'
  | 'chats'
  | 'contacts'
  | 'drafts'
  | 'messages'
  | 'outbox'
  | 'retry'
  | 'held'
  | 'sessions'
  | 'skipped'
  | 'prekeys'
  | 'seen';

/**
 * Key of a row: one or more names, then any counters. The names (strings and bytes, together, in order) become one
 * blind of 16 bytes on disk. **Numbers lie on disk in the open**, for they give the order: counters only, never a
 * device id (use bytes for those).
 */
export type KeyPart = string | Uint8Array | number;

/** What a row may hold: see db/codec.js. No undefined (absent keys instead), no class instances, no cycles. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Value[]
  | { [key: string]: Value | undefined };

export interface Row<T> {
  /** The counters of the key; the names are blinded and come back only if the value holds them. */
  counters: number[];
  value: T;
}

export interface ListOptions {
  /** First counter ≥ this. Only with a prefix that has names. */
  from?: number;
  /** First counter ≤ this. Only with a prefix that has names. */
  to?: number;
  /** Newest (highest) counters first. */
  reverse?: boolean;
  limit?: number;
}

/** The type of a value comes from where it goes: `const chat = await db.get(…)` with a JSDoc `@type` on `chat`. */
export interface Database {
  get<T = unknown>(store: StoreName, key: KeyPart[]): Promise<T | undefined>;
  /** Same order as `keys`; read in one transaction. */
  getMany<T = unknown>(store: StoreName, keys: KeyPart[][]): Promise<(T | undefined)[]>;
  /** All rows whose key has exactly these names, in counter order; with `[]` the whole store in no useful order. */
  list<T = unknown>(
    store: StoreName,
    names: (string | Uint8Array)[],
    options?: ListOptions,
  ): Promise<Row<T>[]>;
  count(store: StoreName, names: (string | Uint8Array)[]): Promise<number>;
  /** Of all rows whose key has exactly these names, in order, without opening a value. */
  counters(store: StoreName, names: (string | Uint8Array)[]): Promise<number[][]>;
  /**
   * ONE strict, fenced transaction. `write` runs synchronously and only collects (each put seals at once); then the
   * transaction opens, reads the fence, puts everything and completes. Resolves in `oncomplete`: only then may a
   * frame leave, an envelope be acknowledged or memory be replaced. If `write` throws nothing is written.
   * Rejects with StorageError `storage-full` | `storage-broken` | `elsewhere` and has then written nothing.
   */
  commit(write: (tx: Tx) => void, options?: { durability?: 'strict' | 'relaxed' }): Promise<void>;
}

export interface Tx {
  put(store: StoreName, key: KeyPart[], value: Value | object): void;
  delete(store: StoreName, key: KeyPart[]): void;
  /** Every row of these names (see `list`); with `[]` the whole store. */
  deleteAll(store: StoreName, names: (string | Uint8Array)[]): void;
}

/* ───── account ───── */

export type Audience = 'auth' | 'mailbox' | 'signaling';

/** §9.3 `pin`; bytes are base64url as in the vault's JSON. */
export interface Pin {
  account_id: string;
  aik: string;
  username?: string;
  state: 'none' | 'accepted' | 'blocked';
  they_accepted: boolean;
  verified: boolean;
  list_version: number;
  dlc_hash: string;
  delivery_key?: string;
  at: number;
  trusted_at?: number;
}

/** §9.3 `items` without `aik_seed`, which stays sealed until a list is signed. */
export interface VaultItems {
  delivery_key: string;
  backup_keys: { gen: number; key: string }[];
  unlock_keys: { gen: number; key: string; added_ms: number }[];
  log_key?: string;
  left: number[];
  pins: Pin[];
  settings: Record<string, unknown>;
}

export interface Account {
  readonly accountId: Uint8Array;
  readonly username: string;
  readonly serverName: string;
  readonly deviceId: number;
  /** Public AIK. */
  readonly aik: Uint8Array;
  readonly dsk: { publicKey: Uint8Array; seed: Uint8Array };
  readonly dhk: { publicKey: Uint8Array; secretKey: Uint8Array };
  /** This device joined an account that existed: it has SYNC `state` and PROFILE to send first (§2). */
  readonly joined: boolean;
  /**
   * Devices that this database belonged to before the user signed in again on it (§2). Sessions, skipped keys,
   * prekeys and retry entries are gone then; envelopes of `outbox` made by such a device are to be made again.
   */
  readonly formerDeviceIds: readonly number[];
  /** Newest verified own list. */
  readonly deviceList: DeviceList;
  readonly listVersion: number;
  /** `pending`: changed here, and not on the server yet. */
  readonly vault: {
    readonly version: number;
    readonly vrkGen: number;
    readonly items: VaultItems;
    readonly pending: boolean;
  };
  /** Asks for the vault, once for all who ask meanwhile; whether it was answered, never rejects. */
  askVault(): Promise<boolean>;
  readonly deliveryKey: Uint8Array;
  /** MAILBOX_TTL of this server in days, as last told. */
  readonly mailboxTtlDays: number;

  /** A token with at least 30 s to live; all three come from one refresh, however many ask at once. */
  token(audience: Audience): Promise<string>;
  /** Fetches three new tokens now (after a refused handshake, at `reauth`). */
  refreshTokens(): Promise<void>;
  /**
   * Changes the vault's items: `change` edits the items it is given (it may run again on merged items, so it must
   * be repeatable). The change is committed locally first and pushed by compare-and-swap; if the push fails the
   * promise rejects, the change stays and `upkeep` pushes it again.
   */
  updateVault(change: (items: VaultItems) => void): Promise<void>;
  /** Fetches and verifies newer own lists, commits them and the own pin; gives the newest list. */
  updateOwnDeviceList(): Promise<DeviceList>;
  /**
   * Everything due while online: delivery token, own list, vault, prekey digest, refill, rotation. The engine calls
   * it after each connect and every 12 h; calls that overlap share one run. `asked`: what `askVault` said just now; the
   * vault is not asked for again if that was answered.
   */
  upkeep(asked?: Promise<boolean>): Promise<void>;
  /**
   * After a session was accepted with a one-time key or E_UNKNOWN_PREKEY was seen: digest check and refill.
   * Calls that overlap share a run. `exhaustedSpk`: SPK whose replay cache is full; replaced with the PQL, if it is the
   * current one.
   */
  replenishPrekeys(options?: { exhaustedSpk?: number | null }): Promise<void>;
  /** Told after a committed change of own list or vault (SYNC `state` is due). Returns the way to stop. */
  onStateChange(listener: () => void): () => void;
}

/** Row of store `prekeys` under `prekeyKey(kind, keyId)` of account/prekey-rows.js; the engine deletes one-time rows. */
export interface PrekeyRow {
  row: 'prekey';
  /** 1 SPK, 2 OPK, 3 PQL, 4 PQO. */
  kind: number;
  keyId: number;
  createdMs: number;
  publicKey: Uint8Array;
  /** X25519 secret key, or the ML-KEM seed of 64 bytes. */
  secret: Uint8Array;
  /** For kinds 1 and 3 that a newer one replaced: when. */
  retiredMs?: number;
}
