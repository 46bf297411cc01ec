/**
 * The vault on this device: the newest blob seen, the items with local changes, and pushing them by
 * compare-and-swap (MP2P/1 §9.3). The seed of the identity key stays in the sealed blob until a list is signed.
 *
 * @typedef {import('../engine-contract.js').Database} Database
 * @typedef {import('../engine-contract.js').VaultItems} VaultItems
 * @typedef {import('../api/rest.js').Rest} Rest
 * @typedef {import('./key-rows.js').VaultRow} VaultRow
 */
import { ApiError } from '../api/errors.js';
import { ProtocolError } from '../crypto/errors.js';
import { openVaultByRootKey, reseal, vaultGenerations } from '../crypto/vault.js';
import { CoreFault } from '../fault.js';
import { Queue } from '../queue.js';
import { VAULT } from './key-rows.js';
import { mergeItems } from './vault-merge.js';

/** Each round loses against another device that pushed in between; more in a row is a server that lies. */
const ROUNDS = 5;

/** The vault was changed under a new root key: a password change elsewhere. Nothing is written until it is known. */
export class VaultLockedError extends Error {
  constructor() {
    super('the vault has a newer root key');
    this.name = 'VaultLockedError';
  }
}

export class VaultStore {
  #db;
  #api;
  #accountId;
  #row;
  #onChange;
  #work = new Queue();

  /**
   * @param {{ db: Database, api: Rest, accountId: Uint8Array, row: VaultRow, onChange: () => void }} options
   */
  constructor({ db, api, accountId, row, onChange }) {
    this.#db = db;
    this.#api = api;
    this.#accountId = accountId;
    this.#row = row;
    this.#onChange = onChange;
  }

  /** Version on the server as last seen. */
  get version() {
    return vaultGenerations(this.#row.blob).vaultVersion;
  }

  get vrkGen() {
    return vaultGenerations(this.#row.blob).vrkGen;
  }

  get items() {
    return this.#row.items;
  }

  /** Changed here, and not on the server yet. */
  get pending() {
    return this.#row.dirty;
  }

  /** @param {(items: VaultItems) => void} change @returns {Promise<void>} */
  update(change) {
    return this.#work.run(async () => {
      const items = structuredClone(this.#row.items);
      change(items);
      if (JSON.stringify(items) !== JSON.stringify(this.#row.items)) {
        await this.#keep({ ...this.#row, items, dirty: true });
        this.#onChange();
      }
      await this.#push();
    });
  }

  /** Brings the server's vault here if it is newer, and local changes there. @returns {Promise<void>} */
  synchronise() {
    return this.#work.run(async () => {
      await this.#pull();
      await this.#push();
    });
  }

  async #push() {
    for (let round = 0; this.#row.dirty; round++) {
      const { vrk, blob, items } = this.#row;
      const { aik_seed } = this.#open(blob).items;
      const next = reseal({ accountId: this.#accountId, vrk, items: sealable(items, aik_seed) }, blob);
      try {
        await this.#api.putVault(next);
      } catch (error) {
        const lost = error instanceof ApiError && error.is('vault-version');
        if (!lost || round === ROUNDS) throw error;
        await this.#pull();
        continue;
      }
      await this.#keep({ ...this.#row, blob: next, dirty: false });
      this.#onChange();
    }
  }

  async #pull() {
    const { version, vault } = await this.#api.vault();
    const theirs = vaultGenerations(vault);
    if (version !== theirs.vaultVersion || version < this.version || theirs.vrkGen < this.vrkGen) {
      throw new CoreFault('identity-broken'); // a rollback, seen by a device that knows a newer version
    }
    if (theirs.vrkGen > this.vrkGen) throw new VaultLockedError();
    if (version === this.version) return;
    const base = withoutSeed(this.#open(this.#row.blob).items);
    const remote = withoutSeed(this.#open(vault).items);
    const items = this.#row.dirty ? mergeItems(base, this.#row.items, remote) : remote;
    await this.#keep({ ...this.#row, blob: vault, items });
    this.#onChange();
  }

  /** @param {Uint8Array} blob */
  #open(blob) {
    try {
      return openVaultByRootKey({ accountId: this.#accountId, vrk: this.#row.vrk }, blob);
    } catch (cause) {
      if (cause instanceof ProtocolError) throw new CoreFault('identity-broken', { cause });
      throw cause;
    }
  }

  /** Memory follows the disk. @param {VaultRow} row */
  async #keep(row) {
    await this.#db.commit((tx) => tx.put('keys', VAULT, row));
    this.#row = row;
  }
}

/**
 * @param {VaultItems} items
 * @param {string} aikSeed
 * @returns {import('../crypto/vault.js').VaultItems}
 */
export function sealable(items, aikSeed) {
  return /** @type {import('../crypto/vault.js').VaultItems} */ ({ ...items, aik_seed: aikSeed });
}

/**
 * @param {import('../crypto/vault.js').VaultItems} items
 * @returns {VaultItems}
 */
export function withoutSeed({ aik_seed: _, ...items }) {
  return /** @type {VaultItems} */ (items);
}
