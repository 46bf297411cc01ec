/**
 * The rows of a chat that are young enough, newest first. Rows lie in the order in which they came, and their times are
 * of a clock that may have been wrong: one old time says nothing of the rows before it, many in a row do.
 *
 * @typedef {import('./thread.js').MessageRow} MessageRow
 */

const OLD_ROWS = 200;

/**
 * @param {AsyncIterable<MessageRow>} rows newest first
 * @param {(row: MessageRow) => boolean} isRecent
 * @returns {AsyncGenerator<MessageRow>}
 */
export async function* recentRows(rows, isRecent) {
  let old = 0;
  for await (const row of rows) {
    if (isRecent(row)) {
      old = 0;
      yield row;
    } else {
      old += 1;
      if (old === OLD_ROWS) return;
    }
  }
}
