import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toBase64url } from '../crypto/bytes.js';
import { PathSettings } from './path-settings.js';

const [BOB, CAROL] = [new Uint8Array(16).fill(2), new Uint8Array(16).fill(3)];
const BOB_ID = toBase64url(BOB);

/** @param {Record<string, unknown>} [settings] in the vault */
function scene(settings = {}) {
  /** @type {Set<() => void>} */
  const listeners = new Set();
  const account = {
    vault: { version: 3, items: { settings } },
    /** What happens after the change is on this disk. @type {() => Promise<void>} */
    push: async () => {},
    onStateChange(/** @type {() => void} */ listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async updateVault(/** @type {(items: any) => void} */ change) {
      change(account.vault.items);
      for (const listener of listeners) listener();
      await account.push();
    },
  };
  /** @type {any[]} */
  const told = [];
  /** @type {number[]} */
  const stored = [];
  const paths = new PathSettings(
    /** @type {any} */ (account),
    (notice, data) => told.push([notice, data]),
    async (version) => void stored.push(version),
  );
  let changes = 0;
  paths.onChange(() => changes++);
  return { account, paths, told, stored, listeners, changes: () => changes };
}

test('what the vault holds is told at the start, and counts only where it says true', () => {
  const { paths, told } = scene({ relay_only: true, mailbox_only: 'yes' });
  paths.start();
  assert.deepEqual(told, [['settings', { relayOnly: true, mailboxOnly: false, relayOnlyWith: {} }]]);
  assert.deepEqual([paths.relayOnlyWith(BOB), paths.mailboxOnly], [true, false]);
});

test('a change leaves the other settings of the vault as they are, and is told once', async () => {
  const { account, paths, told, stored, changes } = scene({ theme: 'dark', mailbox_only: true });
  paths.start();
  await paths.change({ relayOnly: true });
  await paths.change({ relayOnly: true });
  assert.deepEqual(account.vault.items.settings, { theme: 'dark', relay_only: true, mailbox_only: true });
  assert.deepEqual(told.slice(1), [['settings', { relayOnly: true, mailboxOnly: true, relayOnlyWith: {} }]]);
  assert.equal(changes(), 1);
  assert.deepEqual(stored, [3], 'what changes nothing is news to nobody');
});

test('who follows is told with whom something else holds now', async () => {
  const { paths } = scene();
  paths.start();
  /** @type {boolean[][]} */
  const anew = [];
  paths.onChange((bindsAnew) => anew.push([bindsAnew(BOB), bindsAnew(CAROL)]));
  await paths.change({ relayOnlyWith: { [BOB_ID]: true } });
  await paths.change({ relayOnly: true });
  await paths.change({ mailboxOnly: true });
  assert.deepEqual(anew, [
    [true, false],
    [false, true],
    [true, true],
  ]);
});

test('a change writes what it names alone', async () => {
  const { account, paths } = scene();
  paths.start();
  await paths.change({ mailboxOnly: true });
  assert.deepEqual(account.vault.items.settings, { mailbox_only: true });
});

/** A vault that takes changes one after the other, when the test says so. @param {ReturnType<typeof scene>} scene */
function queued({ account }) {
  const update = account.updateVault;
  /** @type {(() => void)[]} */
  const waiting = [];
  account.updateVault = async (change) => {
    await new Promise((resolve) => waiting.push(() => resolve(undefined)));
    await update(change);
  };
  return { next: () => waiting.shift()?.() };
}

test('two changes while the vault is busy do not undo each other', async () => {
  const about = scene();
  const { next } = queued(about);
  about.paths.start();
  const both = [about.paths.change({ relayOnly: true }), about.paths.change({ mailboxOnly: true })];
  for (const change of both) {
    next();
    await change;
  }
  assert.deepEqual([about.paths.relayOnlyWith(BOB), about.paths.mailboxOnly], [true, true]);
  assert.deepEqual(about.account.vault.items.settings, { relay_only: true, mailbox_only: true });
});

test('what is turned on is in force before it is on the disk, what is turned off is not', async () => {
  const about = scene({ mailbox_only: true });
  const { next } = queued(about);
  about.paths.start();
  const on = about.paths.change({ relayOnly: true });
  const off = about.paths.change({ mailboxOnly: false });
  await about.account.push();
  assert.deepEqual([about.paths.relayOnlyWith(BOB), about.paths.mailboxOnly], [true, true]);
  assert.equal(about.changes(), 1);
  next();
  next();
  await Promise.all([on, off]);
  assert.deepEqual([about.paths.relayOnlyWith(BOB), about.paths.mailboxOnly], [true, false]);
});

test('what is told at the start is the vault of then', () => {
  const { account, paths, told } = scene();
  account.vault.items.settings = { relay_only: true };
  paths.start();
  assert.deepEqual(told, [['settings', { relayOnly: true, mailboxOnly: false, relayOnlyWith: {} }]]);
  assert.equal(paths.relayOnlyWith(BOB), true);
});

test('what another device of the account has set is followed, until the engine stops', async () => {
  const { account, paths, changes, listeners } = scene();
  paths.start();
  await account.updateVault((items) => {
    items.settings = { mailbox_only: true };
  });
  assert.equal(paths.mailboxOnly, true);
  assert.equal(changes(), 1);
  paths.stop();
  assert.equal(listeners.size, 0);
});

test('a change holds although no server could be told', async () => {
  const { account, paths } = scene();
  paths.start();
  account.push = () => Promise.reject(new Error('server away'));
  await paths.change({ mailboxOnly: true });
  assert.equal(paths.mailboxOnly, true);
});

test('a change that did not come to disk is told to have failed', async () => {
  const { account, paths, told } = scene();
  paths.start();
  account.updateVault = () => Promise.reject(new Error('the disk is full'));
  await assert.rejects(paths.change({ mailboxOnly: true }), /disk is full/);
  assert.equal(paths.mailboxOnly, false);
  assert.deepEqual(told.at(-1), ['settings', { relayOnly: false, mailboxOnly: false, relayOnlyWith: {} }]);
});

test('"relay only" with one contact is kept by account, is told, and leaves the others as they are', async () => {
  const { account, paths, told, changes } = scene({
    theme: 'dark',
    [`relay_only:${toBase64url(CAROL)}`]: true,
  });
  paths.start();
  await paths.change({ relayOnlyWith: { [BOB_ID]: true } });
  assert.deepEqual([paths.relayOnlyWith(BOB), paths.relayOnlyWith(CAROL)], [true, true]);
  assert.equal(account.vault.items.settings[`relay_only:${BOB_ID}`], true);
  assert.deepEqual(told.at(-1)[1].relayOnlyWith, { [BOB_ID]: true, [toBase64url(CAROL)]: true });
  await paths.change({ relayOnlyWith: { [toBase64url(CAROL)]: false } });
  assert.deepEqual([paths.relayOnlyWith(BOB), paths.relayOnlyWith(CAROL)], [true, false]);
  assert.deepEqual(account.vault.items.settings, { theme: 'dark', [`relay_only:${BOB_ID}`]: true });
  assert.equal(changes(), 2);
});

test('"relay only" with one contact is in force before it is on the disk, and ends when that is', async () => {
  const about = scene();
  const { next } = queued(about);
  about.paths.start();
  const on = about.paths.change({ relayOnlyWith: { [BOB_ID]: true } });
  assert.equal(about.paths.relayOnlyWith(BOB), true);
  next();
  await on;
  const off = about.paths.change({ relayOnlyWith: { [BOB_ID]: false } });
  assert.equal(about.paths.relayOnlyWith(BOB), true);
  next();
  await off;
  assert.equal(about.paths.relayOnlyWith(BOB), false);
});

test('"relay only" with one contact that did not come to disk is told to have failed', async () => {
  const { account, paths } = scene();
  paths.start();
  account.updateVault = () => Promise.reject(new Error('the disk is full'));
  await assert.rejects(paths.change({ relayOnlyWith: { [BOB_ID]: true } }), /disk is full/);
  assert.equal(paths.relayOnlyWith(BOB), false);
});
