import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { buildFiles, pack, weigh } from './build.mjs';

const files = await buildFiles();
const packed = pack(files);
const text = (/** @type {string} */ name) => Buffer.from(files.get(name) ?? '').toString();
const find = (/** @type {RegExp} */ pattern) => [...files.keys()].find((name) => pattern.test(name)) ?? '';

test('two builds are the same bytes', async () => {
  const again = pack(await buildFiles());

  assert.deepEqual([...again.keys()], [...packed.keys()]);
  for (const [name, bytes] of packed)
    assert.equal(Buffer.compare(bytes, again.get(name) ?? Buffer.of()), 0, name);
});

test('the page names its files by content and vouches for script and style', () => {
  const html = text('index.html');
  for (const name of [find(/^app-.*\.js$/), find(/^app-.*\.css$/)]) {
    const hash = createHash('sha384')
      .update(files.get(name) ?? '')
      .digest('base64');
    assert.ok(html.includes(`"/${name}" integrity="sha384-${hash}"`), name);
  }
  assert.doesNotMatch(html, /\/src\/|\/public\/|<style|style=|<script(?![^>]*src=)/);
});

test('the page starts the worker of the same build, which is one file without imports', () => {
  const worker = find(/^core\.worker-[0-9a-f]{16}\.js$/);

  assert.ok(text(find(/^app-.*\.js$/)).includes(`"/${worker}"`));
  assert.doesNotMatch(text(worker), /(?:^|[;}])import\s*["'{*]/);
});

test('packed files hold the same bytes', () => {
  for (const [name, bytes] of files) {
    assert.equal(
      Buffer.compare(brotliDecompressSync(packed.get(`${name}.br`) ?? Buffer.of()), bytes),
      0,
      name,
    );
    assert.equal(Buffer.compare(gunzipSync(packed.get(`${name}.gz`) ?? Buffer.of()), bytes), 0, name);
  }
});

test('keeps the budgets, and a build that does not is refused', () => {
  const sizes = weigh(packed);

  assert.ok(sizes.firstPage <= 60_000 && sizes.wholeApp <= 260_000);
  assert.throws(
    () => weigh(new Map(packed).set('app-0.js.br', new Uint8Array(60_000))),
    /firstPage is \d+ bytes/,
  );
});
