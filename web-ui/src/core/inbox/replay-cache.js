/**
 * The replay cache of PREKEY sessions (MP2P/1 §3): one row {spk_id, opk_id, H(EK)[0..16)} each, in memory by value,
 * on disk beside the private prekeys.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('../session/session-table.js').ReplayRow} ReplayRow
 * @typedef {ReplayRow & { row: 'replay', number: number }} Stored
 */
import { prekeyKey } from '../account/prekey-rows.js';
import { toHex } from '../crypto/bytes.js';
import { PREKEY } from '../crypto/prekey.js';

const ONE_TIME_ROWS = 10_000;

export class ReplayCache {
  /** @type {Map<string, Stored>} oldest first */
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
    /** @type {Map<string, Stored>} */
    const added = scratch.recall('replay') ?? new Map();
    return {
      /** @param {ReplayRow} row */
      has: (row) => this.#rows.has(idOf(row)) || added.has(idOf(row)),
      /** @param {number} spkId */
      withoutOneTime: (spkId) =>
        [...this.#rows.values(), ...added.values()].filter((row) => row.spkId === spkId && row.opkId === 0)
          .length,
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
    scratch.remember('replay', new Map(scratch.recall('replay')).set(idOf(row), stored));
    scratch.afterCommit(() => this.#rows.set(idOf(row), stored));
  }

  /**
   * Forgets what can no longer be replayed: rows of a one-time key after T (the key is erased), rows without one
   * when their signed prekey is.
   *
   * @param {Scratch} scratch
   * @param {number} nowMs
   * @param {number} retentionMs T
   */
  async prune(scratch, nowMs, retentionMs) {
    const withOneTime = [...this.#rows.values()].filter((row) => row.opkId !== 0);
    const surplus = new Set(withOneTime.slice(0, Math.max(0, withOneTime.length - ONE_TIME_ROWS)));
    for (const row of this.#rows.values()) {
      const gone =
        row.opkId === 0
          ? !(await scratch.get('prekeys', prekeyKey(PREKEY.SIGNED, row.spkId)))
          : surplus.has(row) || row.atMs < nowMs - retentionMs;
      if (!gone) continue;
      scratch.delete('prekeys', ['replay', row.number]);
      scratch.afterCommit(() => this.#rows.delete(idOf(row)));
    }
  }
}

/** @param {ReplayRow} row */
const idOf = ({ spkId, opkId, ekHash }) => `${spkId}/${opkId}/${toHex(ekHash)}`;
