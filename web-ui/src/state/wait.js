/** @import { Wait } from '../core/protocol.js' */

const TOLD_BEFORE = 3 * 86_400_000;

/**
 * Whether that time is worth a word now: it is to come, and near enough to do something about it.
 * @param {Wait | undefined} wait
 * @param {number} now
 */
export const endsSoon = (wait, now) =>
  wait !== undefined && wait.untilMs > now && wait.untilMs - now <= TOLD_BEFORE;
