import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergePin } from '../account/vault-merge.js';
import { newContact, pinOf } from '../contact/contact.js';
import { Contacts } from '../contact/contacts.js';
import { toBase64url } from '../crypto/bytes.js';
import { randomBytes } from '../crypto/random.js';
import { ready } from '../crypto/sodium.js';
import { Disk, MemoryDatabase } from '../model/memory-database.js';
import { Scratch } from '../scratch.js';
import { ProfileClaims } from './profile-claims.js';

await ready();

test('a name and delivery key stay in the vault, though a clock that stood ahead dated those of before', async () => {
  const nowMs = 1000;
  const parts = { contacts: new Contacts(), environment: { now: () => nowMs } };
  const claims = new ProfileClaims(/** @type {any} */ (parts));
  const scratch = new Scratch(new MemoryDatabase(new Disk()));
  const before = { ...newContact(randomBytes(16), 9_000_000), aik: randomBytes(32), username: 'bob' };
  const body = { username: 'robert', delivery_key: toBase64url(randomBytes(32)) };

  const vault = mergePin(pinOf(await claims.take(scratch, before, body)), pinOf(before));
  assert.deepEqual([vault.username, vault.delivery_key], [body.username, body.delivery_key]);
});
