import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decoders } from '../../test/decoders.js';
import { valueOrRefusal } from '../../test/refusals.js';
import fc from '../../test/seeded.js';
import { concat } from './crypto/bytes.js';
import { ready } from './crypto/sodium.js';

await ready();

for (const [name, decoder] of Object.entries(decoders())) {
  const { bytes, decode, codes = ['E_FORMAT'], free, fields } = decoder;
  const refuses = (/** @type {Uint8Array} */ changed, /** @type {string} */ why) =>
    assert.equal(
      valueOrRefusal(() => ({ value: decode(changed) }), ...codes),
      null,
      why,
    );

  test(`${name}: whatever is cut off is missed`, () => {
    decode(bytes);
    for (let length = 0; length < (free ?? bytes.length); length++) {
      refuses(bytes.subarray(0, length), `${length} bytes`);
    }
  });

  if (free === undefined)
    test(`${name}: nothing may stand behind`, () => {
      for (let byte = 0; byte <= 0xff; byte++) refuses(concat(bytes, Uint8Array.of(byte)), `${byte}`);
      fc.assert(
        fc.property(fc.uint8Array({ minLength: 2, maxLength: 2000 }), (surplus) => {
          refuses(concat(bytes, surplus), 'longer');
        }),
        { numRuns: 20 },
      );
    });

  for (const [field, { at, known }] of Object.entries(fields)) {
    test(`${name}: an unknown ${field} is refused`, () => {
      for (let value = 0; value <= 0xff; value++) {
        if (!known.includes(value)) refuses(bytes.with(at, value), `${value}`);
      }
    });
  }

  test(`${name}: whatever is changed, it is read or refused, and nothing else happens`, () => {
    const edit = fc.record({
      at: fc.nat(),
      removed: fc.oneof(fc.nat(4), fc.nat(bytes.length)),
      put: fc.uint8Array({ maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const changed = Array.from(bytes);
        for (const { at, removed, put } of edits) changed.splice(at % (changed.length + 1), removed, ...put);
        valueOrRefusal(() => decode(Uint8Array.from(changed)), ...codes);
      }),
      { numRuns: 60 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (noise) => {
        valueOrRefusal(() => decode(noise), ...codes);
      }),
      { numRuns: 60 },
    );
  });
}
