/**
 * @param {string[]} pages of metrics in Prometheus' text form
 * @returns {Record<string, number>} sums of the product's own samples by name, in the order of the names
 */
export function samplesIn(pages) {
  /** @type {Map<string, number>} */
  const sums = new Map();
  for (const line of pages.join('\n').split('\n')) {
    const [, name, value] = /^(mp2p_\w+)(?:\{[^}]*\})? ([\d.eE+-]+)$/.exec(line) ?? [];
    if (name) sums.set(name, (sums.get(name) ?? 0) + Number(value));
  }
  return Object.fromEntries([...sums].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/**
 * What only grows, by what has happened: gauges, as of what waits in mailboxes, are looked at anew every so often.
 *
 * @param {string[]} pages of metrics in Prometheus' text form
 */
export function countersIn(pages) {
  return Object.fromEntries(Object.entries(samplesIn(pages)).filter(([name]) => name.endsWith('_total')));
}
