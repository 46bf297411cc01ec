import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { rowsUnder, specificationTables } from '../../test/specification.js';

/** MP2P/1 §18: each mistake of that table has the tests that the table names. */

const ROOT = new URL('../../../', import.meta.url);
const CORE = new URL('./', import.meta.url);

const tables = await specificationTables();

for (const { mistake, 'caught by': tests = '' } of rowsUnder(tables, 'mistake', 'caught by')) {
  test(`it is tested: ${mistake}`, async () => {
    if (/^comes with /.test(tests)) return;
    const named = [...tests.matchAll(/`([^`]+\.(?:js|java))`((?: “[^”]+”)*)/g)];
    assert.notEqual(named.length, 0, 'a test is named');
    for (const [, path = '', titles = ''] of named) {
      const source = await readFile(new URL(path, /^web-ui\/|^auth-/.test(path) ? ROOT : CORE), 'utf8');
      for (const [, title = ''] of titles.matchAll(/“([^”]+)”/g))
        assert.ok(source.includes(title), `${path} has a test “${title}”`);
    }
  });
}

test('session and device keys never pass through base64 or JSON, whose tables may leak them', async () => {
  const names = (await readdir(new URL('session/', CORE))).map((name) => `session/${name}`);
  const files = [
    ...names.filter((name) => name.endsWith('.js') && !name.endsWith('.test.js')),
    ...['ratchet', 'ratchet-record', 'ratchet-header', 'pqxdh', 'prekey', 'keys', 'seal', 'hkdf', 'hash'].map(
      (name) => `crypto/${name}.js`,
    ),
    ...['session-rows.js', 'account/key-rows.js', 'account/prekey-rows.js', 'db/codec.js', 'db/row-seal.js'],
  ];
  for (const file of files) {
    const source = await readFile(new URL(file, CORE), 'utf8');
    assert.doesNotMatch(source, /[bB]ase64url\(|JSON\.|toHex\(/, file);
  }
});
