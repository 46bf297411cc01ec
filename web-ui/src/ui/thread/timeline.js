import { startOfDay } from '../../lib/format.js';

/** @import { Row } from '../../state/thread.js' */

/** @typedef {{kind: 'day', key: string, ms: number}} DayItem */
/** @typedef {{kind: 'unread', key: string}} UnreadItem */
/** @typedef {{kind: 'row', key: string, row: Row, group: string, late: boolean}} RowItem */
/** @typedef {DayItem | UnreadItem | RowItem} Item */
/** @typedef {{key: string, items: Item[]}} Day */

const TOGETHER = 3 * 60_000;

/**
 * Rows as they are read: by day, with the divider of what is unread, and in groups of one sender. The rows stay in
 * their order; one that was sent on an earlier day than what stands before it is `late` and gets no divider.
 * @param {readonly Row[]} rows
 * @param {string | undefined} firstUnreadId
 * @returns {Day[]}
 */
export function timeline(rows, firstUnreadId) {
  /** @type {Day[]} */
  const days = [];
  let latest = Number.NEGATIVE_INFINITY;
  for (const [at, row] of rows.entries()) {
    const start = startOfDay(row.sentMs);
    if (start > latest) {
      latest = start;
      days.push({ key: String(start), items: [{ kind: 'day', key: 'day', ms: start }] });
    }
    const unread = row.id === firstUnreadId;
    const items = /** @type {Day} */ (days.at(-1)).items;
    if (unread) items.push({ kind: 'unread', key: 'unread' });
    const begins = unread || !together(rows[at - 1], row);
    const ends = rows[at + 1]?.id === firstUnreadId || !together(row, rows[at + 1]);
    const group = [begins && 'start', ends && 'end'].filter(Boolean).join(' ');
    items.push({ kind: 'row', key: row.id, row, group, late: start < latest });
  }
  return days;
}

/**
 * @param {Row | undefined} a
 * @param {Row | undefined} b
 */
function together(a, b) {
  return (
    a !== undefined &&
    b !== undefined &&
    a.direction === b.direction &&
    Math.abs(b.sentMs - a.sentMs) < TOGETHER &&
    startOfDay(a.sentMs) === startOfDay(b.sentMs)
  );
}
