/**
 * Serves this folder (source form) or dist/ (release form) with the headers of the release, for development of the
 * window and for the component tests. The product is served by `standalone` or nginx, never by this.
 *
 *   node tools/serve.mjs [--dist] [port]
 */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './build.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WORKER = '/src/core/core.worker.js';
/**
 * Served as bundles: the worker, for a browser resolves no bare import in one, and the harness of the
 * component tests, for each of them loads it.
 */
const BUNDLED = new Set([WORKER, '/test/harness.js']);
const TYPES = /** @type {Record<string, string>} */ ({
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
});

/** @param {string} scripts */
const csp = (scripts) =>
  `default-src 'none'; script-src ${scripts}; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; ` +
  `font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; ` +
  `frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types app`;

/**
 * @param {{folder?: string, port?: number, bundleOnce?: boolean}} [where] bundleOnce: nothing is edited meanwhile
 * @returns {Promise<{url: string, close: () => Promise<void>}>}
 */
export async function serve({ folder = ROOT, port = 0, bundleOnce = false } = {}) {
  /** @type {Map<string, Promise<Uint8Array | string>>} */
  const bundles = new Map();
  const bundled = (/** @type {string} */ path) => {
    const known = bundleOnce ? bundles.get(path) : undefined;
    // esbuild has told the reason already.
    const made = known ?? bundle(path.slice(1)).catch(() => 'throw new Error("no build")');
    bundles.set(path, made);
    return made;
  };
  const index = existsSync(join(folder, 'index.html')) ? 'index.html' : 'public/index.html';
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = join(folder, pathname === '/' ? index : normalize(decodeURIComponent(pathname)));
    if (!existsSync(path) || !statSync(path).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
      'Content-Security-Policy': csp(/core\.worker/.test(pathname) ? "'self' 'wasm-unsafe-eval'" : "'self'"),
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    });
    if (folder === ROOT && BUNDLED.has(pathname)) response.end(await bundled(pathname));
    else createReadStream(path).pipe(response);
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(null)));
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://localhost:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const port = Number(process.argv.find((argument) => /^\d+$/.test(argument)) ?? 8088);
  const { url } = await serve({ port, folder: process.argv.includes('--dist') ? join(ROOT, 'dist') : ROOT });
  console.log(url);
}
