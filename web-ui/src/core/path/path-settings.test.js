import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PathSettings } from './path-settings.js';

/** @param {Record<string, unknown>} [settings] in the vault */
function scene(settings = {}) {
  /** @type {Set<() => void>} */
  const listeners = new Set();
  const account = {
    vault: { items: { settings } },
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
  const paths = new PathSettings(/** @type {any} */ (account), (notice, data) => told.push([notice, data]));
  let changes = 0;
  paths.onChange(() => changes++);
  return { account, paths, told, listeners, changes: () => changes };
}

test('what the vault holds is told at the start, and counts only where it says true', () => {
  const { paths, told } = scene({ relay_only: true, mailbox_only: 'yes' });
  paths.start();
  assert.deepEqual(told, [['settings', { relayOnly: true, mailboxOnly: false }]]);
  assert.deepEqual([paths.relayOnly, paths.mailboxOnly], [true, false]);
});

test('a change leaves the other settings of the vault as they are, and is told once', async () => {
  const { account, paths, told, changes } = scene({ theme: 'dark', mailbox_only: true });
  paths.start();
  await paths.change({ relayOnly: true });
  await paths.change({ relayOnly: true });
  assert.deepEqual(account.vault.items.settings, { theme: 'dark', relay_only: true, mailbox_only: true });
  assert.deepEqual(told.slice(1), [['settings', { relayOnly: true, mailboxOnly: true }]]);
  assert.equal(changes(), 1);
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
  const { account, paths } = scene();
  paths.start();
  account.updateVault = () => Promise.reject(new Error('the disk is full'));
  await assert.rejects(paths.change({ mailboxOnly: true }), /disk is full/);
  assert.equal(paths.mailboxOnly, false);
});
