import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { formsOf, holds } from '../harness/needles.js';
import { dumpDatabase, dumpIndexedDb, filesBelow, rowsOf } from '../harness/places.js';
import { becomeContacts, scene } from '../harness/scene.js';

const stage = scene();
const { person } = stage;

test('a planted secret is found in every form', () => {
  const secret = 'the planted secret';
  const around = (/** @type {Buffer | string} */ inner) =>
    Buffer.concat([Buffer.from('xy'), Buffer.isBuffer(inner) ? inner : Buffer.from(inner), Buffer.from('z')]);

  for (const form of formsOf(secret)) assert.ok(holds(around(form), secret));
  for (const before of ['', 'a', 'ab']) {
    const mixed = Buffer.from(`${before}${secret}tail`);
    assert.ok(holds(around(mixed.toString('base64')), secret));
    assert.ok(holds(around(mixed.toString('base64url')), secret));
  }
  assert.ok(!holds(around('something else'), secret));
});

test('neither server nor disk holds what only two people know', async () => {
  const alice = await person('alice').open(stage.stack.url);
  const bob = await person('bob').open(stage.stack.url);
  await alice.register();
  await bob.register();
  await becomeContacts(alice, bob);
  await bob.close();
  const waiting = 'a sentence that waits in the mailbox';
  await alice.write(waiting);
  await alice.seesState(waiting, 'Sent');
  await bob.open(stage.stack.url);

  const authDatabase = await dumpDatabase(stage.stack.database('auth'));
  const mailboxDatabase = await dumpDatabase(stage.stack.database('mailbox'));
  const clusterFiles = filesBelow(stage.stack.clusterFolder);
  const log = Buffer.from(stage.stack.log());
  const aliceDisk = await dumpIndexedDb(alice.page);
  const bobDisk = await dumpIndexedDb(bob.page);
  const accounts = await rowsOf(stage.stack.database('auth'), 'select username, account_id from account');
  const ids = new Map(
    accounts.map(({ username, account_id }) => [
      username,
      Buffer.from(account_id.replaceAll('-', ''), 'hex'),
    ]),
  );
  const aliceId = ids.get(alice.username);
  const bobId = ids.get(bob.username);
  assert.ok(aliceId && bobId);

  const places = { authDatabase, mailboxDatabase, clusterFiles, log, aliceDisk, bobDisk };
  for (const [place, bytes] of Object.entries(places)) {
    assert.ok(bytes.length > 0, `${place} is empty`);
    for (const text of [waiting, 'Hello Bob', 'Hello Alice', alice.password, bob.password]) {
      assert.ok(!holds(bytes, text), `${place} holds a text or password`);
    }
    for (const password of [alice.password, bob.password]) {
      assert.ok(!holds(bytes, createHash('sha256').update(password).digest()), `${place} holds a SHA-256`);
    }
  }
  for (const [place, bytes] of Object.entries({ log, mailboxDatabase })) {
    for (const name of [alice.username, bob.username])
      assert.ok(!holds(bytes, name), `${place} holds a name`);
  }
  for (const id of [aliceId, bobId]) assert.ok(!holds(log, id), 'the log holds an account id');
  assert.ok(!holds(aliceDisk, bob.username) && !holds(aliceDisk, bobId), "Alice's disk names Bob");
  assert.ok(!holds(bobDisk, alice.username) && !holds(bobDisk, aliceId), "Bob's disk names Alice");

  assert.ok(holds(authDatabase, alice.username), 'the search finds a name where it has to be');
  assert.ok(holds(mailboxDatabase, bobId), 'the search finds the recipient where it has to be');
  const envelopes = await rowsOf(stage.stack.database('mailbox'), 'select e::text as row from envelope e');
  const waitingRows = Buffer.from(envelopes.map(({ row }) => row).join('\n'));
  assert.ok(waitingRows.length > 0, 'an envelope waits');
  assert.ok(!holds(waitingRows, aliceId), 'a waiting envelope names its sender');
});
