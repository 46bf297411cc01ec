/**
 * The address of the file this worker runs from, in the form that `new Worker` takes. Trusted Types hold in
 * workers too: their response carries the same policy as the page's, and a string is refused.
 * The one policy `app` of this realm lets exactly this address through.
 */

/** @typedef {{ createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string } }} TrustedTypes */

/** @type {string | null} */
let trusted = null;

/** @returns {string} a TrustedScriptURL where the browser has them */
export function ownScriptUrl() {
  trusted ??= makeTrusted(self.location.href);
  return trusted;
}

/** @param {string} own */
function makeTrusted(own) {
  const types = /** @type {{ trustedTypes?: TrustedTypes }} */ (/** @type {unknown} */ (self)).trustedTypes;
  if (!types) return own;
  const policy = types.createPolicy('app', {
    createScriptURL(url) {
      if (url !== own) throw new TypeError('not the address of this worker');
      return url;
    },
  });
  return policy.createScriptURL(own);
}
