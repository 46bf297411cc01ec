import { ApiError } from './errors.js';

/** A server that errs in `Retry-After`, or means ill, costs an hour and not days (MP2P/1 §20). */
const RETRY_AFTER_MAX_MS = 3_600_000;

/**
 * @param {unknown} error
 * @returns {number} 0: the server did not say
 */
export function retryAfterMs(error) {
  if (!(error instanceof ApiError) || !error.retryAfter) return 0;
  return Math.min(error.retryAfter * 1000, RETRY_AFTER_MAX_MS);
}

/**
 * The server answers, but refuses for the moment: too much at once, its database away, its disk full.
 *
 * @param {unknown} error
 */
export const isForTheMoment = (error) =>
  error instanceof ApiError && (error.status === 429 || error.status >= 500);
