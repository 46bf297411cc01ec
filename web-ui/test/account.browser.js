import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { ContractServer } from './contract-server.js';
import { openStage } from './stage/stage.js';

const PASSWORD = 'correct horse battery staple';

/** One browser a device: a profile holds one account. @type {import('./stage/stage.js').Stage} */
let stage;
/** @type {import('./stage/stage.js').Stage} */
let secondStage;
/** @type {ContractServer} */
let server;
/** @type {import('playwright-core').Page} */
let tab;

const WORKER = new URL('./core.worker.js', import.meta.url);

before(async () => {
  // two origins in the eyes of the browsers, one server
  const api = (/** @type {any} */ request, /** @type {any} */ response) => server.listener(request, response);
  stage = await openStage(WORKER, { api });
  secondStage = await openStage(WORKER, { api });
});
after(() => Promise.all([stage.close(), secondStage.close()]));
beforeEach(async () => {
  server = new ContractServer();
  tab = await stage.openTab();
});
afterEach(async () => {
  for (const each of [stage, secondStage]) await each.forget();
});

/** @param {string} method @param {any} [params] @param {import('playwright-core').Page} [on] */
const call = (method, params = {}, on = tab) =>
  on.evaluate(
    ([name, { password, ...rest }]) => {
      const bytes = password === undefined ? {} : { password: new TextEncoder().encode(password) };
      return globalThis.call(name, { ...rest, ...bytes });
    },
    /** @type {const} */ ([method, params]),
  );

/** @param {string} phase @param {import('playwright-core').Page} [on] */
const phase = (phase, on = tab) =>
  on.evaluate((wanted) => globalThis.nextNotice('session', (data) => data.phase === wanted), phase);

function deferred() {
  let resolve = () => {};
  const promise = /** @type {Promise<void>} */ (
    new Promise((settle) => {
      resolve = settle;
    })
  );
  return { promise, resolve: () => resolve() };
}

const reopen = async (on = stage) => {
  await tab.close();
  tab = await on.openTab();
  return call('start');
};

const register = async () => {
  await call('start');
  return call('createAccount', { username: 'Alice', password: PASSWORD });
};

test('an account is made, locked by closing the tab, and unlocked without the server', async () => {
  assert.deepEqual(await call('start'), { phase: 'signed-out' });
  const session = await call('createAccount', { username: 'Alice', password: PASSWORD });
  assert.equal(session.phase, 'ready');
  assert.equal(session.username, 'alice');
  assert.equal(session.secondDevice, false);
  assert.equal(server.accounts.get('alice').prekeys.get(session.deviceId).length, 142);
  assert.equal(server.deliveryTokens.has('alice'), true);

  assert.deepEqual(await reopen(), { phase: 'locked', username: 'alice' });
  server.listener = (request) => void request.socket.destroy();
  await assert.rejects(call('unlock', { password: 'not the password at all' }), /password-wrong/);
  assert.deepEqual(await call('unlock', { password: PASSWORD }), session);
});

test('a name that is taken, a short password and a strange name are told, and another try succeeds', async () => {
  await call('start');
  await assert.rejects(call('createAccount', { username: 'al', password: PASSWORD }), /username-form/);
  await assert.rejects(call('createAccount', { username: 'alice', password: 'short' }), /password-short/);
  await call('createAccount', { username: 'alice', password: PASSWORD });
  const second = await secondStage.openTab();
  await call('start', {}, second);

  await assert.rejects(
    call('createAccount', { username: 'alice', password: PASSWORD }, second),
    /username-taken/,
  );
  const session = await call('createAccount', { username: 'alice2', password: PASSWORD }, second);
  assert.equal(session.phase, 'ready');
});

test('a registration whose answer was lost is sent again as the same bytes', async () => {
  await call('start');
  server.intervene(/POST auth\/v1\/accounts/, 'drop-answer');
  await assert.rejects(
    call('createAccount', { username: 'alice', password: PASSWORD }),
    /server-unreachable/,
  );

  assert.deepEqual(await reopen(), { phase: 'signed-out' });
  const session = await call('createAccount', { username: 'alice', password: PASSWORD });

  assert.equal(session.phase, 'ready');
  const [first, second] = server.bodiesOf(/POST auth\/v1\/accounts/);
  assert.equal(first, second);
});

test('a lost registration can be finished by signing in', async () => {
  await call('start');
  server.intervene(/POST auth\/v1\/accounts/, 'drop-answer');
  await assert.rejects(
    call('createAccount', { username: 'alice', password: PASSWORD }),
    /server-unreachable/,
  );

  const session = await call('signIn', { username: 'alice', password: PASSWORD });

  assert.equal(session.secondDevice, false);
  assert.equal(server.accounts.get('alice').lists.length, 1);
});

const losesAnswerOfRegistration = async () => {
  await call('start');
  server.intervene(/POST auth\/v1\/accounts/, 'drop-answer');
  await assert.rejects(
    call('createAccount', { username: 'alice', password: PASSWORD }),
    /server-unreachable/,
  );
};

for (const command of ['createAccount', 'signIn'])
  test(`a registration whose repetition comes too late to be known is finished: ${command}`, async () => {
    await losesAnswerOfRegistration();
    const { lists } = server.accounts.get('alice');
    server.forgetRegistrations();

    const session = await call(command, { username: 'alice', password: PASSWORD });

    assert.equal(session.phase, 'ready');
    assert.equal(session.deviceId, lists[0].devices[0].deviceId);
    assert.equal(lists.length, 1);
  });

for (const command of ['createAccount', 'signIn'])
  test(`a registration is finished by its password though the server asks for more since: ${command}`, async () => {
    await call('start');
    server.intervene(/POST auth\/v1\/accounts/, 'drop');
    await assert.rejects(
      call('createAccount', { username: 'alice', password: PASSWORD }),
      /server-unreachable/,
    );
    server.kdf = { ...server.kdf, t: server.kdf.t + 1 };

    const wrong = { username: 'alice', password: `${PASSWORD}!` };
    await assert.rejects(call('createAccount', wrong), /registration-begun/);
    const session = await call(command, { username: 'alice', password: PASSWORD });

    assert.equal(session.phase, 'ready');
    assert.equal(session.secondDevice, false);
    const [first, second] = server.bodiesOf(/POST auth\/v1\/accounts/);
    assert.equal(first, second);
  });

test('a registration that somebody else was faster with is told, and another name is free', async () => {
  await call('start');
  server.intervene(/POST auth\/v1\/accounts/, 'drop');
  await assert.rejects(
    call('createAccount', { username: 'alice', password: PASSWORD }),
    /server-unreachable/,
  );
  const second = await secondStage.openTab();
  await call('start', {}, second);
  const other = await call('createAccount', { username: 'alice', password: `${PASSWORD}, hers` }, second);

  await assert.rejects(call('createAccount', { username: 'alice', password: PASSWORD }), /username-taken/);
  const session = await call('createAccount', { username: 'alice2', password: PASSWORD });
  assert.notEqual(session.accountId, other.accountId);
});

test('a registration that is one’s own from another browser becomes a sign-in', async () => {
  await call('start');
  server.intervene(/POST auth\/v1\/accounts/, 'drop');
  await assert.rejects(
    call('createAccount', { username: 'alice', password: PASSWORD }),
    /server-unreachable/,
  );
  const second = await secondStage.openTab();
  await call('start', {}, second);
  const other = await call('createAccount', { username: 'alice', password: PASSWORD }, second);

  const session = await call('signIn', { username: 'alice', password: PASSWORD });

  assert.equal(session.accountId, other.accountId);
  assert.equal(session.secondDevice, true);
});

test('a registration that may have succeeded is not erased by another password', async () => {
  await losesAnswerOfRegistration();
  const wrong = { username: 'alice', password: `${PASSWORD}!` };
  await assert.rejects(call('createAccount', wrong), /registration-begun/);
  await assert.rejects(call('signIn', wrong), /credentials-wrong/);

  const session = await call('createAccount', { username: 'alice', password: PASSWORD });

  const [list] = server.accounts.get('alice').lists;
  assert.equal(session.deviceId, list.devices[0].deviceId);
});

test('a renderer that dies while the registration is on its way loses nothing', async () => {
  await call('start');
  const arrived = deferred();
  const crashed = deferred();
  server.intervene(/POST auth\/v1\/accounts/, () => {
    arrived.resolve();
    return crashed.promise;
  });
  call('createAccount', { username: 'alice', password: PASSWORD }).catch(() => {});
  await arrived.promise;
  await stage.crash(tab);
  crashed.resolve();

  assert.deepEqual(await reopen(), { phase: 'signed-out' });
  assert.equal((await call('createAccount', { username: 'alice', password: PASSWORD })).phase, 'ready');
  const [first, second] = server.bodiesOf(/POST auth\/v1\/accounts/);
  assert.equal(first, second);
});

test('signing in elsewhere adds a second device, never a copy', async () => {
  const first = await register();
  const second = await secondStage.openTab();
  await call('start', {}, second);

  const session = await call('signIn', { username: 'alice', password: PASSWORD }, second);

  assert.equal(session.secondDevice, true);
  assert.equal(session.accountId, first.accountId);
  assert.notEqual(session.deviceId, first.deviceId);
  const lists = server.accounts.get('alice').lists;
  assert.deepEqual(
    lists.at(-1).devices.map((/** @type {any} */ d) => d.deviceId),
    [first.deviceId, session.deviceId],
  );
  assert.equal(server.accounts.get('alice').prekeys.get(session.deviceId).length, 142);

  await call('tryConnectNow', {}, second);
  await call('tryConnectNow');
  const state = await call('chats');
  assert.equal(state.listVersion, 2);
  assert.deepEqual(state.devices, [first.deviceId, session.deviceId]);
  assert.equal(state.vault.items.pins[0].list_version, 2);
  assert.equal('aik_seed' in state.vault.items, false);
});

test('the wrong password at sign-in is told', async () => {
  await register();
  const second = await secondStage.openTab();
  await call('start', {}, second);

  await assert.rejects(
    call('signIn', { username: 'alice', password: 'another password' }, second),
    /credentials-wrong/,
  );
  await assert.rejects(
    call('signIn', { username: 'nobody', password: PASSWORD }, second),
    /credentials-wrong/,
  );
});

test('a list that changes while this device joins is fetched, checked and signed over again', async () => {
  await register();
  const [second, third] = [await secondStage.openTab(), await stage.openTab()];
  await third.close();
  await call('start', {}, second);
  const rival = await openStage(WORKER, { api: (request, response) => server.listener(request, response) });
  const rivalTab = await rival.openTab();
  await call('start', {}, rivalTab);
  server.intervene(/PUT auth\/v1\/devices/, async () => {
    await call('signIn', { username: 'alice', password: PASSWORD }, rivalTab);
  });

  const session = await call('signIn', { username: 'alice', password: PASSWORD }, second);

  assert.equal(session.phase, 'ready');
  const lists = server.accounts.get('alice').lists;
  assert.equal(lists.length, 3);
  assert.equal(lists.at(-1).devices.length, 3);
  await rival.close();
});

test('a join whose answer was lost is repeated as the same bytes and adds one device', async () => {
  await register();
  const second = await secondStage.openTab();
  await call('start', {}, second);
  server.intervene(/PUT auth\/v1\/devices/, 'drop-answer');
  await assert.rejects(
    call('signIn', { username: 'alice', password: PASSWORD }, second),
    /server-unreachable/,
  );

  const session = await call('signIn', { username: 'alice', password: PASSWORD }, second);

  assert.equal(session.phase, 'ready');
  assert.equal(server.accounts.get('alice').lists.length, 2);
  const [first, again] = server.bodiesOf(/PUT auth\/v1\/devices/);
  assert.equal(first, again);
});

test('a server that gives a list behind the own pin is refused, nothing is signed over it', async () => {
  await register();
  const second = await secondStage.openTab();
  await call('start', {}, second);
  await call('signIn', { username: 'alice', password: PASSWORD }, second);
  await call('tryConnectNow', {}, second);
  server.accounts.get('alice').lists.pop();
  await secondStage.forget();
  const third = await secondStage.openTab();
  await call('start', {}, third);

  await assert.rejects(call('signIn', { username: 'alice', password: PASSWORD }, third), /identity-broken/);
  assert.equal(server.accounts.get('alice').lists.length, 1);
});

test('weak key derivation parameters are refused before anything is derived', async () => {
  await call('start');
  server.kdf = { m_kib: 65_536, t: 1, p: 1 };

  await assert.rejects(call('createAccount', { username: 'alice', password: PASSWORD }), /kdf-refused/);
  assert.equal(server.requests.length, 1);
});

test('under another name than its own the server gets no account, the user a link', async () => {
  await call('start');
  server.canonicalHost = 'chat.example.org';

  const session = await call('createAccount', { username: 'alice', password: PASSWORD });

  assert.equal(session.phase, 'wrong-host');
  assert.match(session.canonicalUrl, /^http:\/\/chat\.example\.org:\d+\/$/);
  assert.deepEqual(
    server.requests.map((request) => request.call),
    ['GET auth/v1/login/parameters'],
  );
});

test('an ended token is replaced and the call repeated, once for all who ask', async () => {
  await register();
  server.forgetTokens();
  server.requests = [];

  await call('tryConnectNow');

  const refreshes = server.requests.filter((request) => request.call === 'POST auth/v1/refresh');
  assert.equal(refreshes.length, 1);
});

test('a device that the server signs out keeps everything, and signing in again goes on with it', async () => {
  const before = await register();
  await call('saveDraft', { chatId: 'chat', text: 'kept' });
  server.revoked.add(before.deviceId);
  server.forgetTokens();
  await assert.rejects(call('tryConnectNow'));
  await phase('signed-out-by-server');

  assert.deepEqual(await reopen(), { phase: 'signed-out-by-server', username: 'alice' });
  await assert.rejects(call('createAccount', { username: 'mallory', password: PASSWORD }), /defect/);
  const session = await call('signIn', { username: 'alice', password: PASSWORD });

  assert.equal(session.phase, 'ready');
  assert.notEqual(session.deviceId, before.deviceId);
  const state = await call('chats');
  assert.deepEqual(state.devices, [session.deviceId]);
  assert.deepEqual(state.formerDeviceIds, [before.deviceId]);
  assert.equal(state.drafts[0].value.text, 'kept');
  assert.equal(state.sessions, 0);
});

test('a database with messages in it is not erased for a new account, whatever came before', async () => {
  const before = await register();
  await call('saveDraft', { chatId: 'chat', text: 'kept' });
  server.revoked.add(before.deviceId);
  server.forgetTokens();
  await assert.rejects(call('tryConnectNow'));
  await phase('signed-out-by-server');
  server.canonicalHost = 'chat.example.org';
  assert.equal((await call('signIn', { username: 'alice', password: PASSWORD })).phase, 'wrong-host');
  server.canonicalHost = 'localhost';

  await assert.rejects(call('createAccount', { username: 'mallory', password: PASSWORD }), /other-account/);
  await call('signIn', { username: 'alice', password: PASSWORD });
  assert.equal((await call('chats')).drafts[0].value.text, 'kept');
});

test('changes of two devices to the vault are merged', async () => {
  await register();
  const second = await secondStage.openTab();
  await call('start', {}, second);
  await call('signIn', { username: 'alice', password: PASSWORD }, second);

  await call('startChat');
  await call('startChat', {}, second);
  await call('tryConnectNow');

  const [a, b] = [await call('chats'), await call('chats', {}, second)];
  assert.deepEqual(a.vault.items.settings, b.vault.items.settings);
});

test('a change of the vault that could not be pushed is kept and pushed at the next upkeep', async () => {
  await register();
  server.intervene(/PUT auth\/v1\/vault/, 'drop');
  await assert.rejects(call('startChat'), /server-unreachable/);
  await reopen();
  await call('unlock', { password: PASSWORD });

  await call('tryConnectNow');

  assert.equal((await call('chats')).vault.version, 2);
});

test('a vault that goes back to an older version is refused', async () => {
  await register();
  const old = server.accounts.get('alice').vault;
  await call('startChat');
  server.accounts.get('alice').vault = old;

  await assert.rejects(call('tryConnectNow'), /identity-broken/);
});

test('one-time prekeys are filled up, and replaced when their private keys are lost', async () => {
  const { deviceId } = await register();
  const account = server.accounts.get('alice');
  const stock = () => account.prekeys.get(deviceId);
  account.prekeys.set(
    deviceId,
    stock().filter((/** @type {any} */ p, /** @type {number} */ i) => p.kind !== 2 || i < 12),
  );

  await call('tryConnectNow');
  assert.equal(stock().filter((/** @type {any} */ p) => p.kind === 2).length, 100);

  const [first, ...rest] = stock();
  account.prekeys.set(deviceId, [...rest, { ...first, kind: 2, keyId: 4_000_000_000 }]);
  await call('tryConnectNow');
  assert.equal(server.bodiesOf(/PUT keys\/v1\/prekeys/).length, 1);
  assert.equal(stock().length, 142);
});

test('a second tab says so, takes over, and gives back when it closes', async () => {
  await register();
  const other = await stage.openTab();
  assert.deepEqual(await call('start', {}, other), { phase: 'elsewhere' });

  assert.deepEqual(await call('takeOver', {}, other), { phase: 'locked', username: 'alice' });
  await phase('elsewhere');
  await assert.rejects(call('chats'), /elsewhere/);
  await call('unlock', { password: PASSWORD }, other);

  await other.close();
  await phase('locked');
  assert.equal((await call('unlock', { password: PASSWORD })).phase, 'ready');
});

test('locking forgets the keys until the password is typed again', async () => {
  await register();

  assert.deepEqual(await call('lock'), { phase: 'locked', username: 'alice' });
  await assert.rejects(call('chats'), /defect/);
  assert.equal((await call('unlock', { password: PASSWORD })).phase, 'ready');
});

test('password, its hash and the keys are nowhere on disk in the open', async () => {
  await register();

  const text = await tab.evaluate(async () => {
    const open = indexedDB.open('mp2p');
    await new Promise((resolve) => {
      open.onsuccess = resolve;
    });
    const found = [];
    for (const store of open.result.objectStoreNames) {
      const request = open.result.transaction(store).objectStore(store).getAll();
      await new Promise((resolve) => {
        request.onsuccess = resolve;
      });
      for (const value of request.result) {
        const bytes = value instanceof Uint8Array ? value : new TextEncoder().encode(JSON.stringify(value));
        found.push(new TextDecoder('latin1').decode(bytes));
      }
    }
    open.result.close();
    return found.join('\n');
  });

  assert.ok(text.includes('alice'), 'the search finds the user name, which lies in the open');
  for (const word of [PASSWORD, 'auth_secret', 'aik_seed', 'delivery_key', 'dskSeed', 'secretKey']) {
    assert.equal(text.includes(word), false, word);
  }
});
