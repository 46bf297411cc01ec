// crypto.getRandomValues only: the generator of libsodium.js costs 40 times as much (MP2P/1 §1.1).

/**
 * From the system's generator (MP2P/1 §1).
 * @param {number} length
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function randomBytes(length) {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** A random non-zero u32: device ids and key ids (MP2P/1 §2). */
export function randomU32() {
  for (;;) {
    const [value] = crypto.getRandomValues(new Uint32Array(1));
    if (value) return value;
  }
}
