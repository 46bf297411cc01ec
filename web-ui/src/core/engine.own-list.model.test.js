import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { ready } from './crypto/sodium.js';
import { TestDevice } from './model/test-device.js';
import { inConversation } from './model/two-people.js';

before(ready);

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('an own device that is new', () => {
  test('gets what was written since the last check, though the disk was full as the list came', async () => {
    const { time, alice, bob, bobAccount, chat, bobChat } = await inConversation();
    bob.clockMs = -3 * DAY;
    await time.run(13 * HOUR);
    const tablet = new TestDevice(bobAccount, time);
    await bob.write(bobChat, 'in the past');
    await time.until(async () => (await alice.texts(chat)).includes('in the past'), 'Alice has it');
    let failed = false;
    bob.database.onCommit = (when, stores) => {
      if (failed || when !== 'before' || !stores.has('contacts') || !stores.has('outbox')) return;
      failed = true;
      bob.database.full = true;
      setImmediate(() => {
        bob.database.full = false;
      });
    };
    await time.run(13 * HOUR);
    assert.ok(failed, 'what follows from the list did not come to disk');
    await tablet.start();
    await time.run(13 * HOUR);
    assert.ok((await tablet.texts(bobChat)).includes('in the past'));
  });
});
