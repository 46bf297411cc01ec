/** Of the keys in the samples: always the same, so that bytes that found a bug find it again. */
export const KEYS_SEED = 1;

/**
 * Of the changes.
 *
 * @param {NodeJS.ProcessEnv} environment
 */
export function seedOf({ FUZZ_SEED }) {
  const seed = FUZZ_SEED === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(FUZZ_SEED);
  if (!Number.isInteger(seed)) throw new RangeError('FUZZ_SEED is a whole number');
  return seed;
}
