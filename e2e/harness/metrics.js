/**
 * @param {string[]} pages of metrics in Prometheus' text form
 * @returns {Record<string, number>} sums of the product's own samples by name, in the order of the names
 */
export function countersIn(pages) {
  /** @type {Map<string, number>} */
  const sums = new Map();
  for (const line of pages.join('\n').split('\n')) {
    const [, name, value] = /^(mp2p_\w+)(?:\{[^}]*\})? ([\d.eE+-]+)$/.exec(line) ?? [];
    if (name) sums.set(name, (sums.get(name) ?? 0) + Number(value));
  }
  return Object.fromEntries([...sums].sort(([one], [other]) => (one < other ? -1 : 1)));
}
