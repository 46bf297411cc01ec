import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { openStage } from './stage/stage.js';

/** @type {import('./stage/stage.js').Stage} */
let stage;
/** @type {import('playwright-core').Page} */
let tab;

before(async () => {
  stage = await openStage(new URL('./database.worker.js', import.meta.url));
});
after(() => stage.close());
beforeEach(async () => {
  tab = await stage.openTab();
  await call('open');
  await call('erase');
});
afterEach(() => tab.close());

/** @param {string} method @param {any} [params] @param {import('playwright-core').Page} [on] */
const call = (method, params, on = tab) =>
  on.evaluate(([name, args]) => globalThis.call(name, args), /** @type {const} */ ([method, params]));

/** @param {string} name @param {any} data @param {import('playwright-core').Page} [on] */
const notice = (name, data, on = tab) =>
  on.evaluate(
    ([wanted, value]) => globalThis.nextNotice(wanted, (got) => got === value),
    /** @type {const} */ ([name, data]),
  );

test('rows come back as they were put, by key, by names and in counter order', async () => {
  await call('put', {
    rows: [
      { store: 'messages', key: ['chat a', 2], value: { text: 'second' } },
      { store: 'messages', key: ['chat a', 10], value: { text: 'tenth' } },
      { store: 'messages', key: ['chat a', 1], value: { text: 'first' } },
      { store: 'messages', key: ['chat b', 5], value: { text: 'elsewhere' } },
      { store: 'drafts', key: ['chat a'], value: { text: 'draft' } },
    ],
  });

  assert.deepEqual(await call('get', { store: 'messages', key: ['chat a', 2] }), { text: 'second' });
  assert.deepEqual(await call('get', { store: 'drafts', key: ['chat a'] }), { text: 'draft' });
  assert.equal(await call('get', { store: 'drafts', key: ['chat b'] }), null);
  const texts = async (/** @type {any} */ options) =>
    (await call('list', { store: 'messages', names: ['chat a'], options })).map(
      (/** @type {any} */ r) => r.value.text,
    );
  assert.deepEqual(await texts({}), ['first', 'second', 'tenth']);
  assert.deepEqual(await texts({ from: 2 }), ['second', 'tenth']);
  assert.deepEqual(await texts({ to: 2 }), ['first', 'second']);
  assert.deepEqual(await texts({ reverse: true, limit: 2 }), ['tenth', 'second']);
  assert.deepEqual(await texts({ reverse: true, to: 9, limit: 1 }), ['second']);
  assert.deepEqual(await texts({ limit: 1 }), ['first']);
  assert.equal(await call('count', { store: 'messages', names: ['chat a'] }), 3);
  assert.deepEqual(await call('counters', { store: 'messages', names: ['chat a'] }), [[1], [2], [10]]);
  assert.equal(await call('count', { store: 'messages', names: [] }), 4);
  assert.deepEqual(
    await call('getMany', { store: 'messages', keys: [['chat a', 10], ['nobody'], ['chat b', 5]] }),
    [{ text: 'tenth' }, null, { text: 'elsewhere' }],
  );
});

test('deleting takes exactly the named rows', async () => {
  const rows = [1, 2, 3].map((i) => ({ store: 'skipped', key: ['session', i], value: { i } }));
  await call('put', { rows: [...rows, { store: 'skipped', key: ['session 2', 1], value: { i: 9 } }] });

  await call('delete', { store: 'skipped', key: ['session', 2] });
  assert.equal(await call('count', { store: 'skipped', names: ['session'] }), 2);
  await call('deleteAll', { store: 'skipped', names: ['session'] });
  assert.equal(await call('count', { store: 'skipped', names: [] }), 1);
  await call('deleteAll', { store: 'skipped', names: [] });
  assert.equal(await call('count', { store: 'skipped', names: [] }), 0);
});

test('names of a key cannot be confused with each other', async () => {
  await call('put', { rows: [{ store: 'seen', key: ['ab', 'c'], value: { at: 1 } }] });

  for (const key of [['a', 'bc'], ['abc'], [{ bytes: 'YWI' }, 'c'], ['ab', 'c', '']]) {
    assert.equal(await call('get', { store: 'seen', key }), null);
  }
});

test('nothing of keys and values lies on disk in the open, but what meta is for', async () => {
  const secret = 'meet me at the old bridge at nine';
  await call('put', {
    rows: [
      { store: 'messages', key: ['account-of-bob', 1], value: { text: secret, peer: 'account-of-bob' } },
      { store: 'contacts', key: ['account-of-bob'], value: { username: 'bob-the-peer' } },
      { store: 'keys', key: ['device'], value: { seed: { bytes: 'c2VjcmV0LXNlZWQtb2YtdGhpcy1kZXZpY2U' } } },
    ],
  });
  await call('putDevice', { device: { username: 'planted-name' } });

  const disk = everyEncoding(await call('dump'));

  for (const word of [
    secret,
    'account-of-bob',
    'bob-the-peer',
    'secret-seed-of-this-device',
    'username":"bob',
  ]) {
    assert.equal(disk.includes(word), false, word);
  }
  assert.equal(disk.includes('planted-name'), true, 'the search finds what does lie in the open');
});

test('the same row sealed twice differs, and its key on disk is sixteen bytes of nothing', async () => {
  await call('put', { rows: [{ store: 'drafts', key: ['chat'], value: { text: 'same' } }] });
  const [first] = (await call('dump')).filter((/** @type {any} */ row) => row.store === 'drafts');
  await call('put', { rows: [{ store: 'drafts', key: ['chat'], value: { text: 'same' } }] });
  const [second] = (await call('dump')).filter((/** @type {any} */ row) => row.store === 'drafts');

  assert.deepEqual(first.key, second.key);
  assert.equal(Buffer.from(first.key[0].bytes, 'base64url').length, 16);
  assert.notEqual(first.value.bytes, second.value.bytes);
});

test('a row moved to another place or read with another key does not open', async () => {
  await call('put', { rows: [{ store: 'messages', key: ['chat', 1], value: { text: 'moved' } }] });

  await call('transplant', { from: { store: 'messages' }, to: { store: 'messages', counter: 2 } });
  await assert.rejects(call('get', { store: 'messages', key: ['chat', 2] }), /storage-broken/);
  await call('transplant', { from: { store: 'messages' }, to: { store: 'outbox' } });
  await assert.rejects(call('get', { store: 'outbox', key: ['chat', 1] }), /storage-broken/);
  await call('openWithKey', { byte: 8 });
  assert.equal(await call('get', { store: 'messages', key: ['chat', 1] }), null); // not even found
  await assert.rejects(call('list', { store: 'messages', names: [] }), /storage-broken/);
});

test('a read behind a write sees it, also when it follows another read at once', async () => {
  assert.deepEqual(await call('readBehindWrite'), { text: 'after' });
});

test('a commit that throws while it collects writes nothing', async () => {
  await assert.rejects(call('refuseHalfway'), /changed my mind/);

  assert.equal(await call('get', { store: 'drafts', key: ['half'] }), null);
});

test('the write of a leader that was overtaken aborts, and it is told', async () => {
  await call('put', { rows: [{ store: 'sessions', key: ['peer'], value: { n: 1 } }] });
  const before = await call('meta', { key: 'leader' });

  assert.equal(await call('claimAgain'), before + 1);
  await assert.rejects(
    call('put', { rows: [{ store: 'sessions', key: ['peer'], value: { n: 2 } }] }),
    /elsewhere/,
  );

  await notice('lost', 'elsewhere');
  const next = await stage.openTab();
  await call('open', {}, next);
  assert.deepEqual(await call('get', { store: 'sessions', key: ['peer'] }, next), { n: 1 });
  await next.close();
});

test('a full disk is told as such, nothing of the transaction stays, and it goes on when there is room', async () => {
  // An origin of its own: Chromium remembers for a while how much room an origin had.
  const full = await openStage(new URL('./database.worker.js', import.meta.url));
  const tab = await full.openTab();
  await full.setQuota(tab, 300_000);
  await call('open', {}, tab);

  await assert.rejects(call('fill', { bytes: 1_000_000 }, tab), /storage-full/);

  assert.equal(await call('get', { store: 'drafts', key: ['beside'] }, tab), null);
  assert.equal(await call('count', { store: 'messages', names: ['big'] }, tab), 0);
  await full.liftQuota(tab);
  await call('fill', { bytes: 1_000_000 }, tab);
  assert.deepEqual(await call('get', { store: 'drafts', key: ['beside'] }, tab), {
    text: 'beside the large one',
  });
  await full.close();
});

test('a renderer that dies between put and complete leaves all or nothing', async () => {
  const doomed = await stage.openTab();
  await call('open', {}, doomed);
  call('writeLarge', { rows: 4000, bytes: 8000 }, doomed).catch(() => {});
  await notice('large', 'put', doomed);
  await stage.crash(doomed);

  const next = await stage.openTab();
  await call('open', {}, next);
  const survived = await call('count', { store: 'messages', names: ['large'] }, next);
  assert.ok(survived === 0 || survived === 4000, `${survived} of 4000 rows`);
  await next.close();
  await doomed.close();
});

test('whatever was told as committed is there after the renderer died, in both stores', async () => {
  for (const completed of [3, 11, 24]) {
    const doomed = await stage.openTab();
    await call('open', {}, doomed);
    await call('erase', {}, doomed);
    call('writePairs', {}, doomed).catch(() => {});
    await notice('pair', completed, doomed);
    await stage.crash(doomed);

    const next = await stage.openTab();
    await call('open', {}, next);
    const messages = await call('list', { store: 'messages', names: ['pair'] }, next);
    const seen = await call('list', { store: 'seen', names: ['pair'] }, next);
    assert.ok(messages.length > completed, `${messages.length} of more than ${completed}`);
    assert.deepEqual(messages, seen);
    assert.deepEqual(
      messages.map((/** @type {any} */ row) => row.value.i),
      messages.map((/** @type {any} */ _, /** @type {number} */ i) => i),
    );
    await next.close();
    await doomed.close();
  }
});

test('committed rows outlive the browser', async () => {
  await call('put', { rows: [{ store: 'keys', key: ['device'], value: { seed: { bytes: 'AQID' } } }] });

  await stage.restart();
  tab = await stage.openTab();
  await call('open');

  assert.deepEqual(await call('get', { store: 'keys', key: ['device'] }), { seed: { bytes: 'AQID' } });
});

test('a database deleted under the leader stops it', async () => {
  const thief = await stage.openTab();
  const deleted = thief.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const request = indexedDB.deleteDatabase('mp2p');
        request.onsuccess = () => resolve(undefined);
        request.onerror = () => reject(request.error);
      }),
  );

  await notice('lost', 'storage-broken');
  await deleted;
  await assert.rejects(call('put', { rows: [{ store: 'drafts', key: ['a'], value: {} }] }), /storage-broken/);
  await thief.close();
});

test('a migration runs once from its version on; one that fails leaves the old version whole', async () => {
  await assert.rejects(call('failingMigration'), /storage-broken/);
  await call('open');
  assert.equal(await call('meta', { key: 'schema' }), 1);
  assert.equal(await call('migrate'), 2);
  await tab.evaluate(
    () =>
      new Promise((resolve) => {
        const request = indexedDB.deleteDatabase('mp2p');
        request.onsuccess = () => resolve(undefined);
      }),
  );
});

test('one tab leads; another waits, takes over at once, or follows when the first is gone', async () => {
  const second = await stage.openTab();
  const third = await stage.openTab();
  assert.equal(await call('lead'), true);
  assert.equal(await call('lead', {}, second), false);

  await call('takeOver', {}, second);
  await notice('leader', 'lost');
  assert.equal(await call('lead'), false);

  await call('wait', {}, third);
  await second.close();
  await notice('leader', 'gained', third);
  await third.close();
});

/** The dump as text, and every byte string in it decoded as UTF-8 and as UTF-16. @param {any} rows */
function everyEncoding(rows) {
  const json = JSON.stringify(rows);
  const decoded = [...json.matchAll(/"bytes":"([\w-]+)"/g)].flatMap(([, text]) => {
    const bytes = Buffer.from(/** @type {string} */ (text), 'base64url');
    return [bytes.toString('utf8'), bytes.toString('utf16le'), bytes.toString('latin1')];
  });
  return [json, ...decoded].join('\n');
}
