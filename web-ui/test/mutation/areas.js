/**
 * What is mutated, area by area, and the tests that judge it, those first that notice most. Paths are below src/core.
 * Model tests are left out, they take too long; so is crypto/labels.js, each value of which a test compares with the
 * text of the specification.
 *
 * @typedef {{ mutate: string[], tests: string[] }} Unit what one run of Stryker looks at
 */

/** Least share of mutants that must be noticed, in each area. */
export const BAR = 85;

/** @type {Record<string, Unit[]>} */
export const AREAS = {
  seal: [
    { mutate: ['crypto/seal.js'], tests: ['crypto/seal.test.js', 'crypto/vectors.test.js'] },
    { mutate: ['crypto/padding.js'], tests: ['crypto/padding.test.js'] },
  ],
  pqxdh: [
    {
      mutate: ['crypto/pqxdh.js', 'crypto/prekey.js'],
      tests: [
        'crypto/pqxdh.test.js',
        'crypto/prekey.test.js',
        'crypto/vectors.test.js',
        'session/session-table.test.js',
        'decoders.test.js',
      ],
    },
  ],
  ratchet: [
    {
      mutate: ['crypto/ratchet.js', 'crypto/ratchet-header.js', 'crypto/ratchet-record.js'],
      tests: [
        'crypto/ratchet-bounds.test.js',
        'crypto/ratchet.test.js',
        'session/peer-record.test.js',
        'crypto/vectors.test.js',
        'session/session-table.test.js',
        'decoders.test.js',
      ],
    },
  ],
  sessions: [
    {
      mutate: [
        'session/peer-record.js',
        'session/peer-sessions.js',
        'session/receiving.js',
        'session/refusal.js',
        'session/sending.js',
      ],
      tests: [
        'session/peer-record.test.js',
        'session/receiving.test.js',
        'session/refusal.test.js',
        'session/sending.test.js',
        'session/session-table.test.js',
        'session/peer-sessions.test.js',
        'decoders.test.js',
      ],
    },
  ],
  decoders: [
    {
      mutate: ['crypto/content.js', 'crypto/json-shape.js'],
      tests: [
        'crypto/content.test.js',
        'crypto/content-bounds.test.js',
        'crypto/json-shape.test.js',
        'crypto/pin.test.js',
        'crypto/vault.test.js',
        'decoders.test.js',
      ],
    },
    {
      mutate: ['crypto/bytes.js'],
      tests: ['crypto/bytes.test.js', 'crypto/envelope.test.js', 'decoders.test.js'],
    },
    {
      mutate: ['crypto/device-list.js'],
      tests: [
        'crypto/device-list.test.js',
        'crypto/forged-list.test.js',
        'crypto/pinned-list.test.js',
        'crypto/vectors.test.js',
        'session/session-table.test.js',
        'decoders.test.js',
      ],
    },
    {
      mutate: ['crypto/envelope.js', 'crypto/errors.js'],
      tests: [
        'crypto/envelope.test.js',
        'crypto/vectors.test.js',
        'session/session-table.test.js',
        'decoders.test.js',
      ],
    },
    {
      mutate: ['crypto/vault.js', 'crypto/pin.js'],
      tests: ['crypto/vault.test.js', 'crypto/pin.test.js', 'decoders.test.js'],
    },
    {
      mutate: ['crypto/attachment.js'],
      tests: ['crypto/attachment.test.js', 'crypto/vectors.test.js', 'decoders.test.js'],
    },
    { mutate: ['path/relay-frame.js'], tests: ['path/relay-frame.test.js', 'decoders.test.js'] },
    { mutate: ['db/codec.js'], tests: ['db/codec.test.js'] },
  ],
  keys: [
    {
      mutate: ['crypto/hash.js', 'crypto/hkdf.js', 'crypto/keys.js', 'crypto/random.js'],
      tests: [
        'crypto/keys.test.js',
        'crypto/random.test.js',
        'crypto/hash.test.js',
        'crypto/known-answers.test.js',
        'crypto/vectors.test.js',
        'crypto/pqxdh.test.js',
      ],
    },
    {
      mutate: [
        'crypto/account-id.js',
        'crypto/delivery-token.js',
        'crypto/local-key.js',
        'crypto/login-proof.js',
        'crypto/password.js',
        'crypto/safety-number.js',
      ],
      tests: [
        'crypto/delivery-token.test.js',
        'crypto/local-key.test.js',
        'crypto/login-proof.test.js',
        'crypto/password.test.js',
        'crypto/safety-number.test.js',
        'crypto/vectors.test.js',
      ],
    },
  ],
};

/** Every unit by its name: that of its area and a number. */
export const UNITS = Object.fromEntries(
  Object.entries(AREAS).flatMap(([area, units]) => units.map((unit, i) => [`${area}-${i + 1}`, unit])),
);

/** The unit that the environment names: Stryker's processes inherit it. */
export function unitOfEnvironment() {
  const unit = UNITS[process.env.MUTATION_UNIT ?? ''];
  if (!unit) throw new RangeError(`MUTATION_UNIT is one of ${Object.keys(UNITS).join(', ')}`);
  return unit;
}

/** @param {string} path below src/core */
export function below(path) {
  return `src/core/${path}`;
}
