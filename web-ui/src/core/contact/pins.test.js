import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toBase64url } from '../crypto/bytes.js';
import { randomBytes } from '../crypto/random.js';
import { ready } from '../crypto/sodium.js';
import { Disk, MemoryDatabase } from '../model/memory-database.js';
import { VirtualTime } from '../model/virtual-time.js';
import { Queue } from '../queue.js';
import { Transactions } from '../transactions.js';
import { newContact } from './contact.js';
import { Contacts } from './contacts.js';
import { Pins } from './pins.js';

await ready();

test('a list that grows while its pin is being written is written as well', async () => {
  const time = new VirtualTime();
  const contacts = new Contacts();
  const transactions = new Transactions(new MemoryDatabase(new Disk()), new Queue(), () => assert.fail());
  /** @type {any} */
  const items = { pins: [] };
  let writing = () => {};
  const account = {
    updateVault: async (/** @type {(items: any) => void} */ change) => {
      change(items);
      await new Promise((resolve) => {
        writing = () => resolve(undefined);
      });
    },
  };
  const environment = { now: () => time.now(), after: time.after.bind(time) };
  new Pins(/** @type {any} */ ({ account, contacts, transactions, environment }));
  const known = { ...newContact(randomBytes(16), 1), aik: randomBytes(32), state: 'accepted', pinDue: true };
  const adopt = (/** @type {number} */ listVersion, /** @type {Uint8Array} */ listHash) =>
    transactions.run((scratch) =>
      contacts.put(scratch, /** @type {any} */ ({ ...known, listVersion, listHash })),
    );
  const [second, third] = [randomBytes(32), randomBytes(32)];

  await adopt(2, second);
  await time.until(() => items.pins[0]?.list_version === 2, 'the second is being written');
  await adopt(3, third);
  writing();

  await time.until(() => items.pins[0]?.list_version === 3, 'the third is written');
  assert.equal(items.pins[0].dlc_hash, toBase64url(third));
  writing();
  await time.until(() => contacts.all()[0]?.pinDue === false, 'nothing is due');
});
