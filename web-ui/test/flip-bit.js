/**
 * A copy with one bit changed; `at` may exceed the length.
 * @param {Uint8Array} bytes
 * @param {number} at
 */
export function flipBit(bytes, at) {
  const copy = new Uint8Array(bytes);
  const index = at % copy.length;
  copy[index] = /** @type {number} */ (copy[index]) ^ (1 << (at % 8));
  return copy;
}
