import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { ask } from '../harness/client.js';
import { PAGE_ADDRESS, webUi } from '../harness/container.js';
import { RELEASE, releaseFile } from '../harness/release.js';

/** @type {import('../harness/container.js').Container} */
let page;
before(async () => {
  page = await webUi().start();
});
after(() => page.remove());

/** @param {string} path @param {Record<string, string>} [headers] @param {string} [method] */
const get = (path, headers = {}, method = 'GET') =>
  ask(path, { plain: true, to: PAGE_ADDRESS, headers, method, name: 'web-ui' });

const html = readFileSync(join(RELEASE, 'index.html'), 'utf8');

for (const path of [
  '/',
  '/c/someone',
  '/c/',
  '/c/some.one',
  '/settings',
  '/settings/',
  '/settings/keys.js',
]) {
  test(`answers ${path} with the page`, async () => {
    const { status, headers, body } = await get(path);

    assert.equal(status, 200);
    assert.equal(`${body}`, html);
    assert.equal(headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(headers['cache-control'], 'no-cache');
  });
}

const SCRIPT = releaseFile('app-', '.js');
for (const path of [
  '/c',
  '/settingsx',
  '/nothing',
  '/app',
  `${SCRIPT}.br`,
  `${SCRIPT}.gz`,
  '/index.html/',
  '/.refused/404',
]) {
  test(`has nothing at ${path}`, async () => {
    const { status, headers, body } = await get(path, { 'Accept-Encoding': 'br' });

    assert.equal(status, 404);
    assert.equal(body.length, 0);
    assert.equal(headers['content-type'], undefined);
    assert.equal(headers['cache-control'], undefined);
  });
}

const TYPES = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  json: 'application/json',
  txt: 'text/plain; charset=utf-8',
};

/** @type {[string, (bytes: Buffer) => Buffer][]} */
const CODINGS = [
  ['br', brotliDecompressSync],
  ['gzip', gunzipSync],
  ['identity', (bytes) => bytes],
];

for (const file of readdirSync(RELEASE).filter((name) => !/\.(br|gz)$/.test(name))) {
  test(`serves ${file.replace(/-[0-9a-f]{16}/, '-…')} in each coding`, async () => {
    const content = readFileSync(join(RELEASE, file));
    const extension = /** @type {keyof typeof TYPES} */ (file.split('.').at(-1));
    for (const [coding, unpack] of CODINGS) {
      const { status, headers, body } = await get(`/${file}`, { 'Accept-Encoding': coding });

      assert.equal(status, 200);
      assert.equal(headers['content-encoding'], coding === 'identity' ? undefined : coding);
      assert.deepEqual(unpack(body), content);
      assert.equal(headers['content-type'], TYPES[extension]);
      assert.equal(headers.vary, 'Accept-Encoding');
      assert.equal(
        headers['cache-control'],
        /-[0-9a-f]{16}\./.test(file) ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
      assert.equal(headers['last-modified'], undefined);
    }
  });
}

/** @type {[string | undefined, string | undefined][]} */
const CHOICES = [
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip, deflate', 'gzip'],
  ['BR', 'br'],
  ['br;q=0, gzip', 'gzip'],
  ['br;q=0.0', undefined],
  ['br ; q=0 , gzip', 'gzip'],
  ['br;q=0.1', 'br'],
  ['brotli, xbr', undefined],
  ['', undefined],
  [undefined, undefined],
  ['*', undefined],
];
for (const [accepted, chosen] of CHOICES) {
  test(`chooses ${chosen ?? 'no coding'} for ${accepted ?? 'no header'}`, async () => {
    const { headers } = await get(SCRIPT, accepted === undefined ? {} : { 'Accept-Encoding': accepted });

    assert.equal(headers['content-encoding'], chosen);
  });
}

test('says that nothing has changed, by entity tag in each coding', async () => {
  for (const [coding] of CODINGS) {
    const { headers } = await get('/', { 'Accept-Encoding': coding });

    const again = await get('/', { 'Accept-Encoding': coding, 'If-None-Match': String(headers.etag) });

    assert.equal(again.status, 304);
    assert.equal(again.headers.etag, headers.etag);
    assert.equal(again.headers['cache-control'], 'no-cache');
    assert.equal(again.headers.vary, 'Accept-Encoding');
    assert.equal(again.headers['content-encoding'], undefined);
  }
});

test('tells the codings of one file apart by their entity tags', async () => {
  const tags = [];
  for (const [coding] of CODINGS) tags.push((await get('/', { 'Accept-Encoding': coding })).headers.etag);

  assert.equal(new Set(tags).size, 3);
});

test('answers HEAD as GET without the body', async () => {
  const { status, headers, body } = await get(SCRIPT, {}, 'HEAD');

  assert.equal(status, 200);
  assert.equal(Number(headers['content-length']), readFileSync(join(RELEASE, SCRIPT)).length);
  assert.equal(body.length, 0);
});

for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
  for (const path of ['/', SCRIPT, '/nothing']) {
    test(`does not take ${method} ${path.replace(/-[0-9a-f]{16}/, '-…')}`, async () => {
      const { status, headers, body } = await get(path, {}, method);

      assert.equal(status, 405);
      assert.equal(headers.allow, 'GET, HEAD');
      assert.equal(body.length, 0);
    });
  }
}

test('cuts no ranges out of files', async () => {
  const { status, headers } = await get(SCRIPT, { Range: 'bytes=0-1' });

  assert.equal(status, 200);
  assert.equal(headers['accept-ranges'], undefined);
});

test('serves what the build did not pack', async (t) => {
  const release = mkdtempSync(join(tmpdir(), 'mp2p-release-'));
  writeFileSync(join(release, 'index.html'), 'page');
  writeFileSync(join(release, 'index.html.gz'), 'packed');
  writeFileSync(join(release, 'picture.png'), 'png');
  await page.stop();
  const other = webUi(release);
  t.after(() => Promise.all([other.remove(), rmSync(release, { recursive: true })]));
  await other.start();

  const gzip = await get('/', { 'Accept-Encoding': 'br, gzip' });
  const png = await get('/picture.png', { 'Accept-Encoding': 'br, gzip' });

  assert.equal(gzip.headers['content-encoding'], 'gzip');
  assert.equal(`${gzip.body}`, 'packed');
  assert.equal(png.headers['content-encoding'], undefined);
  assert.equal(png.headers['content-type'], 'image/png');
});

test('writes no log', () => {
  assert.equal(page.log().replace('ready\n', ''), '');
});
