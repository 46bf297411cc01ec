/**
 * The scratch copy of MP2P/1 §11.1: what one unit of work reads and means to write. Reads see the writes made so
 * far, nothing reaches the database before `commit`, and a part that fails is dropped with its fork. What may
 * happen only once the state is on disk (a frame, an acknowledgement, a notice) waits in `afterCommit`.
 *
 * Values are treated as immutable: change a row by putting a new object.
 *
 * @typedef {import('./engine-contract.js').Database} Database
 * @typedef {import('./engine-contract.js').StoreName} StoreName
 * @typedef {import('./engine-contract.js').KeyPart} KeyPart
 * @typedef {import('./engine-contract.js').ListOptions} ListOptions
 * @typedef {{ store: StoreName, key: KeyPart[], names: string, value: any }} Write `value` undefined: deleted
 */
import { toHex } from './crypto/bytes.js';

export class Scratch {
  /** @type {Database} */
  #database;
  /** @type {Scratch | null} */
  #parent;
  /** @type {Map<string, Write>} */
  #writes = new Map();
  /** What was read from the database, and what is not in it: each row is read once. @type {Map<string, any>} */
  #read = new Map();
  /** @type {(() => void)[]} */
  #afterCommit = [];
  /** @type {Map<string, unknown>} */
  #memo = new Map();

  /**
   * @param {Database} database
   * @param {Scratch | null} [parent]
   */
  constructor(database, parent = null) {
    this.#database = database;
    this.#parent = parent;
  }

  /**
   * @param {StoreName} store
   * @param {KeyPart[]} key
   * @returns {Promise<any>} undefined if there is no such row
   */
  async get(store, key) {
    const id = idOf(store, key);
    for (let layer = /** @type {Scratch | null} */ (this); layer; layer = layer.#parent) {
      const write = layer.#writes.get(id);
      if (write) return write.value;
      if (layer.#read.has(id)) return layer.#read.get(id);
    }
    const value = await this.#database.get(store, key);
    this.#read.set(id, value);
    return value;
  }

  /**
   * Reads rows that will be asked for in one go.
   *
   * @param {StoreName} store
   * @param {KeyPart[][]} keys
   */
  async prefetch(store, keys) {
    const values = await this.#database.getMany(store, keys);
    keys.forEach((key, i) => {
      this.#read.set(idOf(store, key), values[i]);
    });
  }

  /**
   * Rows of exactly these names in counter order, see Database.list. Limits are not taken: what is written here
   * could change which rows they cut off.
   *
   * @param {StoreName} store
   * @param {(string | Uint8Array)[]} names
   * @returns {Promise<{ counters: number[], value: any }[]>}
   */
  async list(store, names) {
    const wanted = idOf(store, names);
    /** @type {Map<string, { counters: number[], value: any }>} */
    const rows = new Map();
    for (const row of await this.#database.list(store, names)) rows.set(row.counters.join(), row);
    for (const layer of this.#layersOldestFirst()) {
      for (const write of layer.#writes.values()) {
        if (write.names !== wanted) continue;
        const counters = countersOf(write.key);
        if (write.value === undefined) rows.delete(counters.join());
        else rows.set(counters.join(), { counters, value: write.value });
      }
    }
    return [...rows.values()].sort((a, b) => compareCounters(a.counters, b.counters));
  }

  /**
   * Counters of the rows of exactly these names, in order: their values are not opened.
   *
   * @param {StoreName} store
   * @param {(string | Uint8Array)[]} names
   * @returns {Promise<number[][]>}
   */
  async counters(store, names) {
    const wanted = idOf(store, names);
    /** @type {Map<string, number[]>} */
    const found = new Map();
    for (const counters of await this.#database.counters(store, names)) found.set(counters.join(), counters);
    for (const layer of this.#layersOldestFirst()) {
      for (const write of layer.#writes.values()) {
        if (write.names !== wanted) continue;
        const counters = countersOf(write.key);
        if (write.value === undefined) found.delete(counters.join());
        else found.set(counters.join(), counters);
      }
    }
    return [...found.values()].sort(compareCounters);
  }

  /**
   * Rows of exactly these names that this unit of work has put or deleted so far.
   *
   * @param {StoreName} store
   * @param {(string | Uint8Array)[]} names
   * @returns {{ counters: number[], value: any }[]} `value` undefined: deleted
   */
  written(store, names) {
    const wanted = idOf(store, names);
    /** @type {Map<string, { counters: number[], value: any }>} */
    const rows = new Map();
    for (const layer of this.#layersOldestFirst())
      for (const [id, { key, names: of, value }] of layer.#writes)
        if (of === wanted) rows.set(id, { counters: countersOf(key), value });
    return [...rows.values()];
  }

  /**
   * @param {StoreName} store
   * @param {KeyPart[]} key
   * @param {object} value
   */
  put(store, key, value) {
    this.#write(store, key, value);
  }

  /**
   * @param {StoreName} store
   * @param {KeyPart[]} key
   */
  delete(store, key) {
    this.#write(store, key, undefined);
  }

  /**
   * A value that is dear to decode, kept for the rest of this unit of work.
   *
   * @param {string} key
   * @returns {any}
   */
  recall(key) {
    for (let layer = /** @type {Scratch | null} */ (this); layer; layer = layer.#parent) {
      if (layer.#memo.has(key)) return layer.#memo.get(key);
    }
    return undefined;
  }

  /**
   * @param {string} key
   * @param {unknown} value
   */
  remember(key, value) {
    this.#memo.set(key, value);
  }

  /** @param {() => void} effect runs once everything is on disk, in the order given; never if it is not */
  afterCommit(effect) {
    this.#afterCommit.push(effect);
  }

  /** A copy whose writes count only when they are adopted. */
  fork() {
    return new Scratch(this.#database, this);
  }

  /** @param {Scratch} fork */
  adopt(fork) {
    for (const [id, write] of fork.#writes) this.#writes.set(id, write);
    for (const [id, value] of fork.#read) this.#read.set(id, value);
    for (const [key, value] of fork.#memo) this.#memo.set(key, value);
    this.#afterCommit.push(...fork.#afterCommit);
  }

  /**
   * Writes everything in one strict transaction, then runs the effects. Everything is on disk by then, so one that
   * fails keeps neither the others from running nor the unit of work from being done.
   *
   * @param {(error: unknown) => void} [onFault] told of what effects have thrown, when all have run; else the first is
   *   thrown
   */
  async commit(onFault = rethrow) {
    if (this.#writes.size > 0) {
      await this.#database.commit((tx) => {
        for (const { store, key, value } of this.#writes.values()) {
          if (value === undefined) tx.delete(store, key);
          else tx.put(store, key, value);
        }
      });
    }
    /** @type {unknown[]} */
    const thrown = [];
    for (const effect of this.#afterCommit) {
      try {
        effect();
      } catch (error) {
        thrown.push(error);
      }
    }
    for (const error of thrown) onFault(error);
  }

  /**
   * @param {StoreName} store
   * @param {KeyPart[]} key
   * @param {any} value
   */
  #write(store, key, value) {
    const names = key.filter((part) => typeof part !== 'number');
    this.#writes.set(idOf(store, key), { store, key, names: idOf(store, names), value });
  }

  #layersOldestFirst() {
    /** @type {Scratch[]} */
    const layers = [];
    for (let layer = /** @type {Scratch | null} */ (this); layer; layer = layer.#parent)
      layers.unshift(layer);
    return layers;
  }
}

/** @param {unknown} error @returns {never} */
function rethrow(error) {
  throw error;
}

/**
 * @param {StoreName} store
 * @param {KeyPart[]} key
 */
function idOf(store, key) {
  let id = store;
  for (const part of key) {
    if (typeof part === 'number') id += `/#${part}`;
    else if (typeof part === 'string') id += `/s${part.length}:${part}`;
    else id += `/${toHex(part)}`;
  }
  return id;
}

/**
 * @param {KeyPart[]} key
 * @returns {number[]}
 */
const countersOf = (key) => key.filter((part) => typeof part === 'number');

/**
 * @param {number[]} a
 * @param {number[]} b
 */
function compareCounters(a, b) {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = Number(a[i]) - Number(b[i]);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
