/**
 * Begins now, and says how many ms old it is, by whichever clock says more: one may stand still while the machine
 * sleeps, the other may be set back.
 *
 * @param {Pick<import('./environment.js').Environment, 'now' | 'elapsed'>} environment
 */
export function beginAge(environment) {
  const begun = { elapsedMs: environment.elapsed(), nowMs: environment.now() };
  return () => Math.max(environment.elapsed() - begun.elapsedMs, environment.now() - begun.nowMs);
}
