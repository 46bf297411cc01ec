import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newContact } from '../contact/contact.js';
import { Contacts } from '../contact/contacts.js';
import { randomBytes } from '../crypto/random.js';
import { ready } from '../crypto/sodium.js';
import { Disk, MemoryDatabase } from '../model/memory-database.js';
import { Scratch } from '../scratch.js';
import { ListChanges } from './list-changes.js';

await ready();

const accountId = randomBytes(16);

/** @param {(device: number) => void} onDropped */
function listChanges(onDropped) {
  const outbox = {
    removeTo: (
      /** @type {import('../scratch.js').Scratch} */ _scratch,
      /** @type {Uint8Array} */ _account,
      /** @type {number} */ device,
    ) => onDropped(device),
  };
  const heardDevices = { forget() {} };
  return new ListChanges(/** @type {any} */ ({ contacts: new Contacts(), outbox, heardDevices }));
}

test('of the devices that came by lists ahead the first is dropped when there are more than 64', async () => {
  /** @type {number[]} */
  const dropped = [];
  const changes = listChanges((device) => dropped.push(device));
  const scratch = new Scratch(new MemoryDatabase(new Disk()));
  let contact = newContact(accountId, 0);
  for (let device = 1; device <= 64; device++)
    contact = await changes.noteAhead(scratch, contact, { device, listVersion: device + 1 });
  assert.deepEqual(dropped, []);

  contact = await changes.noteAhead(scratch, contact, { device: 1, listVersion: 100 });
  contact = await changes.noteAhead(scratch, contact, { device: 65, listVersion: 101 });
  assert.deepEqual(dropped, [2], 'the first has come again since');
  assert.equal(contact.ahead?.length, 64);
  assert.deepEqual(contact.ahead?.at(-2), { device: 1, listVersion: 100 });
});

test('an older list says nothing new of a device', async () => {
  const changes = listChanges(() => {});
  const scratch = new Scratch(new MemoryDatabase(new Disk()));
  let contact = newContact(accountId, 0);
  for (const listVersion of [7, 5])
    contact = await changes.noteAhead(scratch, contact, { device: 1, listVersion });
  assert.deepEqual(contact.ahead, [{ device: 1, listVersion: 7 }]);
});
