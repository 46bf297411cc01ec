import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { quoted, rowsUnder, specificationTables } from '../../../test/specification.js';
import { SEALED_STORES } from '../db/schema.js';
import { HASH, INFO, MAC, SEAL, SIGN, SIGN_PREFIX } from './labels.js';

const SOURCE = new URL('../../', import.meta.url);
const KINDS = { HASH, INFO, MAC, SEAL, SIGN };

/** Product code below src, by path; the doubles of the model tests are not. */
async function sources() {
  const names = await readdir(SOURCE, { recursive: true, encoding: 'utf8' });
  const files = names.filter(
    (name) => name.endsWith('.js') && !name.endsWith('.test.js') && !name.startsWith('core/model/'),
  );
  return Promise.all(
    files.map(async (name) => ({ name, text: await readFile(new URL(name, SOURCE), 'utf8') })),
  );
}

/** Every label in full. */
function labels() {
  const signed = Object.values(SIGN).map((label) => SIGN_PREFIX + label);
  return [...[HASH, INFO, MAC, SEAL].flatMap((kind) => Object.values(kind)), ...signed];
}

/** How the specification calls the kinds. */
const SPECIFIED = /** @type {const} */ ({
  H: HASH,
  HKDF: INFO,
  Expand: INFO,
  HMAC: MAC,
  Seal: SEAL,
  Sign: SIGN,
});

test('no label stands twice, and all of them begin alike', () => {
  assert.equal(new Set(labels()).size, labels().length);
  for (const label of labels()) assert.match(label, /^MP2P\/1\/[a-z/-]+$/);
});

test('the labels are those of the specification, each of its kind', async () => {
  const rows = rowsUnder(await specificationTables(), 'label', 'kind', 'use');
  const specified = rows.map(({ label }) => quoted(label)[0] ?? '');
  assert.deepEqual(specified.toSorted(), labels().toSorted());
  for (const { label, kind } of rows) {
    /** @type {string[]} */
    const registry = Object.values(SPECIFIED[/** @type {keyof typeof SPECIFIED} */ (kind)]);
    const name = (quoted(label)[0] ?? '').replace(kind === 'Sign' ? SIGN_PREFIX : '', '');
    assert.ok(registry.includes(name), `${label} is of kind ${kind}`);
  }
});

test('no store has the name that would make its key the blinding key', () => {
  for (const store of SEALED_STORES) assert.notEqual(INFO.databaseStore + store, INFO.databaseBlind);
});

test('labels are written in the registry and nowhere else', async () => {
  for (const { name, text } of await sources()) {
    if (name.endsWith('crypto/labels.js')) continue;
    assert.doesNotMatch(text, /['"`]MP2P\/1\//, name);
  }
});

test('every label serves one module', async () => {
  const files = await sources();
  for (const [kind, labels] of Object.entries(KINDS)) {
    for (const key of Object.keys(labels)) {
      const users = files
        .filter(({ text }) => new RegExp(`\\b${kind}\\.${key}\\b`).test(text))
        .map(({ name }) => name);
      assert.equal(users.length, 1, `${kind}.${key}: ${users}`);
    }
  }
});

test('hooks for known answers are called by nobody but their own module', async () => {
  const hooks = /\b\w+ForTests\b/g;
  for (const { name, text } of await sources()) {
    for (const [hook] of text.matchAll(hooks)) {
      assert.match(text, new RegExp(`export function ${hook}\\b`), `${hook} in ${name}`);
    }
  }
});

test('the core takes randomness from nowhere but random.js', async () => {
  for (const { name, text } of await sources()) {
    if (!name.startsWith('core/')) continue;
    assert.doesNotMatch(
      text,
      /randombytes_|crypto_\w+_keygen|crypto_(sign|box|kx|kem|kem_mlkem768)_keypair\b|crypto_kem_mlkem768_enc\(/,
      name,
    );
    // The generator itself stands in random.js; jitter of timers is not a secret.
    if (name.startsWith('core/crypto/')) assert.doesNotMatch(text, /Math\.random/, name);
    if (name.startsWith('core/crypto/') && !name.endsWith('/random.js'))
      assert.doesNotMatch(text, /getRandomValues\(/, name);
  }
});
