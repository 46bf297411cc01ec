/**
 * A plugin of Stryker that leaves the words of errors alone: they are for whoever reads a stack, and nothing depends
 * on them. The code of an error is its first argument, and is mutated.
 */

/** @type {Record<string, number>} of constructors and functions, which argument the words are */
const WORDS_OF = { ProtocolError: 1, ForkedLists: 0, RangeError: 0, TypeError: 0, fail: 0 };

/** @param {any} path of Babel */
function shouldIgnore({ node, parent, key, listKey }) {
  const words =
    ['NewExpression', 'CallExpression'].includes(parent?.type) &&
    listKey === 'arguments' &&
    WORDS_OF[parent.callee.name] === key &&
    ['StringLiteral', 'TemplateLiteral'].includes(node.type);
  return words ? 'words of an error' : undefined;
}

export const strykerPlugins = [{ kind: 'Ignore', name: 'error-words', value: { shouldIgnore } }];
