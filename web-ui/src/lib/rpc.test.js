import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CoreClient, CoreFault } from './rpc.js';

function line() {
  /** @type {Map<string, (event: any) => void>} */
  const listeners = new Map();
  /** @type {any[]} */
  const posted = [];
  const core = new CoreClient();
  const port = {
    postMessage: (/** @type {any} */ message, /** @type {Transferable[]} */ transfer) =>
      posted.push({ message, transfer }),
    addEventListener: (/** @type {string} */ type, /** @type {(event: any) => void} */ listener) =>
      listeners.set(type, listener),
  };
  core.connect(port);
  return {
    core,
    posted,
    say: (/** @type {any} */ data) => listeners.get('message')?.({ data }),
    die: () => listeners.get('error')?.({}),
  };
}

test('answers find their commands in any order', async () => {
  const { core, posted, say } = line();
  const chats = core.call('chats', {});
  const start = core.call('start', {});
  say({ id: posted[1].message.id, result: { phase: 'signed-out' } });
  say({ id: posted[0].message.id, result: [] });

  assert.deepEqual(await chats, []);
  assert.deepEqual(await start, { phase: 'signed-out' });
});

test('a fault rejects with its code', async () => {
  const { core, say } = line();
  const command = core.call('startChat', { username: 'zed' });
  say({ id: 1, fault: { code: 'contact-unknown' } });

  await assert.rejects(
    command,
    (error) => error instanceof CoreFault && error.fault.code === 'contact-unknown',
  );
});

test('notices reach who listens for them', () => {
  const { core, say } = line();
  /** @type {unknown[]} */
  const heard = [];
  core.on('connection', (connection) => heard.push(connection));
  say({ notice: 'connection', data: { state: 'online' } });
  say({ notice: 'chats', data: [] });

  assert.deepEqual(heard, [{ state: 'online' }]);
});

test('a worker that dies answers everything with a defect, and is asked nothing more', async () => {
  const { core, posted, die } = line();
  const command = core.call('start', {});
  die();

  await assert.rejects(command, /defect/);
  await assert.rejects(core.call('chats', {}), /defect/);
  assert.equal(posted.length, 1);
});

test('what is asked before there is a worker is asked of it first', async () => {
  const core = new CoreClient();
  const start = core.call('start', {});
  /** @type {any[]} */
  const posted = [];
  core.connect({ postMessage: (message) => posted.push(message.method), addEventListener: () => {} });
  core.call('chats', {});

  assert.deepEqual(posted, ['start', 'chats']);
  assert.ok(start instanceof Promise);
});

test('what cannot be posted is refused as it is, for whoever asked to know why', async () => {
  const core = new CoreClient();
  const refusal = new DOMException('not transferred', 'DataCloneError');
  core.connect({
    postMessage() {
      throw refusal;
    },
    addEventListener() {},
  });

  await assert.rejects(core.call('chats', {}), refusal);
});
