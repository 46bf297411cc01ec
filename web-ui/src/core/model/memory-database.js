/**
 * A Database in memory with the contract of engine-contract.d.ts and the codec of the real one. The rows outlive it,
 * as a disk outlives a tab; `before` and `after` of a commit are where a tab may die.
 *
 * @typedef {import('../engine-contract.js').Database} Database
 * @typedef {import('../engine-contract.js').StoreName} StoreName
 * @typedef {import('../engine-contract.js').KeyPart} KeyPart
 * @typedef {Map<string, { store: string, names: string, counters: number[], bytes: Uint8Array }>} Disk
 */
import { toHex } from '../crypto/bytes.js';
import { decodeValue, encodeValue } from '../db/codec.js';
import { StorageError } from '../db/storage-error.js';

/** @returns {Disk} */
export const newDisk = () => new Map();

/** @implements {Database} */
export class MemoryDatabase {
  #disk;
  /** @type {((when: 'before' | 'after', stores: Set<string>) => void) | null} */
  onCommit = null;
  /** The next commits abort as a full disk does. */
  full = false;
  dead = false;
  commits = 0;

  /** @param {Disk} disk */
  constructor(disk) {
    this.#disk = disk;
  }

  /**
   * @param {StoreName} store
   * @param {KeyPart[]} key
   * @returns {Promise<any>}
   */
  async get(store, key) {
    await this.#alive();
    const row = this.#disk.get(idOf(store, key));
    return row && decodeValue(row.bytes);
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
    const wanted = namesOf(names);
    const rows = [...this.#disk.values()]
      .filter((row) => row.store === store && (names.length === 0 || row.names === wanted))
      .filter((row) => names.length === 0 || ((row.counters[0] ?? 0) >= from && (row.counters[0] ?? 0) <= to))
      .sort((a, b) => (a.counters[0] ?? 0) - (b.counters[0] ?? 0));
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
        const counters = key.filter((part) => typeof part === 'number');
        const names = namesOf(key.filter((part) => typeof part !== 'number'));
        stores.add(store);
        operations.push(() => this.#disk.set(idOf(store, key), { store, names, counters, bytes }));
      },
      delete: (store, key) => operations.push(() => this.#disk.delete(idOf(store, key))),
      deleteAll: () => assertNever(),
    });
    this.onCommit?.('before', stores);
    await this.#alive();
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

/** @param {KeyPart[]} names */
const namesOf = (names) =>
  names
    .map((part) => (typeof part === 'string' ? `s:${part}` : toHex(/** @type {Uint8Array} */ (part))))
    .join('/');

/**
 * @param {StoreName} store
 * @param {KeyPart[]} key
 */
const idOf = (store, key) =>
  `${store}/${namesOf(key.filter((part) => typeof part !== 'number'))}#${key.filter((part) => typeof part === 'number').join()}`;

/** @returns {never} */
function assertNever() {
  throw new Error('the engine has no use for deleteAll');
}
