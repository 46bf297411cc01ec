/**
 * The worker's end of the line to the window (protocol.d.ts): requests in, responses and notices out.
 *
 * @typedef {import('./protocol.js').Request} Request
 * @typedef {import('./engine-contract.js').Notify} Notify
 * @typedef {(method: Request['method'], params: any) => Promise<unknown>} Dispatch
 */
import { faultOf } from './fault.js';

/**
 * @param {DedicatedWorkerGlobalScope} scope
 * @param {(notify: Notify) => Dispatch} connect
 */
export function serveWindow(scope, connect) {
  const dispatch = connect((notice, data) => scope.postMessage({ notice, data }));
  scope.onmessage = async ({ data }) => {
    const { id, method, params } = /** @type {Request} */ (data);
    try {
      scope.postMessage({ id, result: await dispatch(method, params) });
    } catch (error) {
      scope.postMessage({ id, fault: report(error) });
    }
  };
}

/**
 * A fault that is our bug goes to the console as well: its kind and place, never the values it met.
 *
 * @param {unknown} error
 */
export function report(error) {
  const fault = faultOf(error);
  if (fault.code === 'defect') console.error('defect', error);
  return fault;
}
