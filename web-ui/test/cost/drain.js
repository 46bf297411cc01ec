import { NetworkError } from '../../src/core/api/errors.js';
import { createEngine } from '../../src/core/engine.js';
import { ServerDouble } from '../../src/core/model/server-double.js';
import { TestAccount, TestDevice } from '../../src/core/model/test-device.js';
import { VirtualTime } from '../../src/core/model/virtual-time.js';
import { Queue } from '../../src/core/queue.js';

/**
 * The drain of a mailbox by the engine as it stands, after Bob's browser was closed while Alice wrote. Everything
 * before it runs on the doubles of the model tests; the drain itself on a given database, in real time, against a
 * server that answers at once.
 *
 * @typedef {import('../../src/core/engine-contract.js').Database} Database
 * @typedef {ReturnType<import('../../src/core/model/memory-database.js').Disk['entries']>} Rows
 *
 * @typedef {object} Waiting
 * @property {Rows} rows of Bob's database
 * @property {import('../../src/core/model/memory-database.js').Disk} disk with the same rows
 * @property {import('../../src/core/engine-contract.js').Account} account Bob's
 * @property {{ id: string, envelope: Uint8Array }[]} mail
 * @property {number} nowMs
 */

const LINE = 'See you at eight? I shall bring the maps and something to eat, number ';

/**
 * @param {number} count of messages that wait
 * @returns {Promise<Waiting>}
 */
export async function mailWaiting(count) {
  const time = new VirtualTime();
  const server = new ServerDouble(time);
  const alice = new TestDevice(new TestAccount('alice', server), time);
  const bob = new TestDevice(new TestAccount('bob', server), time);
  await alice.start();
  await bob.start();
  const starting = alice.chatWith('bob');
  await time.run(1000);
  const chat = await starting;
  await alice.write(chat, 'hello');
  await time.run(1000);
  await bob.write(chat, 'hi'); // both have accepted, both sessions are confirmed
  await time.run(10_000);
  await bob.close();
  for (let number = 0; number < count; number++) await alice.write(chat, `${LINE}${number}`);
  const { mailbox } = /** @type {import('../../src/core/model/server-double.js').Device} */ (
    server.account(bob.accountId).devices.get(bob.deviceId)
  );
  await time.until(() => mailbox.length === count, 'everything waits in the mailbox');
  await alice.close();
  const disk = bob.snapshot();
  return { rows: disk.entries(), disk, account: bob.contract(), mail: mailbox, nowMs: time.now() };
}

/**
 * From the start of the engine until the window hears of the last message, which is on disk then.
 *
 * @param {Waiting} waiting
 * @param {Database} database that holds its rows
 * @returns {Promise<number>} milliseconds
 */
export async function drain({ account, mail, nowMs }, database) {
  const left = [...mail];
  const from = performance.now();
  /** @type {(took: number) => void} */
  let settle;
  /** @type {Promise<number>} */
  const drained = new Promise((resolve) => {
    settle = resolve;
  });
  const engine = createEngine(
    {
      account,
      db: database,
      api: serverThatAnswersAtOnce(left),
      queue: new Queue(),
      notify: (notice, data) => {
        if (notice !== 'chats') return;
        const [chat] = /** @type {import('../../src/core/protocol.js').ChatView[]} */ (data);
        if (Number(chat?.unread) >= mail.length) settle(performance.now() - from);
      },
    },
    {
      now: () => nowMs + performance.now() - from,
      elapsed: () => performance.now() - from,
      after(task, ms) {
        const timer = setTimeout(task, Math.min(ms, 2 ** 31 - 1));
        return () => clearTimeout(timer);
      },
      chance: () => 0.5,
      openSocket() {
        throw new Error('no socket here: the mailbox alone is measured');
      },
    },
  );
  await engine.start();
  const took = await drained;
  await engine.stop();
  return took;
}

/**
 * @param {Waiting['mail']} left
 * @returns {any} what the engine meets of api/rest.js
 */
function serverThatAnswersAtOnce(left) {
  const away = async () => {
    throw new NetworkError(new Error('the mailbox alone is measured'));
  };
  const mailbox = {
    async collect(/** @type {string | undefined} */ _after, /** @type {number} */ limit) {
      const items = left.slice(0, limit);
      return { items, next: items.at(-1)?.id ?? null, drained: items.length === 0, expired: 0 };
    },
    async ack(/** @type {string[]} */ ids) {
      left.splice(0, ids.length);
    },
  };
  return { ...mailbox, bundle: away, deviceLists: away, deliver: away, messages: away, username: away };
}
