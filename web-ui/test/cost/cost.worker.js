/** The measurements in a module worker, where the core runs; driven by chromium.js through the window. */
import { ready } from '../../src/core/crypto/sodium.js';
import { openDatabase } from '../../src/core/db/database.js';
import { openStorage } from '../../src/core/db/storage.js';
import { cryptoCosts } from './crypto.js';
import { drain, mailWaiting } from './drain.js';
import { medians } from './stopwatch.js';

const scope = /** @type {any} */ (self);

// virtual time lets everything go on that can, by what only Node has
scope.setImmediate = (/** @type {() => void} */ task) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    task();
  };
  port2.postMessage(null);
};

/** @param {import('./stopwatch.js').Counts} counts */
async function costs(counts) {
  await ready();
  const waiting = await mailWaiting(counts.waiting);
  const name = `drain ${counts.waiting} messages, IndexedDB, strict`;
  return [
    ...(await cryptoCosts(counts)),
    ...(await medians({ unit: 'ms', runs: counts.runs }, async () => ({
      [name]: await drainToDisk(waiting),
    }))),
  ];
}

/** @param {import('./drain.js').Waiting} waiting */
async function drainToDisk(waiting) {
  const name = `cost-${crypto.randomUUID()}`;
  const storage = await openStorage({
    name,
    onLost: (error) => {
      throw error;
    },
  });
  await storage.claim();
  const database = openDatabase(storage, new Uint8Array(32).fill(7));
  await database.commit((tx) => {
    for (const { store, key, value } of waiting.rows) tx.put(store, key, value);
  });
  const took = await drain(waiting, database);
  storage.close();
  await new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = resolve;
    request.onerror = () => reject(request.error);
  });
  return took;
}

scope.onmessage = async (/** @type {MessageEvent} */ { data: { id, params } }) => {
  try {
    scope.postMessage({ id, result: await costs(params) });
  } catch (error) {
    scope.postMessage({ id, fault: { code: String(error) } });
  }
};
