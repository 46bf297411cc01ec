/** @typedef {{ language: string, text: string, line: number }} Block `line` is that of its first line of text */

/**
 * The fenced blocks of a page of documentation, in order.
 *
 * @param {string} markdown
 * @returns {Block[]}
 */
export function blocksOf(markdown) {
  return [...markdown.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', text = ''], i, all) => ({
    language,
    text,
    line: markdown.slice(0, all[i]?.index).split('\n').length + 1,
  }));
}

/**
 * One script of all commands, as a reader types them into one shell. What a block prints goes to `<line>.out`; of a
 * command that fails the shell says on which block it was.
 *
 * @param {Block[]} blocks
 * @param {string} folder for what they print
 */
export function scriptOf(blocks, folder) {
  const failed = `trap 'echo "docs/api.md, the block on line $block: a command failed with $?" >&2' ERR\nset -E\n`;
  return (
    failed + blocks.map(({ text, line }) => `block=${line}\nexec >'${folder}/${line}.out'\n${text}`).join('')
  );
}

/**
 * What a JSON value consists of: names of members and types, of a list its first item's. An empty list stands for none.
 *
 * @param {any} value
 * @returns {unknown}
 */
export function shapeOf(value) {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value;
  const members = Object.entries(value).map(([name, member]) => [name, shapeOf(member)]);
  return Object.fromEntries(members.sort(([a], [b]) => String(a).localeCompare(String(b))));
}
