/**
 * The replay cache of PREKEY sessions (MP2P/1 §3): one row {spk_id, opk_id, H(EK)[0..16)} each, in memory by value,
 * on disk beside the private prekeys.
 *
 * A row goes when the keys that its session took are gone, for then a replay opens nothing: a one-time key is erased
 * with the first message it opened, so that its row only saves a RETRY; a signed prekey serves many.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('../session/session-table.js').ReplayRow} ReplayRow
 * @typedef {ReplayRow & { row: 'replay', number: number }} Stored
 */
import { prekeyKey } from '../account/prekey-rows.js';
import { toHex } from '../crypto/bytes.js';
import { PREKEY } from '../crypto/prekey.js';

const ONE_TIME_ROWS = 10_000;
const MEMO = 'replay';

export class ReplayCache {
  /** @type {Map<string, Stored>} oldest first, as committed */
  #rows = new Map();
  #last = 0;

  /** @param {import('../engine-contract.js').Database} database */
  async load(database) {
    /** @type {import('../engine-contract.js').Row<Stored>[]} */
    const rows = await database.list('prekeys', ['replay']);
    for (const { value } of rows) this.#rows.set(idOf(value), value);
    this.#last = rows.at(-1)?.value.number ?? 0;
  }

  /**
   * The cache as this unit of work sees it.
   *
   * @param {Scratch} scratch
   */
  view(scratch) {
    const rows = this.#seenBy(scratch);
    return {
      /** @param {ReplayRow} row */
      has: (row) => rows.has(idOf(row)),
      /** @param {number} spkId */
      withoutOneTime: (spkId) => {
        let count = 0;
        for (const row of rows.values()) if (row.opkId === 0 && row.spkId === spkId) count += 1;
        return count;
      },
    };
  }

  /**
   * @param {Scratch} scratch
   * @param {ReplayRow} row
   */
  add(scratch, row) {
    this.#last += 1;
    /** @type {Stored} */
    const stored = { row: 'replay', number: this.#last, ...row };
    scratch.put('prekeys', ['replay', stored.number], stored);
    const rows = new Map(this.#seenBy(scratch)).set(idOf(row), stored);
    this.#keep(scratch, rows, surplusOf(rows));
  }

  /**
   * Forgets what can no longer be replayed: rows of a one-time key after T, rows without one when their signed
   * prekey is erased.
   *
   * @param {Scratch} scratch
   * @param {number} nowMs
   * @param {number} retentionMs T
   */
  async prune(scratch, nowMs, retentionMs) {
    const rows = new Map(this.#seenBy(scratch));
    /** @type {Map<number, boolean>} */
    const held = new Map();
    for (const { opkId, spkId } of rows.values())
      if (opkId === 0 && !held.has(spkId))
        held.set(spkId, Boolean(await scratch.get('prekeys', prekeyKey(PREKEY.SIGNED, spkId))));
    const gone = [...rows.values()].filter(({ opkId, spkId, atMs }) =>
      opkId === 0 ? !held.get(spkId) : atMs < nowMs - retentionMs,
    );
    this.#keep(scratch, rows, gone);
  }

  /**
   * @param {Scratch} scratch
   * @returns {Map<string, Stored>}
   */
  #seenBy(scratch) {
    return scratch.recall(MEMO) ?? this.#rows;
  }

  /**
   * @param {Scratch} scratch
   * @param {Map<string, Stored>} rows
   * @param {Stored[]} gone of these
   */
  #keep(scratch, rows, gone) {
    for (const row of gone) {
      scratch.delete('prekeys', ['replay', row.number]);
      rows.delete(idOf(row));
    }
    scratch.remember(MEMO, rows);
    scratch.afterCommit(() => {
      this.#rows = rows;
    });
  }
}

/**
 * The oldest of those with a one-time key, beyond their bound.
 *
 * @param {Map<string, Stored>} rows
 */
function surplusOf(rows) {
  const withOneTime = [...rows.values()].filter(({ opkId }) => opkId !== 0);
  return withOneTime.slice(0, Math.max(0, withOneTime.length - ONE_TIME_ROWS));
}

/** @param {ReplayRow} row */
const idOf = ({ spkId, opkId, ekHash }) => `${spkId}/${opkId}/${toHex(ekHash)}`;
