/**
 * The sealed database: what the rest of the core reads and writes (MP2P/1 §9.7). On disk every key is blinded and
 * every value sealed under the LDK, bound to its store, key and schema.
 *
 * @typedef {import('../engine-contract.js').Database} DatabaseContract
 * @typedef {import('../engine-contract.js').StoreName} StoreName
 * @typedef {import('../engine-contract.js').KeyPart} KeyPart
 * @typedef {import('../engine-contract.js').ListOptions} ListOptions
 * @typedef {import('../engine-contract.js').Tx} Tx
 * @typedef {import('./storage.js').Storage} Storage
 * @typedef {import('./storage.js').Operation} Operation
 * @typedef {import('./storage.js').Durability} Durability
 */

import { decodeValue, encodeValue } from './codec.js';
import { blindOf, keyBytes, keyFromDisk, keyOnDisk } from './keys.js';
import { RowSeal } from './row-seal.js';
import { META } from './schema.js';
import { StorageError } from './storage-error.js';

/**
 * @param {Storage} storage claimed
 * @param {Uint8Array} ldk
 * @returns {Database}
 */
export function openDatabase(storage, ldk) {
  return new Database(storage, ldk);
}

/** @implements {DatabaseContract} */
export class Database {
  #storage;
  #keys;
  #blind;

  /**
   * @param {Storage} storage
   * @param {Uint8Array} ldk
   */
  constructor(storage, ldk) {
    this.#storage = storage;
    this.#keys = new RowSeal(ldk);
    this.#blind = (/** @type {Uint8Array} */ input) => this.#keys.blind(input);
  }

  /**
   * @template [T=unknown]
   * @param {StoreName} store
   * @param {KeyPart[]} key
   * @returns {Promise<T | undefined>}
   */
  async get(store, key) {
    const onDisk = keyOnDisk(this.#blind, key);
    const sealed = await this.#storage.read(store, (rows) => rows.get(idbKey(onDisk)));
    return sealed === undefined ? undefined : /** @type {T} */ (this.#open(store, onDisk, sealed));
  }

  /**
   * @template [T=unknown]
   * @param {StoreName} store
   * @param {KeyPart[][]} keys
   * @returns {Promise<(T | undefined)[]>}
   */
  async getMany(store, keys) {
    const onDisk = keys.map((key) => keyOnDisk(this.#blind, key));
    const sealed = await this.#storage.readAll(store, (rows) => onDisk.map((key) => rows.get(idbKey(key))));
    return onDisk.map((key, i) =>
      sealed[i] === undefined ? undefined : /** @type {T} */ (this.#open(store, key, sealed[i])),
    );
  }

  /**
   * @template [T=unknown]
   * @param {StoreName} store
   * @param {(string | Uint8Array)[]} names
   * @param {ListOptions} [options]
   * @returns {Promise<import('../engine-contract.js').Row<T>[]>}
   */
  async list(store, names, options = {}) {
    const range = names.length === 0 ? null : this.#range(names, options);
    const rows = options.reverse
      ? await this.#storage.readBackwards(store, range, options.limit ?? Number.POSITIVE_INFINITY)
      : await this.#readForwards(store, range, options.limit);
    return rows.map(([key, sealed]) => {
      const onDisk = keyFromDisk(key);
      const [, ...counters] = onDisk;
      return {
        counters: /** @type {number[]} */ (counters),
        value: /** @type {T} */ (this.#open(store, onDisk, sealed)),
      };
    });
  }

  /**
   * @param {StoreName} store
   * @param {(string | Uint8Array)[]} names
   * @returns {Promise<number>}
   */
  count(store, names) {
    const range = names.length === 0 ? undefined : this.#range(names);
    return this.#storage.read(store, (rows) => rows.count(range));
  }

  /**
   * @param {StoreName} store
   * @param {(string | Uint8Array)[]} names
   * @returns {Promise<number[][]>}
   */
  async counters(store, names) {
    const range = this.#range(names);
    const keys = await this.#storage.read(store, (rows) => rows.getAllKeys(range));
    return keys.map((key) => /** @type {number[]} */ (keyFromDisk(key).slice(1)));
  }

  /**
   * @param {(tx: Tx) => void} write
   * @param {{ durability?: Durability }} [options]
   * @returns {Promise<void>}
   */
  async commit(write, { durability = 'strict' } = {}) {
    const collected = this.#collect(write);
    if (collected.length > 0) await this.#storage.write(collected, durability);
  }

  /**
   * As `commit`, together with the device record that lies in the open.
   *
   * @param {object} device
   * @param {(tx: Tx) => void} write
   */
  async commitWithDevice(device, write) {
    await this.#storage.write([{ store: META, put: device, key: 'device' }, ...this.#collect(write)]);
  }

  /** Seals everything before a transaction opens. @param {(tx: Tx) => void} write */
  #collect(write) {
    /** @type {Operation[]} */
    const operations = [];
    write({
      put: (store, key, value) => {
        const onDisk = keyOnDisk(this.#blind, key);
        const sealed = this.#keys.seal(store, keyBytes(onDisk), this.#storage.schema, encodeValue(value));
        operations.push({ store, put: sealed, key: idbKey(onDisk) });
      },
      delete: (store, key) => {
        operations.push({ store, delete: idbKey(keyOnDisk(this.#blind, key)) });
      },
      deleteAll: (store, names) => {
        operations.push(names.length === 0 ? { store, clear: true } : { store, delete: this.#range(names) });
      },
    });
    return operations;
  }

  /**
   * @param {StoreName} store
   * @param {IDBKeyRange | null} range
   * @param {number} [limit]
   * @returns {Promise<[IDBValidKey, unknown][]>}
   */
  async #readForwards(store, range, limit) {
    const [keys, values] = await this.#storage.readAll(store, (rows) => [
      /** @type {IDBRequest<unknown[]>} */ (rows.getAllKeys(range, limit)),
      /** @type {IDBRequest<unknown[]>} */ (rows.getAll(range, limit)),
    ]);
    return /** @type {IDBValidKey[]} */ (keys).map((key, i) => [key, values?.[i]]);
  }

  /**
   * @param {(string | Uint8Array)[]} names
   * @param {ListOptions} [options]
   */
  #range(names, { from, to } = {}) {
    const blind = blindOf(this.#blind, names);
    // In IndexedDB's order a shorter array comes first and an array comes after every number.
    return IDBKeyRange.bound(
      idbKey(from === undefined ? [blind] : [blind, from]),
      idbKey(to === undefined ? [blind, []] : [blind, to, []]),
    );
  }

  /**
   * @param {StoreName} store
   * @param {(Uint8Array | number)[]} key
   * @param {unknown} sealed
   */
  #open(store, key, sealed) {
    try {
      const bytes = this.#keys.open(
        store,
        keyBytes(key),
        this.#storage.schema,
        /** @type {Uint8Array} */ (sealed),
      );
      return decodeValue(bytes);
    } catch (cause) {
      throw new StorageError('storage-broken', `a row of ${store} does not open`, { cause });
    }
  }
}

/** @param {(Uint8Array | number | never[])[]} key @returns {IDBValidKey} */
const idbKey = (key) => /** @type {IDBValidKey} */ (/** @type {unknown} */ (key));
