/**
 * What a journey knows of the product that runs for it, whatever its form: one process (`one-process.js`) or a
 * container for each service (`compose.js`). `MESSENGER_FORM` chooses.
 *
 * @typedef {object} Stack
 * @property {string} folder where it keeps what it knows of itself; another process finds the stack by it
 * @property {string} url of the page
 * @property {() => Promise<Stack>} start resolves when everything is ready
 * @property {() => Promise<void>} stop as an operator stops it
 * @property {() => Promise<void>} kill as the power fails: everything at once
 * @property {() => Promise<void>} remove stops it and leaves nothing behind
 * @property {() => Promise<Record<string, number>>} counters sums over all services by their Prometheus name, without gauges
 * @property {() => string} log all that it has written to logs, standard output and standard error
 * @property {(name: 'auth' | 'mailbox') => import('pg').ClientConfig} database
 * @property {() => string} certificateFile what a client without a browser has to trust, as a PEM file
 * @property {string} clusterFolder files of the database
 */

/** Limits are settings; a run of journeys does in a minute what a household does in a year. */
const ROOMY_LIMITS = Object.fromEntries(
  [
    'registrations-by-address',
    'registrations',
    'parameters-by-address',
    'passwords-by-name',
    'passwords-by-address',
    'challenges-by-address',
    'refreshes-by-address',
    'names-by-hour',
    'names-by-day',
    'lists-by-account',
    'prekeys-by-account',
  ].map((limit) => [`mp2p.auth.limits.${limit}`, '10000/PT1M/10000']),
);

async function form() {
  return process.env.MESSENGER_FORM === 'compose'
    ? (await import('./compose.js')).Compose
    : (await import('./one-process.js')).OneProcess;
}

/**
 * A new stack, not started yet.
 *
 * @param {Record<string, string>} [settings] of the services; roomy limits where none are given
 * @returns {Promise<Stack>}
 */
export async function newStack(settings = {}) {
  return (await form()).create({ ...ROOMY_LIMITS, ...settings });
}

/**
 * A new stack with the limits that a user meets.
 *
 * @returns {Promise<Stack>}
 */
export async function newStackAsShipped() {
  return (await form()).create({});
}

/** A stack that another process has made. @param {string} folder @returns {Promise<Stack>} */
export async function stackIn(folder) {
  return new (await form())(folder);
}

/** Far beyond what anything is on its way. */
const SETTLED_MS = 120_000;

/** Counters once they have not moved for a second: what was still on its way has arrived. @param {Stack} stack */
export async function settledCounters(stack) {
  const deadline = Date.now() + SETTLED_MS;
  let before = await stack.counters();
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const now = await stack.counters();
    const moving = Object.keys(now).filter((name) => now[name] !== before[name]);
    if (moving.length === 0) return now;
    if (Date.now() > deadline) throw new Error(`counters that do not come to rest: ${moving.join(', ')}`);
    before = now;
  }
}
