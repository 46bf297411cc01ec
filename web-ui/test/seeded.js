import fc from 'fast-check';

/**
 * fast-check, whose seed the environment may give: a property that fails prints its seed, and PROPERTY_SEED=… runs
 * the same cases again. Keys and nonces are not among them, they are new in every run.
 */
const { PROPERTY_SEED } = process.env;
if (PROPERTY_SEED !== undefined) {
  const seed = Number(PROPERTY_SEED);
  if (!Number.isInteger(seed)) throw new RangeError('PROPERTY_SEED is a whole number');
  fc.configureGlobal({ seed });
}

export default fc;
