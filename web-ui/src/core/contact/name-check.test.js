import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, NetworkError } from '../api/errors.js';
import { randomBytes } from '../crypto/random.js';
import { ready } from '../crypto/sodium.js';
import { Disk, MemoryDatabase } from '../model/memory-database.js';
import { Queue } from '../queue.js';
import { Transactions } from '../transactions.js';
import { newContact } from './contact.js';
import { Contacts } from './contacts.js';
import { NameCheck } from './name-check.js';

await ready();

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** @param {string[]} names of contacts */
async function directory(names) {
  const contacts = new Contacts();
  const transactions = new Transactions(new MemoryDatabase(new Disk()), new Queue(), () => assert.fail());
  const ids = names.map(() => randomBytes(16));
  /** @param {number} nth @param {object} change */
  const change = (nth, change) =>
    transactions.run(async (scratch) => {
      const id = /** @type {Uint8Array} */ (ids[nth]);
      contacts.put(scratch, { ...(await contacts.read(scratch, id, 0)), ...change });
    });
  for (const [nth, username] of names.entries())
    await change(nth, { ...newContact(randomBytes(16), 0), accountId: ids[nth], username });
  /** Questions that wait for an answer. @type {{ name: string, answer: (holder: any) => void, refuse: (error: Error) => void }[]} */
  const asked = [];
  /** @type {any} */
  const api = {
    username: (/** @type {string} */ name) =>
      new Promise((answer, refuse) => {
        asked.push({ name, answer, refuse });
      }),
  };
  const states = () => ids.map((id) => contacts.get(id)?.nameState);
  return { ids, asked, change, states, transactions, check: new NameCheck(api, transactions, contacts) };
}

test('names are asked for one at a time, and each once', async () => {
  const { ids, asked, states, check } = await directory(['anna', 'bert', 'carl']);
  check.checkPending();
  check.checkPending();
  for (const [nth, name] of ['anna', 'bert', 'carl'].entries()) {
    await settle();
    assert.deepEqual(
      asked.map((question) => question.name),
      ['anna', 'bert', 'carl'].slice(0, nth + 1),
    );
    asked[nth]?.answer(name === 'bert' ? randomBytes(16) : ids[nth]);
  }
  await settle();
  assert.deepEqual(states(), ['checked', 'conflict', 'checked']);
  assert.equal(asked.length, 3);
});

test('the answer for a name that the contact has no more changes nothing, the new one is asked for', async () => {
  const { ids, asked, change, states, check } = await directory(['anna']);
  const id = /** @type {Uint8Array} */ (ids[0]);
  check.check(id);
  await settle();
  await change(0, { username: 'anne', verified: true });
  check.check(id);
  asked[0]?.answer(id);
  await settle();
  assert.deepEqual(states(), ['unchecked']);
  assert.equal(asked[1]?.name, 'anne');
  asked[1]?.answer(id);
  await settle();
  assert.deepEqual(states(), ['checked']);
});

test('a refused name does not keep the others from being asked for; no answer ends the round', async () => {
  const { ids, asked, states, check } = await directory(['anna', 'bert', 'carl']);
  check.checkPending();
  await settle();
  asked[0]?.refuse(new ApiError(500, ''));
  await settle();
  assert.equal(asked[1]?.name, 'bert');
  asked[1]?.refuse(new NetworkError(null));
  await settle();
  assert.equal(asked.length, 2);
  check.checkPending();
  for (let nth = 2; nth < 5; nth++) {
    await settle();
    asked[nth]?.answer(ids[nth - 2]);
  }
  await settle();
  assert.deepEqual(states(), ['checked', 'checked', 'checked']);
});

test('nothing more is asked for once the engine has stopped', async () => {
  const { ids, asked, check, transactions } = await directory(['anna', 'bert']);
  check.checkPending();
  await settle();
  await transactions.stop();
  asked[0]?.answer(ids[0]);
  await settle();
  assert.equal(asked.length, 1);
});
