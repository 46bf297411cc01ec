/** A loader hook of Node: whoever imports `node:test` gets collected.js. */

const COLLECTED = new URL('./collected.js', import.meta.url).href;

/**
 * @param {string} specifier
 * @param {unknown} context
 * @param {(specifier: string, context: unknown) => unknown} next
 */
export function resolve(specifier, context, next) {
  return specifier === 'node:test' ? { url: COLLECTED, shortCircuit: true } : next(specifier, context);
}
