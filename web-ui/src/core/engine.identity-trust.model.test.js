import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { ready } from './crypto/sodium.js';
import { TestDevice } from './model/test-device.js';
import { during, inConversation, onlyChat } from './model/two-people.js';

before(ready);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const trust = async (/** @type {TestDevice} */ device, /** @type {{ id: string }} */ chat) =>
  device.engine.trustIdentity({ chatId: chat.id });

describe('trusting a contact again', () => {
  test('keeps what is on its way to a device that the trusted list names', async () => {
    const { time, server, alice, bob, bobAccount, chat } = await inConversation();
    const shown = server.account(bob.accountId);
    const phone = new TestDevice(bobAccount, time);
    const two = [...shown.dlcs];
    new TestDevice(bobAccount, time); // its list is kept back
    shown.dlcs = two;
    await phone.start();
    await phone.write(await during(time, phone.chatWith('alice')), 'by a list ahead');
    await time.until(async () => (await alice.texts(chat)).includes('by a list ahead'), 'read');
    for (const device of [phone, bob]) await device.close();
    await time.run(10_000);
    await alice.write(chat, 'for both');
    await time.until(async () => (await onlyChat(alice)).identityWarning, 'warned', 5 * MINUTE);
    server.loseMail(bob.accountId);
    await during(time, trust(alice, chat));
    await time.run(MINUTE);
    await phone.start();
    await time.run(HOUR);
    assert.ok((await phone.texts(chat)).includes('for both'));
  });
});
