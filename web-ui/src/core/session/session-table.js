/**
 * The sessions of one peer device: see README.md in this folder.
 *
 * @typedef {import('./peer-sessions.js').PeerSessions} PeerSessions
 * @typedef {import('./peer-sessions.js').Session} Session
 * @typedef {import('./peer-sessions.js').SkippedKey} SkippedKey
 * @typedef {import('./sending.js').Transmission} Transmission
 * @typedef {import('./receiving.js').Incoming} Incoming
 * @typedef {import('./receiving.js').Context} Context
 * @typedef {import('./receiving.js').Received} Received
 * @typedef {import('./receiving.js').ReplayRow} ReplayRow
 * @typedef {import('./refusal.js').Refused} Refused
 * @typedef {import('./refusal.js').RefusalCode} RefusalCode
 * @typedef {import('../crypto/pqxdh.js').OwnPrekey} OwnPrekey
 * @typedef {import('../crypto/device-list.js').Identity} Identity
 */

export { decodePeer, decodeSkippedKey, encodePeer, encodeSkippedKey } from './peer-record.js';
export { changesBetween, emptyPeer, expire, markDead, selected } from './peer-sessions.js';
export { receive } from './receiving.js';
export { elide, encryptFor, ephemeralsLeft, initiateWith } from './sending.js';
