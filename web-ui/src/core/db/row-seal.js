/**
 * How rows are hidden on disk (MP2P/1 §9.7): one key for blinding, one per store for sealing, all from the LDK.
 */
import { concat, utf8, Writer } from '../crypto/bytes.js';
import { hmac } from '../crypto/hash.js';
import { expand } from '../crypto/hkdf.js';
import { INFO, SEAL } from '../crypto/labels.js';
import { open, seal } from '../crypto/seal.js';

const SEPARATOR = new Uint8Array(1);

export class RowSeal {
  #ldk;
  #blindKey;
  /** @type {Map<string, Uint8Array>} */
  #storeKeys = new Map();

  /** @param {Uint8Array} ldk 32 bytes */
  constructor(ldk) {
    this.#ldk = ldk;
    this.#blindKey = expand(ldk, INFO.databaseBlind, 32);
  }

  /** @param {Uint8Array} input */
  blind(input) {
    return hmac(this.#blindKey, input).slice(0, 16);
  }

  /**
   * @param {string} store
   * @param {Uint8Array} key blind and counters
   * @param {number} schema
   * @param {Uint8Array} bytes
   */
  seal(store, key, schema, bytes) {
    return seal(this.#keyOf(store), SEAL.record, place(store, key, schema), bytes);
  }

  /**
   * @param {string} store
   * @param {Uint8Array} key
   * @param {number} schema
   * @param {Uint8Array} sealed
   */
  open(store, key, schema, sealed) {
    return open(this.#keyOf(store), SEAL.record, place(store, key, schema), sealed);
  }

  /** @param {string} store */
  #keyOf(store) {
    let key = this.#storeKeys.get(store);
    if (!key) {
      key = expand(this.#ldk, INFO.databaseStore + store, 32);
      this.#storeKeys.set(store, key);
    }
    return key;
  }
}

/** A row moved to another store, key or schema does not open. */
function place(/** @type {string} */ store, /** @type {Uint8Array} */ key, /** @type {number} */ schema) {
  return concat(utf8(store), SEPARATOR, key, new Writer().u16(schema).finish());
}
