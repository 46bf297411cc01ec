import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { prekeyKey } from '../account/prekey-rows.js';
import { Writer } from '../crypto/bytes.js';
import { PREKEY } from '../crypto/prekey.js';
import { ready } from '../crypto/sodium.js';
import { Disk, MemoryDatabase } from '../model/memory-database.js';
import { Scratch } from '../scratch.js';
import { ReplayCache } from './replay-cache.js';

const DAY = 86_400_000;
const T0 = 1_800_000_000_000;
const RETENTION = 30 * DAY;

before(ready);

/** A cache on a disk that outlives it, with the signed prekeys that it asks for. */
class Shelf {
  nowMs = T0;
  /** @type {Set<number>} */
  signed = new Set();
  #database = new MemoryDatabase(new Disk());
  #cache = new ReplayCache();
  #sessions = 0;

  /** @param {number} spkId */
  async makeSigned(spkId) {
    this.signed.add(spkId);
    const key = { row: 'prekey', keyId: spkId };
    await this.#database.commit((tx) => tx.put('prekeys', prekeyKey(PREKEY.SIGNED, spkId), key));
  }

  /** @param {number} spkId */
  async eraseSigned(spkId) {
    this.signed.delete(spkId);
    await this.#database.commit((tx) => tx.delete('prekeys', prekeyKey(PREKEY.SIGNED, spkId)));
  }

  /**
   * @param {number} spkId
   * @param {number} opkId
   */
  session(spkId, opkId) {
    this.#sessions += 1;
    const ekHash = new Writer().u64(0).u64(this.#sessions).finish();
    return { spkId, opkId, ekHash, atMs: this.nowMs };
  }

  /** @param {import('../session/session-table.js').ReplayRow[]} rows of one unit of work */
  async add(...rows) {
    const scratch = new Scratch(this.#database);
    for (const row of rows) this.#cache.add(scratch, row);
    await scratch.commit();
  }

  async prune() {
    const scratch = new Scratch(this.#database);
    await this.#cache.prune(scratch, this.nowMs, RETENTION);
    await scratch.commit();
  }

  /** @param {import('../session/session-table.js').ReplayRow[]} rows in place of as many units of work */
  async putOnDisk(rows) {
    const first = (await this.onDisk()) + 1;
    await this.#database.commit((tx) => {
      rows.forEach((row, i) => {
        tx.put('prekeys', ['replay', first + i], { row: 'replay', number: first + i, ...row });
      });
    });
  }

  async restart() {
    this.#cache = new ReplayCache();
    await this.#cache.load(this.#database);
  }

  /** @param {import('../session/session-table.js').ReplayRow} row */
  has(row) {
    return this.#cache.view(new Scratch(this.#database)).has(row);
  }

  /** @param {import('../session/session-table.js').ReplayRow} row */
  addAndDrop(row) {
    this.#cache.add(new Scratch(this.#database), row);
  }

  onDisk() {
    return this.#database.count('prekeys', ['replay']);
  }
}

test('a row without a one-time key stays as long as its signed prekey, however old it is', async () => {
  const shelf = new Shelf();
  await shelf.makeSigned(1);
  const row = shelf.session(1, 0);
  await shelf.add(row);

  shelf.nowMs += 400 * DAY;
  await shelf.prune();
  assert.ok(shelf.has(row));

  await shelf.eraseSigned(1);
  await shelf.prune();
  assert.equal(shelf.has(row), false);
  assert.equal(await shelf.onDisk(), 0);
});

test('a row of a one-time key stays T days and no longer', async () => {
  const shelf = new Shelf();
  const row = shelf.session(1, 7);
  await shelf.add(row);

  shelf.nowMs += RETENTION;
  await shelf.prune();
  assert.ok(shelf.has(row));

  shelf.nowMs += 1;
  await shelf.prune();
  assert.equal(shelf.has(row), false);
  assert.equal(await shelf.onDisk(), 0);
});

test('beyond 10 000 rows of one-time keys the oldest go at once, and no row without one goes', async () => {
  const shelf = new Shelf();
  await shelf.makeSigned(1);
  const kept = shelf.session(1, 0);
  await shelf.add(kept);
  const rows = Array.from({ length: 9_999 }, (_, i) => shelf.session(1, i + 1));
  await shelf.putOnDisk(rows);
  await shelf.restart();

  const further = [10_000, 10_001, 10_002].map((opkId) => shelf.session(1, opkId));
  await shelf.add(...further);

  assert.equal(await shelf.onDisk(), 10_000 + 1);
  assert.deepEqual(
    [kept, ...rows.slice(0, 3), ...further].map((row) => shelf.has(row)),
    [true, false, false, true, true, true, true],
  );
});

test('what a unit of work added that was never written is not remembered', async () => {
  const shelf = new Shelf();
  const row = shelf.session(1, 7);
  shelf.addAndDrop(row);

  assert.equal(shelf.has(row), false);
});

test('no accepted session can be replayed: its row or its keys are there to refuse it', async () => {
  const spkId = fc.integer({ min: 1, max: 3 });
  const act = fc.oneof(
    fc.record({ act: fc.constant('accept'), spkId, oneTime: fc.boolean() }),
    fc.record({ act: fc.constant('wait'), days: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ act: fc.constantFrom('make', 'erase'), spkId }),
    fc.record({ act: fc.constantFrom('prune', 'restart') }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 60 }), async (acts) => {
      const shelf = new Shelf();
      const everSigned = new Set();
      /** @type {import('../session/session-table.js').ReplayRow[]} */
      const accepted = [];
      for (const step of /** @type {any[]} */ (acts)) {
        if (step.act === 'wait') shelf.nowMs += step.days * DAY;
        if (step.act === 'prune') await shelf.prune();
        if (step.act === 'restart') await shelf.restart();
        if (step.act === 'erase') await shelf.eraseSigned(step.spkId);
        if (step.act === 'make' && !everSigned.has(step.spkId)) {
          everSigned.add(step.spkId); // a key id is never used twice
          await shelf.makeSigned(step.spkId);
        }
        if (step.act === 'accept' && shelf.signed.has(step.spkId)) {
          const row = shelf.session(step.spkId, step.oneTime ? accepted.length + 1 : 0);
          await shelf.add(row);
          accepted.push(row); // its one-time key is gone with it
        }
        for (const row of accepted)
          assert.ok(row.opkId !== 0 || !shelf.signed.has(row.spkId) || shelf.has(row));
      }
      await shelf.prune();
      const rows = accepted.filter(({ opkId, spkId, atMs }) =>
        opkId === 0 ? shelf.signed.has(spkId) : atMs >= shelf.nowMs - RETENTION,
      );
      assert.equal(await shelf.onDisk(), rows.length, 'and nothing is kept longer than it serves');
    }),
    { numRuns: 200 },
  );
});
