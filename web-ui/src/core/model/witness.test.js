import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { envelopeId } from '../crypto/envelope.js';
import { ready } from '../crypto/sodium.js';
import { Burglary } from './burglary.js';
import { TestDevice } from './test-device.js';
import { Thief } from './thief.js';
import { during, inConversation } from './two-people.js';
import { Witness } from './witness.js';

await ready();

const MINUTE = 60_000;

/** Bob adds a phone, which writes to Alice for the first time while she is away, and is taken off the list. */
async function removedPhone() {
  const scene = await inConversation();
  const { time, server, alice, bob, bobAccount } = scene;
  const phone = new TestDevice(bobAccount, time);
  const witness = new Witness();
  const burglary = new Burglary(witness);
  for (const device of [alice, bob, phone]) witness.watch(device);
  await alice.close();
  await phone.start();
  await phone.write(await during(time, phone.chatWith('alice')), 'I am Bob');
  await time.run(MINUTE);
  const { mailbox } = server.account(alice.accountId).devices.get(alice.deviceId) ?? { mailbox: [] };
  const left = mailbox.filter(
    ({ envelope }) => witness.envelope(envelopeId(envelope))?.from.deviceId === phone.deviceId,
  );
  const envelopes = left.map(({ envelope }) => envelope);
  const first = witness.envelope(envelopeId(envelopes[0] ?? new Uint8Array()));
  assert.ok(first && !first.lastResort);
  /** @param {import('./server-double.js').Device['mailbox']} items */
  const arrange = (items) => mailbox.splice(0, mailbox.length, ...items);
  return {
    ...{ ...scene, phone, witness, burglary, first, envelopes },
    /** The mailbox gives out what the phone left after all else. */
    holdBack: () => arrange(mailbox.filter((item) => !left.includes(item))),
    removePhone: () => bobAccount.remove(phone),
  };
}

describe('the first message of a device that leaves its list', () => {
  /** @type {Awaited<ReturnType<typeof removedPhone>>} */
  let scene;
  beforeEach(async () => {
    scene = await removedPhone();
  });

  test('is not read where the newer list was there before it, and a thief may open it', async () => {
    const { time, server, alice, bob, bobChat, burglary, witness, first } = scene;
    scene.holdBack();
    scene.removePhone();
    await alice.start();
    await bob.close();
    await bob.start();
    await bob.write(bobChat, 'my phone is gone');
    await time.run(MINUTE);
    server.replay(alice.accountId, alice.deviceId, scene.envelopes);
    await time.run(MINUTE);

    assert.equal(alice.stored('seen').filter(({ id }) => id && witness.envelope(id) === first).length, 1);
    const thief = new Thief(alice);
    assert.deepEqual([thief.knows(first.sid16), thief.opens(first)], [false, true]);
    assert.equal(witness.wasRead(first), false);
    burglary.checkSecrecy(alice, server);
  });

  test('is not read while it waits for a list, and is once it is taken up', async () => {
    const { time, alice, witness, first, envelopes } = scene;
    const id = envelopeId(envelopes[0] ?? new Uint8Array());
    alice.onWrite?.('held', { row: 'identity', id });
    assert.equal(witness.wasRead(first), false);
    await alice.start();
    await time.run(MINUTE);

    assert.equal(witness.wasRead(first), true);
    assert.ok(witness.takeRead(alice).includes(first));
  });

  test('is read where it came before the newer list, and no thief opens it any more', async () => {
    const { time, server, alice, burglary, witness, first } = scene;
    const before = alice.snapshot();
    await alice.start();
    await time.run(MINUTE);
    scene.removePhone();

    assert.equal((await alice.texts(scene.chat)).includes('I am Bob'), true);
    assert.equal(witness.wasRead(first), true);
    burglary.checkSecrecy(alice, server);
    assert.ok(burglary.counts.keptSecret > 0);
    assert.equal(new Thief(alice).opens(first), false);
    alice.restore(before);
    assert.equal(new Thief(alice).opens(first), true);
  });
});
