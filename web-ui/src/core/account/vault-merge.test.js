import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeItems } from './vault-merge.js';

/** @typedef {import('../engine-contract.js').Pin} Pin */

/** @param {Partial<Pin>} [change] @returns {Pin} */
const pin = (change) => ({
  account_id: 'bob',
  aik: 'key-of-bob',
  state: 'accepted',
  they_accepted: false,
  verified: false,
  list_version: 1,
  dlc_hash: 'hash-1',
  at: 100,
  ...change,
});
/** @param {Partial<import('../engine-contract.js').VaultItems>} [change] */
const items = (change) => ({
  delivery_key: 'delivery-1',
  backup_keys: [{ gen: 1, key: 'b1' }],
  unlock_keys: [{ gen: 1, key: 'u1', added_ms: 1 }],
  left: [],
  pins: [],
  settings: {},
  ...change,
});

test('pins of both sides are kept', () => {
  const merged = mergeItems(
    items(),
    items({ pins: [pin()] }),
    items({ pins: [pin({ account_id: 'carol', aik: 'key-of-carol' })] }),
  );

  assert.deepEqual(new Set(merged.pins.map((p) => p.account_id)), new Set(['bob', 'carol']));
});

test('one pin takes the newest list, the OR of what was seen, and the newest decision', () => {
  const ours = pin({ at: 300, state: 'blocked', verified: true, list_version: 2, dlc_hash: 'hash-2' });
  const theirs = pin({ at: 200, username: 'bob', they_accepted: true, list_version: 5, dlc_hash: 'hash-5' });

  const [merged] = mergeItems(items(), items({ pins: [ours] }), items({ pins: [theirs] })).pins;

  assert.deepEqual(merged, {
    ...ours,
    they_accepted: true,
    verified: true,
    list_version: 5,
    dlc_hash: 'hash-5',
  });
});

test('the newest decision wins whichever side it is on', () => {
  const ours = pin({ at: 100, state: 'accepted' });
  const theirs = pin({ at: 200, state: 'blocked', username: 'bob', delivery_key: 'new' });

  const [merged] = mergeItems(items(), items({ pins: [ours] }), items({ pins: [theirs] })).pins;

  assert.equal(merged?.state, 'blocked');
  assert.equal(merged?.delivery_key, 'new');
});

test('of two hashes of one version the one that was trusted later stays, and else the one of the vault', () => {
  const theirs = pin({ dlc_hash: 'theirs', trusted_at: 2 });
  const hashOf = (/** @type {number | undefined} */ ourMs) => {
    const ours = pin({ at: 999, dlc_hash: 'ours', ...(ourMs && { trusted_at: ourMs }) });
    const merged = mergeItems(items(), items({ pins: [ours] }), items({ pins: [theirs] })).pins[0];
    return [merged?.dlc_hash, merged?.trusted_at];
  };
  assert.deepEqual([undefined, 1, 2, 3].map(hashOf), [
    ['theirs', 2],
    ['theirs', 2],
    ['theirs', 2],
    ['ours', 3],
  ]);
});

test('the time of a decision goes with the hash that it was for', () => {
  const ours = pin({ at: 300, trusted_at: 5 });
  const theirs = pin({ at: 200, list_version: 9, dlc_hash: 'hash-9' });
  const [merged] = mergeItems(items(), items({ pins: [ours] }), items({ pins: [theirs] })).pins;
  assert.deepEqual([merged?.dlc_hash, merged?.trusted_at], ['hash-9', undefined]);
});

test('another identity key for a known account never replaces the pinned one', () => {
  const ours = items({ pins: [pin()] });
  const theirs = items({ pins: [pin({ aik: 'key-of-mallory', at: 999 })] });

  assert.equal(mergeItems(items(), ours, theirs).pins[0]?.aik, 'key-of-bob');
});

test('the delivery key changes only on the side that changed it', () => {
  const base = items();
  const rotated = items({ delivery_key: 'delivery-2' });

  assert.equal(mergeItems(base, items({ pins: [pin()] }), rotated).delivery_key, 'delivery-2');
  assert.equal(mergeItems(base, rotated, items()).delivery_key, 'delivery-2');
});

test('key generations are united', () => {
  const merged = mergeItems(
    items(),
    items({ backup_keys: [{ gen: 1, key: 'b1' }] }),
    items({
      backup_keys: [
        { gen: 1, key: 'b1' },
        { gen: 2, key: 'b2' },
      ],
    }),
  );

  assert.deepEqual(
    merged.backup_keys.map(({ gen }) => gen),
    [1, 2],
  );
});

test('left devices are united, and one that was taken out stays out', () => {
  const merged = mergeItems(items({ left: [1, 2] }), items({ left: [1, 3] }), items({ left: [1, 2, 4] }));

  assert.deepEqual(new Set(merged.left), new Set([1, 3, 4]));
});

test('each setting is merged by itself: what one side changed stands, also where it was taken out', () => {
  const merged = mergeItems(
    items({ settings: { relay_only: false, mailbox_only: false, old: 1, theirs: 1 } }),
    items({ settings: { relay_only: true, mailbox_only: false, theirs: 1 } }),
    items({ settings: { relay_only: false, mailbox_only: true, old: 1, theirs: 2, added: { a: 1 } } }),
  );

  assert.deepEqual(merged.settings, { relay_only: true, mailbox_only: true, theirs: 2, added: { a: 1 } });
});

test('a switch that one side turned on stays on, though the other side wrote an "off" that was never on', () => {
  const merge = (/** @type {any} */ base, /** @type {any} */ ours, /** @type {any} */ theirs) =>
    mergeItems(items({ settings: base }), items({ settings: ours }), items({ settings: theirs })).settings;
  const ours = { relay_only: false, mailbox_only: true };
  const theirs = { relay_only: true, mailbox_only: false };

  assert.deepEqual(merge({}, ours, theirs), { relay_only: true, mailbox_only: true });
  assert.deepEqual(merge({}, theirs, ours), { relay_only: true, mailbox_only: true });
  assert.deepEqual(merge({ relay_only: false }, {}, theirs), theirs);
  assert.equal(merge({ relay_only: true }, { relay_only: false }, { relay_only: true }).relay_only, false);
  assert.equal(merge({ relay_only: true }, {}, { relay_only: true }).relay_only, undefined);
});

test('a switch of one contact is a switch like others', () => {
  const merged = mergeItems(
    items({ settings: { 'relay_only:bob': true } }),
    items({ settings: { 'relay_only:carol': true } }),
    items({ settings: { 'relay_only:bob': true, 'relay_only:carol': false, 'relay_only:dave': true } }),
  );

  assert.deepEqual(merged.settings, { 'relay_only:carol': true, 'relay_only:dave': true });
});

test('a setting with the name of something built in is a setting like others', () => {
  const settings = JSON.parse('{"__proto__": true, "constructor": 1}');
  const merged = mergeItems(items(), items({ settings }), items());

  assert.deepEqual(Object.keys(merged.settings).sort(), ['__proto__', 'constructor']);
  assert.equal(Object.getPrototypeOf(merged.settings), Object.prototype);
});
