/**
 * The release form of web-ui in dist/: one page bundle, one self-contained worker file, one style sheet, all named by
 * their content, with integrity on the tags of the page and each file also as .br and .gz.
 *
 *   node tools/build.mjs            builds into dist/
 *   node tools/build.mjs --check    builds twice and compares, writes nothing
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const KB = 1000;
/** Brotli bytes. */
const BUDGETS = { firstPage: 60 * KB, wholeApp: 260 * KB };
const PACKED = /\.(html|css|js|svg|json|txt)$/;

/** @typedef {Map<string, Uint8Array>} Files by name */

/** @returns {Promise<Files>} everything that is served, before it is packed */
export async function buildFiles() {
  const icons = await asset('public/icons.svg', 'icons', 'svg');
  const favicon = await asset('public/favicon.svg', 'favicon', 'svg');
  const worker = named('core.worker', 'js', await bundle('src/core/core.worker.js'));
  const page = named('app', 'js', await bundle('src/main.js', { worker: worker.name, icons: icons.name }));
  const style = named('app', 'css', await bundle('src/styles/index.css'));
  const html = await indexHtml({ page, style, favicon });
  /** @type {Files} */
  const files = new Map();
  for (const { name, bytes } of [icons, favicon, worker, page, style]) files.set(name, bytes);
  files.set('index.html', html);
  files.set('licenses.txt', await licenses());
  files.set('files.json', manifest(files));
  return files;
}

/**
 * @param {string} entry
 * @param {{worker: string, icons: string}} [names] of what the page refers to
 */
export async function bundle(entry, names) {
  const result = await build({
    entryPoints: [join(ROOT, entry)],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2023',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
    plugins: names ? [hashedNames(names)] : [],
  });
  const [output] = result.outputFiles;
  if (!output || result.outputFiles.length > 1) throw new Error(`${entry} does not make one file`);
  return output.contents;
}

/**
 * src/lib/assets.js names the files of the source form; the bundle gets the hashed ones.
 * @param {{worker: string, icons: string}} names
 * @returns {import('esbuild').Plugin}
 */
function hashedNames({ worker, icons }) {
  return {
    name: 'hashed-names',
    setup({ onLoad }) {
      onLoad({ filter: /src[\\/]lib[\\/]assets\.js$/ }, () => ({
        contents: `export const WORKER_URL = '/${worker}';\nexport const ICONS_URL = '/${icons}';\n`,
      }));
    },
  };
}

/**
 * @param {string} stem
 * @param {string} extension
 * @param {Uint8Array} bytes
 */
function named(stem, extension, bytes) {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return { name: `${stem}-${hash}.${extension}`, bytes };
}

/**
 * @param {string} path
 * @param {string} stem
 * @param {string} extension
 */
async function asset(path, stem, extension) {
  return named(stem, extension, await readFile(join(ROOT, path)));
}

/** @param {Uint8Array} bytes */
const integrity = (bytes) => `sha384-${createHash('sha384').update(bytes).digest('base64')}`;

/**
 * @param {Record<'page' | 'style' | 'favicon', {name: string, bytes: Uint8Array}>} files
 */
async function indexHtml({ page, style, favicon }) {
  let html = await readFile(join(ROOT, 'public/index.html'), 'utf8');
  /** @type {[string, string][]} */
  const changes = [
    ['href="/public/favicon.svg"', `href="/${favicon.name}"`],
    ['href="/src/styles/index.css"', `href="/${style.name}" integrity="${integrity(style.bytes)}"`],
    ['src="/src/main.js"', `src="/${page.name}" integrity="${integrity(page.bytes)}"`],
  ];
  for (const [from, to] of changes) {
    if (html.split(from).length !== 2) throw new Error(`public/index.html must contain ${from} once`);
    html = html.replace(from, to);
  }
  return Buffer.from(html.replace(/>\s+</g, '><').trim().concat('\n'));
}

/** What the licences of the libraries inside ask for: their text beside the code. */
async function licenses() {
  const own = 'Messenger P2P: Apache License 2.0\n';
  const texts = [];
  const { dependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  for (const name of [...Object.keys(dependencies), 'libsodium-sumo'].sort()) {
    const folder = join(ROOT, 'node_modules', name);
    const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    texts.push(`${name} ${version}: ${license}\n`);
  }
  return Buffer.from([own, ...texts, ISC].join('\n'));
}

const ISC = `libsodium and its JavaScript wrappers, Copyright (c) 2013-2026 Frank Denis and contributors

Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted,
provided that the above copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL
IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF
THIS SOFTWARE.
`;

/** The release manifest: what a build consists of, to be compared with another build of the same source. @param {Files} files */
function manifest(files) {
  const entries = [...files].map(([name, bytes]) => [
    name,
    { bytes: bytes.length, integrity: integrity(bytes) },
  ]);
  return Buffer.from(`${JSON.stringify(Object.fromEntries(entries.sort()), null, 2)}\n`);
}

/** @param {Uint8Array} bytes */
const brotli = (bytes) =>
  brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });

/** Adds `.br` and `.gz`. @param {Files} files */
export function pack(files) {
  /** @type {Files} */
  const packed = new Map(files);
  for (const [name, bytes] of files) {
    if (!PACKED.test(name)) continue;
    packed.set(`${name}.br`, brotli(bytes));
    packed.set(`${name}.gz`, gzipSync(bytes, { level: 9 }));
  }
  return packed;
}

/** Throws where a budget is exceeded. @param {Files} packed @returns {Record<keyof typeof BUDGETS, number>} */
export function weigh(packed) {
  /** @param {(name: string) => boolean} counts */
  const sum = (counts) =>
    [...packed].reduce((all, [name, { length }]) => all + (counts(name) ? length : 0), 0);
  const sizes = {
    firstPage: sum((name) => /^(index\.html|app-[0-9a-f]+\.(css|js))\.br$/.test(name)),
    wholeApp: sum((name) => /\.(html|css|js|svg)\.br$/.test(name)),
  };
  for (const [budget, limit] of Object.entries(BUDGETS)) {
    const size = sizes[/** @type {keyof typeof BUDGETS} */ (budget)];
    if (size > limit) throw new Error(`${budget} is ${size} bytes as brotli, the budget is ${limit}`);
  }
  return sizes;
}

/** @param {Files} files @param {string} folder */
async function write(files, folder) {
  await rm(folder, { recursive: true, force: true });
  for (const [name, bytes] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
}

async function main() {
  const packed = pack(await buildFiles());
  const sizes = weigh(packed);
  if (process.argv.includes('--check')) {
    const again = pack(await buildFiles());
    for (const [name, bytes] of packed) {
      if (Buffer.compare(bytes, again.get(name) ?? Buffer.alloc(0)) !== 0)
        throw new Error(`${name} is not reproducible`);
    }
  } else await write(packed, join(ROOT, 'dist'));
  const kilo = (/** @type {number} */ bytes) => `${(bytes / KB).toFixed(1)} KB`;
  console.log(`first page ${kilo(sizes.firstPage)} br, whole app ${kilo(sizes.wholeApp)} br`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
