/**
 * Merging the items of two vaults that were changed at the same time (MP2P/1 §9.3). Pins and keys are never
 * dropped.
 *
 * @typedef {import('../engine-contract.js').VaultItems} VaultItems
 * @typedef {import('../engine-contract.js').Pin} Pin
 */

/** Settings that are off until they say true (§6.2): absent and false are the same. */
const SWITCH = /^(mailbox_only|relay_only(:.+)?)$/;

/**
 * @param {VaultItems} base what both sides started from
 * @param {VaultItems} ours with changes not pushed yet
 * @param {VaultItems} theirs newer on the server
 * @returns {VaultItems}
 */
export function mergeItems(base, ours, theirs) {
  return {
    ...theirs,
    // "last writer": we are the last one for what we changed, not for what we merely hold
    delivery_key: ours.delivery_key !== base.delivery_key ? ours.delivery_key : theirs.delivery_key,
    settings: mergeSettings(base.settings, ours.settings, theirs.settings),
    backup_keys: mergeKeys(ours.backup_keys, theirs.backup_keys),
    unlock_keys: mergeKeys(ours.unlock_keys, theirs.unlock_keys),
    left: mergeLeft(base.left, ours.left, theirs.left),
    pins: mergePins(ours.pins, theirs.pins),
  };
}

/**
 * Each by itself: a device may have changed one, and another device another one.
 *
 * @param {VaultItems['settings']} base
 * @param {VaultItems['settings']} ours
 * @param {VaultItems['settings']} theirs
 */
function mergeSettings(base, ours, theirs) {
  const merged = new Map(Object.entries(theirs));
  const before = new Map(Object.entries(base));
  const now = new Map(Object.entries(ours));
  for (const key of new Set([...before.keys(), ...now.keys()])) {
    if (isSame(key, now.get(key), before.get(key))) continue;
    if (now.has(key)) merged.set(key, now.get(key));
    else merged.delete(key);
  }
  return Object.fromEntries(merged);
}

/**
 * @param {string} key
 * @param {unknown} a
 * @param {unknown} b
 */
const isSame = (key, a, b) =>
  SWITCH.test(key) ? (a === true) === (b === true) : JSON.stringify(a) === JSON.stringify(b);

/**
 * An account id names its identity key (§2), so two keys for one id means a forged pin: ours stays.
 *
 * @param {Pin[]} ours
 * @param {Pin[]} theirs
 */
function mergePins(ours, theirs) {
  const merged = new Map(theirs.map((pin) => [pin.account_id, pin]));
  for (const pin of ours) {
    const other = merged.get(pin.account_id);
    merged.set(pin.account_id, other && other.aik === pin.aik ? mergePin(pin, other) : pin);
  }
  return [...merged.values()];
}

/**
 * Two hashes of one version are a fork: what the user trusted later stands, and theirs else, so that it is noticed
 * here. Other changes of a pin decide nothing about its hash.
 *
 * @param {Pin} ours
 * @param {Pin} theirs
 * @returns {Pin}
 */
export function mergePin(ours, theirs) {
  const { trusted_at: _, ...newest } = ours.at >= theirs.at ? ours : theirs;
  const isTrustedLater =
    ours.list_version === theirs.list_version && (ours.trusted_at ?? 0) > (theirs.trusted_at ?? 0);
  const list = ours.list_version > theirs.list_version || isTrustedLater ? ours : theirs;
  return {
    ...newest, // state, username and delivery_key
    they_accepted: ours.they_accepted || theirs.they_accepted,
    verified: ours.verified || theirs.verified,
    list_version: list.list_version,
    dlc_hash: list.dlc_hash,
    ...(list.trusted_at !== undefined && { trusted_at: list.trusted_at }),
  };
}

/**
 * @template {{ gen: number }} K
 * @param {K[]} ours
 * @param {K[]} theirs
 * @returns {K[]} one per generation, ascending
 */
function mergeKeys(ours, theirs) {
  const merged = new Map(ours.map((key) => [key.gen, key]));
  for (const key of theirs) merged.set(key.gen, key);
  return [...merged.values()].sort((a, b) => a.gen - b.gen);
}

/**
 * Union, without what one side has taken out: an id goes when the newest list lacks it, which stays true.
 *
 * @param {number[]} base
 * @param {number[]} ours
 * @param {number[]} theirs
 */
function mergeLeft(base, ours, theirs) {
  const gone = base.filter((id) => !ours.includes(id) || !theirs.includes(id));
  return [...new Set([...theirs, ...ours])].filter((id) => !gone.includes(id));
}
