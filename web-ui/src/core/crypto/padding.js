import { ProtocolError } from './errors.js';

/** Plaintext sizes on the wire (MP2P/1 §1.2). */
const BUCKETS = Object.freeze([256, 512, 1024, 2048, 4096, 8192, 16384, 32768]);
const MARK = 0x80;

/** Longest content that fits; longer ones travel as attachments. */
export const MAX_CONTENT = 32767;

/**
 * To the smallest bucket above the length, MP2P/1 §1.2.
 * @param {Uint8Array} content
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function pad(content) {
  const size = BUCKETS.find((bucket) => bucket > content.length);
  if (size === undefined) throw new ProtocolError('E_FORMAT', 'content too long');
  const padded = new Uint8Array(size);
  padded.set(content);
  padded[content.length] = MARK;
  return padded;
}

/**
 * What was padded, MP2P/1 §1.2.
 * @param {Uint8Array} padded authenticated bytes: the answer is no oracle
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function unpad(padded) {
  if (!BUCKETS.includes(padded.length)) throw new ProtocolError('E_FORMAT', 'not a padded length');
  let end = padded.length - 1;
  while (padded[end] === 0) end--;
  if (padded[end] !== MARK) throw new ProtocolError('E_FORMAT', 'padding mark missing');
  return padded.slice(0, end);
}
