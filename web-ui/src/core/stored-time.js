/**
 * Times of this device's clock that were stored (MP2P/1 §1, docs/adr/0020). A clock that stood ahead leaves times that
 * are far from coming once it is set right; what was to happen then happens now.
 */

const AHEAD_MS = 86_400_000; // STORED_AHEAD: this client plans nothing further ahead

/**
 * @param {number} storedMs
 * @param {number} nowMs
 */
export const isAhead = (storedMs, nowMs) => storedMs > nowMs + AHEAD_MS;

/**
 * @param {number} storedMs
 * @param {number} nowMs
 * @returns {number} now instead of a time that cannot have been meant
 */
export const credibleMs = (storedMs, nowMs) => (isAhead(storedMs, nowMs) ? nowMs : storedMs);
