import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { faultSentence, t } from './index.js';

const source = fileURLToPath(new URL('..', import.meta.url));
/** @type {Record<string, string | Record<string, string>>} */
const en = JSON.parse(readFileSync(join(source, 'i18n/en.json'), 'utf8'));
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.js') && !name.endsWith('.test.js') && !name.startsWith('core'),
);
const code = files.map((name) => readFileSync(join(source, name), 'utf8')).join('\n');

/** Keys made from data: `fault.${code}` and the like. */
const families = [...code.matchAll(/`([a-zA-Z.-]+\.)\$\{/g)].map((match) => String(match[1]));

test('every key that the source names is in the catalogue', () => {
  const named = [...code.matchAll(/(?:\bt|\brich)\(\s*'([^']+)'/g)].map((match) => String(match[1]));

  assert.ok(named.length > 50);
  assert.deepEqual(
    named.filter((key) => !(key in en)),
    [],
  );
});

test('every key of the catalogue is used', () => {
  const unused = Object.keys(en).filter(
    (key) => !code.includes(`'${key}'`) && !families.some((family) => key.startsWith(family)),
  );

  assert.deepEqual(unused, []);
});

test('every fault of the core has a sentence that says more than its code', () => {
  const contract = readFileSync(join(source, 'core/protocol.d.ts'), 'utf8');
  const codes = [...(contract.match(/type FaultCode =([^;]+);/)?.[1] ?? '').matchAll(/'([a-z-]+)'/g)];

  assert.ok(codes.length >= 19);
  for (const [, one] of codes) {
    const sentence = faultSentence({ code: /** @type {any} */ (one), retryAfter: 5 });
    assert.match(sentence, /^[A-Z].{20,}\.$/, one);
  }
});

test('plural entries have the forms of the language', () => {
  for (const [key, entry] of Object.entries(en)) {
    if (typeof entry === 'string') continue;
    assert.deepEqual(Object.keys(entry).sort(), ['one', 'other'], key);
  }
  assert.equal(t('chats.unread', { count: 1 }), '1 unread message');
  assert.equal(t('chats.unread', { count: 1200 }), '1,200 unread messages');
});

test('a sentence without its value is refused', () => {
  assert.throws(() => t('thread.waiting'), /needs name/);
});
