/**
 * Entry of the tab's dedicated worker: it owns keys, database and sessions while its tab leads (MP2P/1 §11.1).
 * Started by the name `mp2p-kdf` the same file is the throw-away worker of the password derivation.
 */
import { Core } from './core.js';
import { createEngine } from './engine.js';
import { DERIVATION_WORKER, serveDerivation } from './kdf/derivation.js';
import { serveWindow } from './rpc.js';

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (self));

if (scope.name === DERIVATION_WORKER) serveDerivation(scope);
else
  serveWindow(scope, (notify) => {
    const core = new Core({ createEngine, notify, location: scope.location });
    return (method, params) => core.command(method, params);
  });
