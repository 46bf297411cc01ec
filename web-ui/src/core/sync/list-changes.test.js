import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newContact } from '../contact/contact.js';
import { Contacts } from '../contact/contacts.js';
import { deviceAhead } from '../contact/devices-ahead.js';
import { randomBytes } from '../crypto/random.js';
import { ready } from '../crypto/sodium.js';
import { Disk, MemoryDatabase } from '../model/memory-database.js';
import { Scratch } from '../scratch.js';
import { ListChanges } from './list-changes.js';

await ready();

const accountId = randomBytes(16);

/**
 * @param {(device: number) => void} onDropped
 * @param {object} [parts]
 */
function listChanges(onDropped, parts = {}) {
  const outbox = {
    removeTo: (
      /** @type {import('../scratch.js').Scratch} */ _scratch,
      /** @type {Uint8Array} */ _account,
      /** @type {number} */ device,
    ) => onDropped(device),
  };
  const heardDevices = { forget() {} };
  return new ListChanges(/** @type {any} */ ({ contacts: new Contacts(), outbox, heardDevices, ...parts }));
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

test('of the keys that lists ahead give to one id all are remembered, and those of the adopted list go on', async () => {
  /** @type {number[]} */
  const dropped = [];
  /** @type {unknown[]} */
  const sealed = [];
  const entry = (/** @type {number} */ deviceId) => ({
    deviceId,
    dsk: randomBytes(32),
    dhk: randomBytes(32),
  });
  const [browser, phone] = [entry(1), entry(2)];
  const lists = { ofContact: () => ({ devices: [browser] }) };
  const outbox = {
    removeTo: (/** @type {any} */ _scratch, /** @type {any} */ _account, /** @type {number} */ device) =>
      dropped.push(device),
    readTo: (/** @type {any} */ _scratch, /** @type {any} */ _account, /** @type {number} */ device) => [
      device,
    ],
  };
  const sealing = { put: async (/** @type {any} */ _scratch, /** @type {any} */ item) => sealed.push(item) };
  const changes = listChanges(() => {}, { lists, outbox, sealing });
  const scratch = new Scratch(new MemoryDatabase(new Disk()));
  const list = { accountId, aik: randomBytes(32), bytes: randomBytes(9), hash: randomBytes(32) };
  const adopt = (/** @type {any} */ contact, /** @type {object[]} */ devices) =>
    changes.adopt(scratch, contact, /** @type {any} */ ({ ...list, listVersion: 4, devices }));
  const note = async (
    /** @type {any} */ contact,
    /** @type {any} */ device,
    /** @type {number} */ listVersion,
  ) => changes.noteAhead(scratch, contact, deviceAhead(device, listVersion));

  const known = { ...newContact(accountId, 0), listVersion: 1 };
  let contact = await note(known, browser, 3);
  contact = await note(contact, phone, 3);
  assert.deepEqual((await adopt(contact, [browser, phone])).ahead, []);
  assert.deepEqual([dropped, sealed], [[], []], 'as they came');

  contact = await note(contact, entry(1), 4);
  contact = await note(contact, entry(2), 4);
  await adopt(contact, [browser, phone]);
  assert.deepEqual(
    [dropped, sealed],
    [[2], [1]],
    'the browser gets what is on its way to it by another session',
  );
});
