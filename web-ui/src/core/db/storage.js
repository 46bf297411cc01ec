/**
 * The IndexedDB connection of the leading tab: opening, migrating, the open rows of `meta`, and the one way to
 * write: a fenced transaction (MP2P/1 §11.1 items 2, 4, 7, 8). Sealing is the business of database.js.
 *
 * @typedef {import('../engine-contract.js').StoreName} StoreName
 * @typedef {{ store: StoreName | 'meta', put: unknown, key: IDBValidKey }
 *   | { store: StoreName | 'meta', delete: IDBValidKey | IDBKeyRange }
 *   | { store: StoreName, clear: true }} Operation
 * @typedef {'strict' | 'relaxed'} Durability
 */
import { META, migrate, SCHEMA, SEALED_STORES } from './schema.js';
import { StorageError, toStorageError } from './storage-error.js';

export const DATABASE_NAME = 'mp2p';

/** How long another tab may hold an older schema open before this one gives up. */
const BLOCKED_MS = 10_000;

/**
 * @param {{ onLost: (error: StorageError) => void, name?: string, schema?: number,
 *   migrations?: typeof import('./schema.js').MIGRATIONS }} options `onLost`: the connection ended by itself
 * @returns {Promise<Storage>}
 */
export async function openStorage({ onLost, name = DATABASE_NAME, schema = SCHEMA, migrations }) {
  return new Storage(await connect(name, schema, migrations), onLost);
}

/**
 * @param {string} name
 * @param {number} schema
 * @param {typeof import('./schema.js').MIGRATIONS} [migrations]
 * @returns {Promise<IDBDatabase>}
 */
function connect(name, schema, migrations) {
  return new Promise((resolve, reject) => {
    if (typeof indexedDB === 'undefined') throw new StorageError('storage-broken', 'no IndexedDB here');
    const request = indexedDB.open(name, schema);
    /** @type {unknown} */
    let failure;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let blocked;
    request.onblocked = () => {
      blocked ??= setTimeout(() => {
        failure = new StorageError('elsewhere', 'an older version is open in another tab');
        reject(failure);
      }, BLOCKED_MS);
    };
    request.onupgradeneeded = ({ oldVersion }) => {
      const transaction = /** @type {IDBTransaction} */ (request.transaction);
      try {
        migrate(request.result, transaction, oldVersion, schema, migrations);
      } catch (error) {
        failure = error;
        transaction.abort();
      }
    };
    request.onerror = () => {
      clearTimeout(blocked);
      reject(toStorageError(failure ?? request.error));
    };
    request.onsuccess = () => {
      clearTimeout(blocked);
      if (failure) request.result.close();
      else resolve(request.result);
    };
  });
}

export class Storage {
  #idb;
  /** @type {StorageError | null} */
  #closed = null;
  /** Generation under which this tab leads; 0 before `claim`. */
  #generation = 0;
  /** @type {{ store: StoreName | 'meta', transaction: IDBTransaction } | null} */
  #lastRead = null;
  #onLost;

  /**
   * @param {IDBDatabase} idb
   * @param {(error: StorageError) => void} onLost
   */
  constructor(idb, onLost) {
    this.#idb = idb;
    this.#onLost = onLost;
    // Deleted under us or the disk failed: stop. It is never made again under this device id (§7.4), the next
    // start finds no account.
    idb.onversionchange = ({ newVersion }) =>
      this.#lose(
        newVersion === null
          ? new StorageError('storage-broken', 'the database is being deleted')
          : new StorageError('elsewhere', 'another tab brings a newer version'),
      );
    idb.onclose = () => this.#lose(new StorageError('storage-broken', 'the browser closed the database'));
  }

  get generation() {
    return this.#generation;
  }

  get schema() {
    return this.#idb.version;
  }

  /** Becomes the one writer: every earlier generation's write aborts from now on. @returns {Promise<number>} */
  async claim() {
    const generation = await this.#run([META], 'readwrite', 'strict', (transaction, done) => {
      const meta = transaction.objectStore(META);
      const leader = meta.get('leader');
      leader.onsuccess = () => {
        const next = Number(leader.result ?? 0) + 1;
        meta.put(next, 'leader');
        done(next);
      };
    });
    this.#generation = generation;
    return generation;
  }

  /** @param {'device' | 'leader' | 'schema'} key @returns {Promise<any>} */
  meta(key) {
    return this.read(META, (store) => store.get(key));
  }

  /**
   * One read of one store; resolves as soon as it is answered, for only what is written waits for `complete`.
   *
   * @template T
   * @param {StoreName | 'meta'} store
   * @param {(store: IDBObjectStore) => IDBRequest<T>} request
   * @returns {Promise<T>}
   */
  read(store, request) {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw this.#closed;
      const reading = this.#requestOf(store, request);
      reading.onsuccess = () => resolve(reading.result);
      reading.onerror = () => reject(this.#closed ?? toStorageError(reading.error));
    });
  }

  /**
   * In the transaction of the read before, where that is still active: until the microtasks after its answer have
   * run. A third of the time, when one read follows the other.
   *
   * @template T
   * @param {StoreName | 'meta'} store
   * @param {(store: IDBObjectStore) => IDBRequest<T>} request
   */
  #requestOf(store, request) {
    if (this.#lastRead?.store === store) {
      try {
        return request(this.#lastRead.transaction.objectStore(store));
      } catch (error) {
        if (!isOver(error)) throw error;
      }
    }
    const transaction = this.#open([store], 'readonly', 'relaxed');
    this.#lastRead = { store, transaction };
    return request(transaction.objectStore(store));
  }

  /**
   * Several reads of one store in one transaction, in order.
   *
   * @template T
   * @param {StoreName} store
   * @param {(store: IDBObjectStore) => IDBRequest<T>[]} requests
   * @returns {Promise<T[]>}
   */
  readAll(store, requests) {
    return this.#run([store], 'readonly', 'relaxed', (transaction, done) => {
      const readings = requests(transaction.objectStore(store));
      if (readings.length === 0) done([]);
      const last = readings.at(-1);
      // requests of one transaction succeed in the order they were made
      if (last) last.onsuccess = () => done(readings.map((reading) => reading.result));
    });
  }

  /**
   * Walks a range backwards.
   *
   * @param {StoreName} store
   * @param {IDBKeyRange | null} range
   * @param {number} limit
   * @returns {Promise<[IDBValidKey, unknown][]>}
   */
  readBackwards(store, range, limit) {
    return this.#run([store], 'readonly', 'relaxed', (transaction, done) => {
      /** @type {[IDBValidKey, unknown][]} */
      const rows = [];
      const walking = transaction.objectStore(store).openCursor(range, 'prev');
      walking.onsuccess = () => {
        const cursor = walking.result;
        if (cursor) rows.push([cursor.key, cursor.value]);
        if (cursor && rows.length < limit) cursor.continue();
        else done(rows);
      };
    });
  }

  /**
   * Everything or nothing, and nothing unless this tab still leads. Nothing but IndexedDB requests happens between
   * opening and `complete` (§11.1 item 4): an awaited promise would let the transaction commit by itself.
   *
   * @param {Operation[]} operations
   * @param {Durability} [durability]
   * @returns {Promise<void>}
   */
  write(operations, durability = 'strict') {
    const stores = new Set(operations.map((operation) => operation.store)).add(META);
    this.#lastRead = null; // a read from now on sees what is written here
    return this.#run([...stores], 'readwrite', durability, (transaction, done, refuse) => {
      const fence = transaction.objectStore(META).get('leader');
      fence.onsuccess = () => {
        if (fence.result !== this.#generation) return refuse(this.#fenced());
        for (const operation of operations) {
          const store = transaction.objectStore(operation.store);
          if ('put' in operation) store.put(operation.put, operation.key);
          else if ('clear' in operation) store.clear();
          else store.delete(operation.delete);
        }
        done(undefined);
      };
    });
  }

  /** Forgets account and content; generation and schema stay. @returns {Promise<void>} */
  erase() {
    /** @type {Operation[]} */
    const operations = SEALED_STORES.map((store) => ({ store, clear: true }));
    return this.write([...operations, { store: META, delete: 'device' }]);
  }

  /** @param {StorageError} [reason] what later calls are told */
  close(reason = new StorageError('storage-broken', 'the database is closed')) {
    this.#closed ??= reason;
    this.#idb.close();
  }

  /**
   * One transaction; resolves in `oncomplete` with what `done` was given.
   *
   * @template T
   * @param {string[]} stores
   * @param {IDBTransactionMode} mode
   * @param {Durability} durability
   * @param {(transaction: IDBTransaction, done: (result: T) => void, refuse: (error: StorageError) => void) => void} body
   * @returns {Promise<T>}
   */
  #run(stores, mode, durability, body) {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw this.#closed;
      const transaction = this.#open(stores, mode, durability);
      /** @type {T} */
      let result;
      /** @type {StorageError | undefined} */
      let refusal;
      transaction.oncomplete = () => resolve(result);
      // Quota errors arrive here, as does whatever a request's handler threw.
      transaction.onabort = () => reject(refusal ?? this.#closed ?? toStorageError(transaction.error));
      const done = (/** @type {T} */ value) => {
        result = value;
      };
      const refuse = (/** @type {StorageError} */ error) => {
        refusal = error;
        transaction.abort();
      };
      body(transaction, done, refuse);
    });
  }

  /** @param {string[]} stores @param {IDBTransactionMode} mode @param {Durability} durability */
  #open(stores, mode, durability) {
    try {
      return this.#idb.transaction(stores, mode, { durability });
    } catch (error) {
      throw toStorageError(error); // the connection is going away
    }
  }

  #fenced() {
    const error = new StorageError('elsewhere', 'another tab leads');
    // After this transaction's own abort has been told.
    queueMicrotask(() => this.#lose(error));
    return error;
  }

  /** @param {StorageError} error */
  #lose(error) {
    if (this.#closed) return;
    this.close(error);
    this.#onLost(error);
  }
}

/**
 * Whether a transaction takes no more requests.
 *
 * @param {unknown} error
 */
function isOver(error) {
  return (
    error instanceof DOMException &&
    (error.name === 'TransactionInactiveError' || error.name === 'InvalidStateError')
  );
}
