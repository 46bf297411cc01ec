import { StorageError } from './storage-error.js';

/**
 * Layout of the local database (MP2P/1 §9.7). Its number is IndexedDB's own version and stands in `meta` as well,
 * for the seal of every row is bound to it.
 */
export const SCHEMA = 1;

/** Stores whose every key is blinded and every value sealed. @type {import('../engine-contract.js').StoreName[]} */
export const SEALED_STORES = [
  'keys',
  'chats',
  'contacts',
  'drafts',
  'messages',
  'outbox',
  'retry',
  'held',
  'sessions',
  'skipped',
  'prekeys',
  'seen',
];

/** The one store in the open: wrapped LDK, KDF parameters, schema number, generation of the leader. */
export const META = 'meta';

/**
 * `MIGRATIONS[n]` takes a database from schema n to n + 1 inside the upgrade transaction. Never edited after a
 * release. A migration cannot open sealed values, the LDK is not there yet: one that changes their content leaves
 * a note in `meta` and the first unlock does the rest.
 *
 * @type {((database: IDBDatabase, transaction: IDBTransaction) => void)[]}
 */
export const MIGRATIONS = [
  function createStores(database) {
    for (const store of SEALED_STORES) database.createObjectStore(store);
    database.createObjectStore(META).put(0, 'leader');
  },
];

/**
 * @param {IDBDatabase} database
 * @param {IDBTransaction} transaction the upgrade transaction
 * @param {number} from
 * @param {number} to
 * @param {typeof MIGRATIONS} [migrations]
 */
export function migrate(database, transaction, from, to, migrations = MIGRATIONS) {
  for (let version = from; version < to; version++) {
    const migration = migrations[version];
    if (!migration) throw new StorageError('storage-broken', `no migration from schema ${version}`);
    migration(database, transaction);
  }
  transaction.objectStore(META).put(to, 'schema');
}
