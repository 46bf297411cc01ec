import { readdir, readFile } from 'node:fs/promises';

/**
 * The tables of docs/protocol.md and docs/protocol/, so that tests can hold the code to them.
 *
 * @typedef {Record<string, string>} Row cells by the name of their column
 * @typedef {{ page: string, columns: string[], rows: Row[] }} Table
 */

const DOCS = new URL('../../docs/', import.meta.url);

/** @returns {Promise<Table[]>} */
export async function specificationTables() {
  const files = await readdir(new URL('protocol/', DOCS));
  const names = files.filter((name) => name.endsWith('.md')).map((name) => `protocol/${name}`);
  const pages = ['protocol.md', ...names.sort()];
  const texts = await Promise.all(pages.map((page) => readFile(new URL(page, DOCS), 'utf8')));
  return pages.flatMap((page, i) => tablesOf(page, /** @type {string} */ (texts[i])));
}

/**
 * Rows of every table that begins with these columns.
 *
 * @param {Table[]} tables
 * @param {...string} columns
 */
export function rowsUnder(tables, ...columns) {
  return tables
    .filter((table) => columns.every((column, i) => table.columns[i] === column))
    .flatMap(({ rows }) => rows);
}

/**
 * What stands between backticks.
 *
 * @param {string | undefined} cell
 */
export function quoted(cell = '') {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => /** @type {string} */ (text));
}

/**
 * @param {string} page
 * @param {string} text
 * @returns {Table[]}
 */
function tablesOf(page, text) {
  const lines = text.split('\n');
  /** @type {Table[]} */
  const tables = [];
  lines.forEach((line, i) => {
    if (!/^\|[\s|:-]+\|$/.test(line)) return;
    const columns = cellsOf(lines[i - 1]);
    const end = lines.findIndex((below, at) => at > i && !below.startsWith('|'));
    const rows = lines.slice(i + 1, end === -1 ? undefined : end).map((below) => {
      const cells = cellsOf(below);
      if (cells.length !== columns.length)
        throw new Error(`${page}: a row of ${cells.length} cells: ${below}`);
      return Object.fromEntries(columns.map((column, at) => [column, /** @type {string} */ (cells[at])]));
    });
    tables.push({ page, columns, rows });
  });
  return tables;
}

/** @param {string} [line] */
function cellsOf(line = '') {
  return line
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim());
}
