/**
 * A Database in memory with the contract of engine-contract.d.ts and the codec of the real one. The rows outlive it,
 * as a disk outlives a tab; `before` and `after` of a commit are where a tab may die. Of several databases on one
 * disk, as two tabs have it, the newest alone may write (the fence of MP2P/1 §11.1).
 *
 * @typedef {import('../engine-contract.js').Database} Database
 * @typedef {import('../engine-contract.js').StoreName} StoreName
 * @typedef {import('../engine-contract.js').KeyPart} KeyPart
 * @typedef {{ key: KeyPart[], counters: number[], bytes: Uint8Array, value?: any }} StoredRow value: decoded for a
 *   test
 */
import { toHex } from '../crypto/bytes.js';
import { decodeValue, encodeValue } from '../db/codec.js';
import { StorageError } from '../db/storage-error.js';

/** What lies there when no tab is open. */
export class Disk {
  /** Rows of the same store and names. @type {Map<string, Map<string, StoredRow>>} */
  #partitions = new Map();
  /** Of the database opened last. */
  fence = 0;

  /** The same rows for themselves: a copied profile directory. */
  copy() {
    const copy = new Disk();
    for (const [partition, rows] of this.#partitions) copy.#partitions.set(partition, new Map(rows));
    return copy;
  }

  /** @param {StoreName[]} stores whose rows are lost */
  clear(stores) {
    for (const partition of this.#partitions.keys())
      if (stores.some((store) => partition.startsWith(`${store}/`))) this.#partitions.delete(partition);
  }

  /**
   * @param {StoreName} store
   * @param {KeyPart[]} key
   */
  read(store, key) {
    const row = this.#partitions.get(partitionOf(store, key))?.get(idOf(key));
    return row && decodeValue(row.bytes);
  }

  /**
   * @param {StoreName} store
   * @param {KeyPart[]} key
   * @param {Uint8Array} bytes
   */
  write(store, key, bytes) {
    const partition = partitionOf(store, key);
    const rows = this.#partitions.get(partition) ?? new Map();
    this.#partitions.set(partition, rows.set(idOf(key), { key, counters: countersOf(key), bytes }));
  }

  /**
   * @param {StoreName} store
   * @param {KeyPart[]} key
   */
  erase(store, key) {
    this.#partitions.get(partitionOf(store, key))?.delete(idOf(key));
  }

  /**
   * @param {StoreName} store
   * @param {(string | Uint8Array)[]} names with `[]` the whole store
   * @returns {StoredRow[]} in counter order
   */
  rows(store, names) {
    const wanted = partitionOf(store, names);
    const rows =
      names.length > 0
        ? [...(this.#partitions.get(wanted)?.values() ?? [])]
        : [...this.#partitions].flatMap(([partition, found]) =>
            partition.startsWith(wanted) ? [...found.values()] : [],
          );
    return rows.sort((a, b) => (a.counters[0] ?? 0) - (b.counters[0] ?? 0));
  }

  /**
   * Everything, to be put into another database.
   *
   * @returns {{ store: StoreName, key: KeyPart[], value: any }[]}
   */
  entries() {
    return [...this.#partitions].flatMap(([partition, rows]) => {
      const store = /** @type {StoreName} */ (partition.slice(0, partition.indexOf('/')));
      return [...rows.values()].map(({ key, bytes }) => ({ store, key, value: decodeValue(bytes) }));
    });
  }

  /**
   * For a test to look at.
   *
   * @param {StoreName} store
   * @returns {any[]}
   */
  values(store) {
    return this.rows(store, []).map((row) => {
      row.value ??= decodeValue(row.bytes);
      return row.value;
    });
  }
}

/** @implements {Database} */
export class MemoryDatabase {
  #disk;
  #fence;
  /** @type {((when: 'before' | 'after', stores: Set<string>) => void) | null} */
  onCommit = null;
  /** Told of each row that a commit has written. @type {((store: StoreName, value: any) => void) | null} */
  onWrite = null;
  /** A newer tab has taken over. @type {(() => void) | null} */
  onFenced = null;
  /** The next commits abort as a full disk does. */
  full = false;
  dead = false;
  commits = 0;

  /** @param {Disk} disk */
  constructor(disk) {
    this.#disk = disk;
    disk.fence += 1;
    this.#fence = disk.fence;
  }

  /**
   * @param {StoreName} store
   * @param {KeyPart[]} key
   * @returns {Promise<any>}
   */
  async get(store, key) {
    await this.#alive();
    return frozen(this.#disk.read(store, key));
  }

  /**
   * @param {StoreName} store
   * @param {KeyPart[][]} keys
   * @returns {Promise<any[]>}
   */
  getMany(store, keys) {
    return Promise.all(keys.map((key) => this.get(store, key)));
  }

  /**
   * @param {StoreName} store
   * @param {(string | Uint8Array)[]} names
   * @param {import('../engine-contract.js').ListOptions} [options]
   * @returns {Promise<any[]>}
   */
  async list(store, names, { from = 0, to = Number.POSITIVE_INFINITY, reverse, limit } = {}) {
    await this.#alive();
    const rows = this.#disk
      .rows(store, names)
      .filter(({ counters: [first = 0] }) => names.length === 0 || (first >= from && first <= to));
    if (reverse) rows.reverse();
    return rows.slice(0, limit).map((row) => ({ counters: row.counters, value: decodeValue(row.bytes) }));
  }

  /**
   * @param {StoreName} store
   * @param {(string | Uint8Array)[]} names
   */
  async count(store, names) {
    return (await this.list(store, names)).length;
  }

  /**
   * @param {StoreName} store
   * @param {(string | Uint8Array)[]} names
   */
  async counters(store, names) {
    await this.#alive();
    return this.#disk.rows(store, names).map((row) => row.counters);
  }

  /** @param {(tx: import('../engine-contract.js').Tx) => void} write */
  async commit(write) {
    await this.#alive();
    /** @type {(() => void)[]} */
    const operations = [];
    /** @type {Set<string>} */
    const stores = new Set();
    write({
      put: (store, key, value) => {
        const bytes = encodeValue(value);
        stores.add(store);
        operations.push(() => {
          this.#disk.write(store, key, bytes);
          this.onWrite?.(store, value);
        });
      },
      delete: (store, key) => operations.push(() => this.#disk.erase(store, key)),
      deleteAll: () => assertNever(),
    });
    this.onCommit?.('before', stores);
    await this.#alive();
    if (this.#fence !== this.#disk.fence) {
      this.onFenced?.();
      throw new StorageError('elsewhere', 'another tab leads');
    }
    if (this.full) throw new StorageError('storage-full', 'the disk is full');
    for (const operation of operations) operation();
    this.commits += 1;
    this.onCommit?.('after', stores);
    await this.#alive();
  }

  /** A dead tab hears nothing more. */
  #alive() {
    return this.dead ? new Promise(() => {}) : Promise.resolve();
  }
}

/**
 * A row that was read is changed by putting another one (scratch.js): whoever writes into it throws.
 *
 * @param {any} value
 * @returns {any}
 */
function frozen(value) {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

/** @param {KeyPart[]} key */
const countersOf = (key) => key.filter((part) => typeof part === 'number');

/** @param {KeyPart[]} key */
const idOf = (key) => countersOf(key).join();

/**
 * @param {StoreName} store
 * @param {KeyPart[]} key
 */
function partitionOf(store, key) {
  let partition = `${store}/`;
  for (const part of key)
    if (typeof part !== 'number') partition += typeof part === 'string' ? `s:${part}/` : `${toHex(part)}/`;
  return partition;
}

/** @returns {never} */
function assertNever() {
  throw new Error('the engine has no use for deleteAll');
}
