/**
 * The one Trusted Types policy of the page: it makes script URLs, and only the literal ones below.
 * There is no createHTML and no createScript: whoever needs one is told so by the browser.
 */
import { WORKER_URL } from './assets.js';

/** @typedef {{createPolicy(name: string, rules: {createScriptURL(url: string): string}): {createScriptURL(url: string): any}}} PolicyFactory */

/** @param {string} url */
function onlyTheWorker(url) {
  if (url !== WORKER_URL) throw new TypeError('not a script of this application');
  return url;
}

/** Starts the core worker of this tab. Call it once: the policy name can be taken a single time. */
export function startCoreWorker() {
  const factory = /** @type {{trustedTypes?: PolicyFactory}} */ (globalThis).trustedTypes;
  const policy = factory?.createPolicy('app', { createScriptURL: onlyTheWorker });
  const url = policy ? policy.createScriptURL(WORKER_URL) : onlyTheWorker(WORKER_URL);
  return new Worker(url, { type: 'module', name: 'core' });
}
