import { boolean, byteString, integer, object, oneOf, optional, string } from './json-shape.js';

/**
 * What an account remembers of another one on all its devices, MP2P/1 §9.3; byte strings as base64url.
 * `at` (ms) is the time of the last change of state, username or delivery_key, `trusted_at` that of the user's decision
 * for this hash.
 */
export const pinShape = object({
  account_id: byteString(16),
  aik: byteString(32),
  username: optional(string(1, 32)),
  state: oneOf('none', 'accepted', 'blocked'),
  they_accepted: boolean,
  verified: boolean,
  list_version: integer(1, 0xffffffff),
  dlc_hash: byteString(32),
  delivery_key: optional(byteString(32)),
  at: integer(),
  trusted_at: optional(integer()),
});

/** @typedef {ReturnType<typeof pinShape>} Pin */
