/**
 * About how many bytes of memory a value holds, all that it refers to included.
 *
 * @param {unknown} value
 */
export function sizeOf(value) {
  let size = 0;
  const seen = new Set();
  const left = [value];
  while (left.length > 0) {
    const part = left.pop();
    if (typeof part === 'string') size += 2 * part.length;
    if (typeof part !== 'object' || part === null) continue;
    const held = ArrayBuffer.isView(part) ? part.buffer : part;
    if (seen.has(held)) continue;
    seen.add(held);
    if (held instanceof ArrayBuffer) size += held.byteLength;
    else {
      const parts =
        held instanceof Map || held instanceof Set ? [...held].flat() : Object.entries(held).flat();
      size += 16 + 8 * parts.length;
      for (const item of parts) left.push(item);
    }
  }
  return size;
}
