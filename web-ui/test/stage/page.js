/**
 * The window of a test: starts the worker as the product does, through the one Trusted Types policy, and sends it
 * requests of `{ id, method, params }`.
 */
/** @type {Worker} */
let worker;
let lastId = 0;
/** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
const waiting = new Map();
/** @type {any[]} */
const notices = [];
/** @type {(() => void)[]} */
const listeners = [];

const policy = /** @type {any} */ (globalThis).trustedTypes.createPolicy('app', {
  createScriptURL(/** @type {string} */ url) {
    if (url !== '/worker.js') throw new TypeError('not the worker');
    return url;
  },
});

/** @param {string} name */
function startWorker(name) {
  worker = new Worker(policy.createScriptURL('/worker.js'), { type: 'module', name });
  worker.onmessage = ({ data }) => {
    if ('notice' in data) {
      notices.push(data);
      for (const listener of listeners.splice(0)) listener();
      return;
    }
    const { resolve, reject } = waiting.get(data.id) ?? {};
    waiting.delete(data.id);
    if ('fault' in data) reject?.(new Error(data.fault.code));
    else resolve?.(data.result);
  };
  worker.onerror = ({ message }) => {
    for (const { reject } of waiting.values()) reject(new Error(`worker failed: ${message}`));
  };
}

/** @param {string} method @param {any} params */
function call(method, params) {
  const id = ++lastId;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, method, params });
  });
}

/** Resolves with the data of the first notice of this name that `test` holds for. */
async function nextNotice(/** @type {string} */ name, /** @type {(data: any) => boolean} */ test) {
  for (;;) {
    const found = notices.find(({ notice, data }) => notice === name && test(data));
    if (found) return found.data;
    await /** @type {Promise<void>} */ (new Promise((resolve) => listeners.push(resolve)));
  }
}

Object.assign(globalThis, { startWorker, call, nextNotice, notices });
