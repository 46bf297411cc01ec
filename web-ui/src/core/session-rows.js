/**
 * The sessions of a peer device as rows: the record in store `sessions`, one row per skipped key (§11.1 item 11).
 * Within one unit of work the decoded value is kept, so that a batch chains on it in memory.
 *
 * @typedef {import('./scratch.js').Scratch} Scratch
 * @typedef {import('./session/session-table.js').PeerSessions} PeerSessions
 */
import { laneOf } from './outbox/outbox.js';
import {
  changesBetween,
  decodePeer,
  decodeSkippedKey,
  emptyPeer,
  encodePeer,
  encodeSkippedKey,
} from './session/session-table.js';

/**
 * @param {Scratch} scratch
 * @param {Uint8Array} account
 * @param {number} device
 * @returns {Promise<PeerSessions>}
 */
export async function loadPeer(scratch, account, device) {
  const memo = memoOf(account, device);
  const known = scratch.recall(memo);
  if (known) return known;
  const record = await scratch.get('sessions', namesOf(account, device));
  const skipped = record ? await scratch.list('skipped', namesOf(account, device)) : [];
  const peer = record
    ? decodePeer(
        record,
        skipped.map((row) => decodeSkippedKey(row.value)),
      )
    : emptyPeer(account, device);
  scratch.remember(memo, peer);
  return peer;
}

/**
 * Puts what changed since `before`, which is what `loadPeer` gave.
 *
 * @param {Scratch} scratch
 * @param {PeerSessions} before
 * @param {PeerSessions} after
 */
export function putPeer(scratch, before, after) {
  const names = namesOf(after.accountId, after.deviceId);
  const changes = changesBetween(before, after);
  if (changes.peer) scratch.put('sessions', names, encodePeer(after));
  for (const key of changes.skippedRemoved) scratch.delete('skipped', [...names, key.counter]);
  for (const key of changes.skippedAdded)
    scratch.put('skipped', [...names, key.counter], encodeSkippedKey(key));
  scratch.remember(memoOf(after.accountId, after.deviceId), after);
}

/**
 * A device that left the list keeps `max_epoch` alone (§4), its sessions go.
 *
 * @param {Scratch} scratch
 * @param {Uint8Array} account
 * @param {number} device
 */
export async function dropSessions(scratch, account, device) {
  const peer = await loadPeer(scratch, account, device);
  putPeer(scratch, peer, { ...peer, sessions: [] });
}

/**
 * @param {Uint8Array} account
 * @param {number} device
 */
const namesOf = (account, device) => [account, String(device)];

/**
 * @param {Uint8Array} account
 * @param {number} device
 */
const memoOf = (account, device) => `peer/${laneOf(account, device)}`;
