/**
 * Messages that another own device has read and this one does not have yet (MP2P/1 §6.1 SYNC `read`): their names wait
 * in `held`, in one row, so that nobody makes more of them than HELD.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {{ conv: Uint8Array, msgId: Uint8Array }} Name
 * @typedef {{ row: 'reads', waiting: Name[], atMs: number }} HeldReads oldest first
 */
import { equal } from '../crypto/bytes.js';

const HELD = 500; // HELD_MAX
/** @type {import('../engine-contract.js').KeyPart[]} */
const KEY = ['reads'];

/**
 * @param {Scratch} scratch
 * @param {Uint8Array} conv
 * @param {Uint8Array[]} msgIds
 * @param {number} nowMs
 */
export async function holdReads(scratch, conv, msgIds, nowMs) {
  const held = await heldReads(scratch);
  const added = msgIds.filter((msgId) => !held.some(isNamed(conv, msgId))).map((msgId) => ({ conv, msgId }));
  if (added.length > 0) put(scratch, [...held, ...added].slice(-HELD), nowMs);
}

/**
 * Whether a message that has come now was read elsewhere before; its name waits no longer.
 *
 * @param {Scratch} scratch
 * @param {Uint8Array} conv
 * @param {Uint8Array} msgId
 * @param {number} nowMs
 */
export async function wasReadElsewhere(scratch, conv, msgId, nowMs) {
  const held = await heldReads(scratch);
  const is = isNamed(conv, msgId);
  if (!held.some(is)) return false;
  put(
    scratch,
    held.filter((name) => !is(name)),
    nowMs,
  );
  return true;
}

/**
 * @param {Scratch} scratch
 * @returns {Promise<Name[]>}
 */
async function heldReads(scratch) {
  /** @type {HeldReads | undefined} */
  const row = await scratch.get('held', KEY);
  return row?.waiting ?? [];
}

/**
 * @param {Scratch} scratch
 * @param {Name[]} waiting
 * @param {number} atMs
 */
function put(scratch, waiting, atMs) {
  if (waiting.length === 0) scratch.delete('held', KEY);
  else scratch.put('held', KEY, { row: 'reads', waiting, atMs });
}

/**
 * @param {Uint8Array} conv
 * @param {Uint8Array} msgId
 * @returns {(name: Name) => boolean}
 */
const isNamed = (conv, msgId) => (name) => equal(name.msgId, msgId) && equal(name.conv, conv);
