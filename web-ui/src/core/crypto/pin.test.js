import assert from 'node:assert/strict';
import { test } from 'node:test';
import { valueOrRefusal } from '../../../test/refusals.js';
import fc from '../../../test/seeded.js';
import { toBase64url } from './bytes.js';
import { pinShape } from './pin.js';

const bytes = (/** @type {number} */ length) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map(toBase64url);
const state = fc.constantFrom('none', 'accepted', 'blocked');
const parts = {
  account_id: bytes(16),
  aik: bytes(32),
  username: fc.string({ minLength: 1, maxLength: 32 }),
  state,
  they_accepted: fc.boolean(),
  verified: fc.boolean(),
  list_version: fc.integer({ min: 1, max: 0xffffffff }),
  dlc_hash: bytes(32),
  delivery_key: bytes(32),
  at: fc.maxSafeNat(),
  trusted_at: fc.maxSafeNat(),
};
const OPTIONAL = /** @type {const} */ (['username', 'delivery_key', 'trusted_at']);
const REQUIRED = /** @type {(keyof typeof parts)[]} */ (Object.keys(parts)).filter(
  (name) => !(/** @type {readonly string[]} */ (OPTIONAL).includes(name)),
);
const pin = fc.record(parts, { requiredKeys: REQUIRED });

test('a pin comes back without keys that are not listed, and without none of those that must be there', () => {
  fc.assert(
    fc.property(pin, fc.jsonValue(), (given, surplus) => {
      assert.deepEqual(pinShape({ ...given, surplus }), { ...given });
      for (const name of REQUIRED) {
        const { [name]: _, ...without } = given;
        assert.throws(() => pinShape(without), { code: 'E_FORMAT' }, name);
      }
    }),
  );
});

test('any other value in any place is kept as it stands or refused', () => {
  const wrong = fc.oneof(fc.jsonValue(), bytes(15), bytes(17), bytes(31), bytes(33), fc.constant('AB'));
  fc.assert(
    fc.property(
      pin,
      fc.constantFrom(.../** @type {string[]} */ (Object.keys(parts))),
      wrong,
      (given, name, value) => {
        const changed = { ...given, [name]: value };
        const read = valueOrRefusal(() => pinShape(changed), 'E_FORMAT');
        if (read) assert.deepEqual(read, changed);
      },
    ),
    { numRuns: 500 },
  );
});

const zeros = (/** @type {number[]} */ ...lengths) =>
  lengths.map((length) => toBase64url(new Uint8Array(length)));

test('numbers out of range, states unknown and byte strings of another length are refused', () => {
  fc.assert(
    fc.property(pin, (given) => {
      const wrongs = {
        list_version: [0, -1, 1.5, 2 ** 32, '1', null],
        at: [-1, 0.5, 2 ** 53, Number.NaN, '1'],
        state: ['', 'Accepted', 'unknown', null, 1],
        they_accepted: [0, 1, 'true', null],
        verified: [0, 1, 'true', null],
        username: ['', 'x'.repeat(33), null],
        account_id: ['', `${given.account_id}=`, ...zeros(15, 17)],
        aik: ['', `${given.aik}A`, ...zeros(31, 33)],
        dlc_hash: [`${given.dlc_hash.slice(0, -1)}+`, ...zeros(31, 33)],
        delivery_key: [null, ...zeros(31, 33)],
      };
      for (const [name, values] of Object.entries(wrongs)) {
        for (const value of values) {
          assert.throws(
            () => pinShape({ ...given, [name]: value }),
            { code: 'E_FORMAT' },
            `${name} ${value}`,
          );
        }
      }
    }),
    { numRuns: 20 },
  );
});
