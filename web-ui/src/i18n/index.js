/** Every visible string by its key. A key that is missing is a type error, and fails a test. */
import en from './en.json' with { type: 'json' };

/** @typedef {keyof typeof en} Key */
/** @typedef {Record<string, string | number>} Values */

const PLACE = /\{(\w+)\}/g;
const catalogue = en;
const plural = new Intl.PluralRules('en');
const number = new Intl.NumberFormat('en');

/**
 * The sentence with its values put in; `count` also selects the plural form.
 * @param {Key} key
 * @param {Values} [values]
 */
export function t(key, values = {}) {
  return pattern(key, values).replace(PLACE, (_, name) => shown(key, name, values[name]));
}

/**
 * The same with elements as values: `rich('thread.waiting', { name: h('bdi', null, name) })`.
 * @param {Key} key
 * @param {Record<string, string | number | Node>} values
 * @returns {(string | Node)[]}
 */
export function rich(key, values) {
  return pattern(key, values)
    .split(PLACE)
    .map((piece, at) => {
      if (at % 2 === 0) return piece;
      const value = values[piece];
      return value instanceof Node ? value : shown(key, piece, value);
    });
}

/**
 * @param {Key} key
 * @param {Record<string, unknown>} values
 * @returns {string}
 */
function pattern(key, values) {
  const entry = /** @type {string | Record<string, string> | undefined} */ (catalogue[key]);
  if (typeof entry === 'string') return entry;
  const form = entry?.[plural.select(Number(values.count))] ?? entry?.other;
  if (form === undefined) throw new Error(`no sentence for ${key}`);
  return form;
}

/**
 * @param {Key} key
 * @param {string} name
 * @param {string | number | Node | undefined} value
 */
function shown(key, name, value) {
  if (value === undefined) throw new Error(`${key} needs ${name}`);
  return typeof value === 'number' ? number.format(value) : String(value);
}

/**
 * What happened and what to do, for a fault of the core.
 * @param {import('../core/protocol.js').Fault} fault
 */
export function faultSentence({ code, retryAfter }) {
  if (code === 'rate-limited' && retryAfter)
    return t('fault.rate-limited-in', { count: Math.ceil(retryAfter) });
  return t(`fault.${code}`);
}
