/** The vector checks in a module worker, driven by vectors.browser.js through the window. */
import { ready } from '../src/core/crypto/sodium.js';
import { answers } from './vector-checks.js';

const scope = /** @type {any} */ (self);

scope.onmessage = async (/** @type {MessageEvent} */ { data: { id, params } }) => {
  try {
    await ready();
    scope.postMessage({ id, result: answers(params.vectors) });
  } catch (error) {
    scope.postMessage({ id, fault: { code: String(error) } });
  }
};
