import { startOfDay } from '../../lib/format.js';

/** @import { GapView } from '../../core/protocol.js' */
/** @import { Row } from '../../state/thread.js' */

/** @typedef {{kind: 'day', key: string, ms: number}} DayItem */
/** @typedef {{kind: 'unread', key: string}} UnreadItem */
/** @typedef {{kind: 'gap', key: string, gap: GapView}} GapItem */
/** @typedef {{kind: 'row', key: string, row: Row, group: string, late: boolean}} RowItem */
/** @typedef {DayItem | UnreadItem | GapItem | RowItem} Item */
/** @typedef {{key: string, items: Item[]}} Day */

const TOGETHER = 3 * 60_000;

/**
 * Rows as they are read: by day, with the divider of what is unread and what is missing before a row, and in groups
 * of one sender. The rows stay in their order; one that was sent on an earlier day than what stands before it is
 * `late` and gets no divider.
 * @param {readonly Row[]} rows
 * @param {string | undefined} firstUnreadId
 * @param {readonly GapView[]} [gaps]
 * @returns {Day[]}
 */
export function timeline(rows, firstUnreadId, gaps = []) {
  const divided = (/** @type {Row | undefined} */ row) =>
    row?.id === firstUnreadId || gaps.some(({ order }) => order === row?.order);
  /** @type {Day[]} */
  const days = [];
  let latest = Number.NEGATIVE_INFINITY;
  for (const [at, row] of rows.entries()) {
    const start = startOfDay(row.sentMs);
    if (start > latest) {
      latest = start;
      days.push({ key: String(start), items: [{ kind: 'day', key: 'day', ms: start }] });
    }
    const items = /** @type {Day} */ (days.at(-1)).items;
    if (row.id === firstUnreadId) items.push({ kind: 'unread', key: 'unread' });
    for (const gap of gaps)
      if (gap.order === row.order) items.push({ kind: 'gap', key: `gap ${gap.order} ${gap.lost}`, gap });
    const begins = divided(row) || !together(rows[at - 1], row);
    const ends = divided(rows[at + 1]) || !together(row, rows[at + 1]);
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
