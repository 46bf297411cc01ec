import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { fromBase64url } from './crypto/bytes.js';
import { CTYPE } from './crypto/content.js';
import { randomBytes } from './crypto/random.js';
import { ready } from './crypto/sodium.js';
import { deliverAuthentic } from './model/forged-envelope.js';
import { TestAccount, TestDevice } from './model/test-device.js';
import { during, inConversation, onlyChat } from './model/two-people.js';

before(ready);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const trust = async (/** @type {TestDevice} */ device, /** @type {{ id: string }} */ chat) =>
  device.engine.trustIdentity({ chatId: chat.id });

test('an answer from before the user trusted again brings no warning back', async () => {
  const { time, server, alice, bob, bobAccount, chat } = await inConversation();
  await alice.close();
  let held = false;
  let give = () => {};
  /** @type {Promise<void>} */
  const given = new Promise((resolve) => {
    give = resolve;
  });
  let asked = 0;
  const rest = server.rest.bind(server);
  server.rest = (caller, isAlive) => {
    const calls = rest(caller, isAlive);
    const deviceLists = async (/** @type {Uint8Array} */ account, /** @type {number | undefined} */ from) => {
      const page = await calls.deviceLists(account, from);
      if (held && from !== undefined) {
        asked += 1;
        await given;
      }
      return page;
    };
    return { ...calls, deviceLists };
  };
  await alice.start();
  const shown = server.account(bob.accountId);
  const { tokenHash } = shown;
  shown.dlcs = [];
  const account = new TestAccount('bob', server);
  Object.assign(account, { aik: bobAccount.aik, deliveryKey: bobAccount.deliveryKey });
  new TestDevice(account, time);
  const other = new TestDevice(account, time); // by a second list that goes on from another first one
  await other.start();
  Object.assign(shown, { tokenHash });
  await other.write(await during(time, other.chatWith('alice')), 'it is me');
  await time.until(async () => (await onlyChat(alice)).identityWarning, 'warned', HOUR);
  await time.run(MINUTE);

  held = true;
  const claim = {
    ctype: CTYPE.TEXT,
    msgId: randomBytes(16),
    convId: fromBase64url(chat.id),
    sentMs: time.now(),
  };
  await deliverAuthentic(server, alice, bob, [
    { ...claim, seq: 2, senderListVersion: 2, body: { text: 'call me' } },
  ]);
  await time.until(() => asked > 0, 'the lists after the first are asked for', HOUR);
  await during(time, trust(alice, chat));
  assert.equal((await onlyChat(alice)).identityWarning, false);
  give();
  await time.run(MINUTE);
  assert.equal((await onlyChat(alice)).identityWarning, false);
});
