/** The two content security policies of the release: the worker's differs in script-src alone. */
const policy = (/** @type {string} */ scripts) =>
  [
    "default-src 'none'",
    `script-src ${scripts}`,
    "style-src 'self'",
    "img-src 'self' blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types app',
  ].join('; ');

export const PAGE_CSP = policy("'self'");
export const WORKER_CSP = policy("'self' 'wasm-unsafe-eval'");
