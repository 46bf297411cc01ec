/** The checks of vectors in a module worker, driven by vectors.browser.js through the window. */
import { ready } from '../src/core/crypto/sodium.js';
import { checkKnownAnswers } from './known-answers.js';
import { MORE_CHECKS } from './more-vector-checks.js';
import { CHECKS } from './vector-checks.js';

const scope = /** @type {any} */ (self);

/** @type {Record<string, (params: any) => unknown>} */
const METHODS = {
  answers: ({ vectors, more }) => ({
    base: answersOf(CHECKS, vectors),
    more: answersOf(MORE_CHECKS, more, vectors),
  }),
  knownAnswers: ({ name, data }) => checkKnownAnswers(name, data),
};

scope.onmessage = async (/** @type {MessageEvent} */ { data: { id, method, params } }) => {
  try {
    await ready();
    scope.postMessage({ id, result: METHODS[method]?.(params) });
  } catch (error) {
    scope.postMessage({ id, fault: { code: String(error) } });
  }
};

/**
 * @param {Record<string, (...given: any[]) => import('./vector-checks.js').Answer>} checks
 * @param {...unknown} given
 */
function answersOf(checks, ...given) {
  return Object.fromEntries(Object.entries(checks).map(([name, check]) => [name, check(...given)]));
}
