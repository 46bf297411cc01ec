/**
 * The host this client connected to (MP2P/1 §9.1): lower case, A-label, no port, no trailing dot, an IPv6 literal
 * without brackets. Never a name that the server told.
 *
 * @param {{ hostname: string }} location
 */
export function serverNameOf({ hostname }) {
  return hostname
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}

/**
 * Where the account can be used when the server's canonical host is not the own one; the same port and scheme.
 *
 * @param {{ protocol: string, port: string }} location
 * @param {string} canonicalHost as the server told it
 * @returns {string | null} null if that is no host name
 */
export function canonicalUrl({ protocol, port }, canonicalHost) {
  const host = canonicalHost.includes(':') ? `[${canonicalHost}]` : canonicalHost;
  try {
    const url = new URL(`${protocol}//${host}${port && `:${port}`}/`);
    return serverNameOf(url) === canonicalHost ? url.href : null;
  } catch {
    return null;
  }
}
