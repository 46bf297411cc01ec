/** The database under test, driven by database.browser.js through the window. */
import { fromBase64url, toBase64url } from '../src/core/crypto/bytes.js';
import { ready } from '../src/core/crypto/sodium.js';
import { openDatabase } from '../src/core/db/database.js';
import { MIGRATIONS } from '../src/core/db/schema.js';
import { openStorage } from '../src/core/db/storage.js';
import { Leadership } from '../src/core/leader/leadership.js';

const scope = /** @type {any} */ (self);
const notify = (/** @type {string} */ notice, /** @type {any} */ data) => scope.postMessage({ notice, data });
const LDK = new Uint8Array(32).fill(7);

/** @type {import('../src/core/db/storage.js').Storage} */
let storage;
/** @type {import('../src/core/db/database.js').Database} */
let db;
/** @type {import('../src/core/db/storage.js').Storage | undefined} */
let rival;

const leadership = new Leadership({
  onGained: () => notify('leader', 'gained'),
  onLost: () => notify('leader', 'lost'),
});

/** @type {Record<string, (params: any) => any>} */
const commands = {
  async open() {
    await ready();
    storage = await openStorage({ onLost: (error) => notify('lost', error.code) });
    const generation = await storage.claim();
    db = openDatabase(storage, LDK);
    return generation;
  },
  async openWithKey({ byte }) {
    db = openDatabase(storage, new Uint8Array(32).fill(byte));
  },
  async claimAgain() {
    rival = await openStorage({ onLost: () => {} });
    return rival.claim();
  },
  meta: ({ key }) => storage.meta(key),
  put: ({ rows }) =>
    db.commit((tx) => {
      for (const { store, key, value } of rows) tx.put(store, key, value);
    }),
  delete: ({ store, key }) => db.commit((tx) => tx.delete(store, key)),
  deleteAll: ({ store, names }) => db.commit((tx) => tx.deleteAll(store, names)),
  async putDevice({ device }) {
    await db.commitWithDevice(device, () => {});
  },
  async refuseHalfway() {
    await db.commit((tx) => {
      tx.put('drafts', ['half'], { text: 'half' });
      throw new TypeError('changed my mind');
    });
  },
  /** A read that follows another one at once, and a write that nobody has waited for. */
  async readBehindWrite() {
    await db.commit((tx) => tx.put('drafts', ['behind'], { text: 'before' }));
    await db.get('drafts', ['behind']);
    const writing = db.commit((tx) => tx.put('drafts', ['behind'], { text: 'after' }));
    const read = await db.get('drafts', ['behind']);
    await writing;
    return read;
  },
  get: async ({ store, key }) => (await db.get(store, key)) ?? null,
  getMany: async ({ store, keys }) => (await db.getMany(store, keys)).map((value) => value ?? null),
  list: ({ store, names, options }) => db.list(store, names, options),
  count: ({ store, names }) => db.count(store, names),
  counters: ({ store, names }) => db.counters(store, names),
  erase: () => storage.erase(),
  /** Commits whose every transaction writes two stores; the window hears of each one that has completed. */
  async writePairs() {
    for (let i = 0; ; i++) {
      await db.commit((tx) => {
        tx.put('messages', ['pair', i], { i });
        tx.put('seen', ['pair', i], { i });
      });
      notify('pair', i);
    }
  },
  /** One large transaction: the window hears of it when the puts are on their way. */
  async writeLarge({ rows, bytes }) {
    const payload = new Uint8Array(bytes).fill(1);
    const committing = db.commit((tx) => {
      for (let i = 0; i < rows; i++) tx.put('messages', ['large', i], { payload });
    });
    notify('large', 'put');
    await committing;
    notify('large', 'complete');
  },
  async fill({ bytes }) {
    await db.commit((tx) => {
      tx.put('drafts', ['beside'], { text: 'beside the large one' });
      tx.put('messages', ['big', 0], { payload: crypto.getRandomValues(new Uint8Array(65_536)) });
      for (let at = 0; at < bytes; at += 65_536) {
        tx.put('messages', ['big', 1 + at], { payload: crypto.getRandomValues(new Uint8Array(65_536)) });
      }
    });
  },
  /** Everything that lies in the database, as another script of the origin would read it. */
  async dump() {
    const rows = /** @type {any[]} */ ([]);
    for (const store of /** @type {any[]} */ (['meta', ...scope.stores])) {
      const [keys, values] = await storage.readAll(store, (s) => [
        /** @type {IDBRequest<any[]>} */ (s.getAllKeys()),
        /** @type {IDBRequest<any[]>} */ (s.getAll()),
      ]);
      keys?.forEach((key, i) => {
        rows.push({ store, key: plain(key), value: plain(values?.[i]) });
      });
    }
    return rows;
  },
  /** Puts the sealed value of one row under another key or into another store, as a thief of the disk might. */
  async transplant({ from, to }) {
    const [keys, values] = await storage.readAll(from.store, (s) => [
      /** @type {IDBRequest<any[]>} */ (s.getAllKeys()),
      /** @type {IDBRequest<any[]>} */ (s.getAll()),
    ]);
    const key = to.counter === undefined ? keys?.[0] : [keys?.[0][0], to.counter];
    await storage.write([{ store: to.store, put: values?.[0], key }]);
  },
  /** Closes, then opens with schema 2 and a migration of its own. */
  async migrate() {
    storage.close();
    storage = await openStorage({
      schema: 2,
      migrations: [...MIGRATIONS, (database) => database.createObjectStore('thumbs')],
      onLost: () => {},
    });
    const names = await storage.read('meta', (s) => /** @type {any} */ (s).get('schema'));
    await storage.read(/** @type {any} */ ('thumbs'), (s) => s.count());
    return names;
  },
  async failingMigration() {
    storage.close();
    await openStorage({
      schema: 2,
      migrations: [
        ...MIGRATIONS,
        () => {
          throw new TypeError('migration failed');
        },
      ],
      onLost: () => {},
    });
  },
  lead: () => leadership.tryNow(),
  takeOver: () => leadership.takeOver(),
  wait: () => leadership.wait(),
};

scope.stores = [
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

/** Bytes as base64url, so that the dump can cross to the test. @param {any} value @returns {any} */
function plain(value) {
  if (value instanceof ArrayBuffer) return { bytes: toBase64url(new Uint8Array(value)) };
  if (value instanceof Uint8Array) return { bytes: toBase64url(value) };
  if (Array.isArray(value)) return value.map(plain);
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  }
  return value;
}

/** `{ bytes: base64url }` of a test becomes bytes. @param {any} value @returns {any} */
function revived(value) {
  if (Array.isArray(value)) return value.map(revived);
  if (value && typeof value === 'object') {
    if (typeof value.bytes === 'string') return fromBase64url(value.bytes);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revived(item)]));
  }
  return value;
}

scope.onmessage = async (/** @type {MessageEvent} */ { data: { id, method, params } }) => {
  try {
    scope.postMessage({ id, result: plain(await commands[method]?.(revived(params ?? {}))) });
  } catch (error) {
    scope.postMessage({ id, fault: { code: /** @type {any} */ (error).code ?? String(error) } });
  }
};
