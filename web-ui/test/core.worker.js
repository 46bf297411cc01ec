/** The core worker with an engine that sends nothing, wired as src/core/core.worker.js wires it. */
import { Core } from '../src/core/core.js';
import { DERIVATION_WORKER, serveDerivation } from '../src/core/kdf/derivation.js';
import { serveWindow } from '../src/core/rpc.js';
import { createEngine } from './quiet-engine.js';

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (self));

if (scope.name === DERIVATION_WORKER) serveDerivation(scope);
else
  serveWindow(scope, (notify) => {
    const core = new Core({ createEngine, notify, location: scope.location });
    return (method, params) => core.command(method, params);
  });
