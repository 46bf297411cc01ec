import assert from 'node:assert/strict';

/** On every response of whatever kind. */
export const EVERYWHERE = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'x-frame-options': 'DENY',
  'permissions-policy':
    'accelerometer=(), autoplay=(), bluetooth=(), camera=(self), clipboard-read=(), clipboard-write=(self), ' +
    'display-capture=(), encrypted-media=(), fullscreen=(self), geolocation=(), gyroscope=(), hid=(), ' +
    'idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), ' +
    'picture-in-picture=(), publickey-credentials-get=(self), screen-wake-lock=(), serial=(), usb=(), ' +
    'window-management=(), xr-spatial-tracking=()',
};

/** @param {string} scripts */
const policy = (scripts) =>
  `default-src 'none'; script-src ${scripts}; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; ` +
  "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types app";

/** Content-Security-Policy by kind of response. */
export const POLICY = {
  page: policy("'self'"),
  worker: policy("'self' 'wasm-unsafe-eval'"),
  answer: "default-src 'none'; frame-ancestors 'none'",
};

/** Each of the set exactly once, and exactly one policy. @param {import('./client.js').Answer} answer @param {string} csp */
export function hasItsHeaders(answer, csp) {
  const found = answer.fields.filter(([name]) => name in EVERYWHERE || name === 'content-security-policy');
  const expected = Object.entries({ ...EVERYWHERE, 'content-security-policy': csp });
  assert.deepEqual(found.sort(), expected.sort());
}
