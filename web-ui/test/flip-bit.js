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

/**
 * Every copy with one bit changed.
 * @param {Uint8Array} bytes
 * @param {number} [bits] of each byte, from the lowest: 7 keeps ASCII
 */
export function* everyBitOf(bytes, bits = 8) {
  for (let at = 0; at < bytes.length; at++) {
    for (let bit = 0; bit < bits; bit++) {
      const copy = new Uint8Array(bytes);
      copy[at] = /** @type {number} */ (copy[at]) ^ (1 << bit);
      yield copy;
    }
  }
}
