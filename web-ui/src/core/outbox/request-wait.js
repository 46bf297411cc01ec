/** How long a request to the mailbox that failed waits (MP2P/1 §6.3). */
import { ApiError } from '../api/errors.js';
import { isForTheMoment, retryAfterMs } from '../api/retry-after.js';

const RETRY_FIRST_MS = 1000;
const RETRY_MAX_MS = 60_000;
const BEHIND_FIRST_MS = 2000; // §6.3: the mailbox does not know the list yet
const BEHIND_MAX_MS = 300_000;
const GONE_MS = 3_600_000; // account deleted, or a request that this server will not take

/**
 * @param {unknown} error
 * @param {number} failures before it, in a row
 * @param {() => number} chance
 */
export function requestWaitMs(error, failures, chance) {
  const grown = () => Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** failures) * (0.5 + chance());
  // no answer, or the device's own state refused (signed out, storage): the engine is told elsewhere
  if (!(error instanceof ApiError)) return grown();
  if (error.is('list-version')) return Math.min(BEHIND_MAX_MS, BEHIND_FIRST_MS * 2 ** failures);
  const asked = retryAfterMs(error);
  if (asked > 0) return asked;
  return isForTheMoment(error) || error.status === 401 ? grown() : GONE_MS;
}
