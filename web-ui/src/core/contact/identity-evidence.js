/**
 * What stands against a contact's identity (MP2P/1 §7 E_DLC) and what ends it. While anything does, the user is warned
 * and nothing is sent to it (docs/adr/0016).
 *
 * @typedef {import('./contact.js').Contact} Contact
 */

/**
 * The server keeps back what it must have, or gives what does not verify: over as soon as it gives what does.
 *
 * @param {Contact} contact
 * @returns {Contact}
 */
export const withheld = (contact) => ({ ...contact, identityWarning: true });

/**
 * Its key has signed two lists that cannot both be true. No further list refutes that: the user decides.
 *
 * @param {Contact} contact
 * @returns {Contact}
 */
export const forked = (contact) => ({ ...contact, identityWarning: true, forked: true });

/**
 * The known list is the newest that anybody has spoken of, reached by checked links.
 *
 * @param {Contact} contact
 * @returns {Contact}
 */
export function settled(contact) {
  if (!contact.identityWarning || contact.forked || contact.claimedVersion > contact.listVersion)
    return contact;
  return { ...contact, identityWarning: false, staleSinceMs: 0 };
}

/**
 * The user has decided: what was trusted before contradicts nothing any more, whatever clock dated it.
 *
 * @param {Contact} contact
 * @param {number} nowMs
 * @returns {Contact}
 */
export function trusted(contact, nowMs) {
  const lastMs = Math.max(contact.trustedMs ?? 0, contact.rivalMs ?? 0);
  return {
    ...contact,
    identityWarning: false,
    forked: false,
    staleSinceMs: 0,
    ahead: [],
    claimedVersion: contact.listVersion,
    pinDue: contact.pinDue || contact.state !== 'none',
    trustedMs: Math.max(nowMs, lastMs + 1),
  };
}
